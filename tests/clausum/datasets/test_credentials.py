import json
from pathlib import Path
from typing import Any

import pytest

from clausum.datasets.credentials import Credentials, NoCredentials, choose_credentials
from transactions.types import Flow


def write_demo(folder: Path, *types: str) -> Path:
    organizations: list[dict[str, Any]] = [
        {
            "id": "1",
            "name": kind,
            "organization_type": kind,
            "keys": {"secret": f"key-{kind}", "ingest": "i"},
            "users": [],
        }
        for kind in types
    ]
    path = folder / "demo.json"
    path.write_text(json.dumps({"base_url": "http://127.0.0.1:8001", "organizations": organizations}))
    return path


def test_the_demo_gives_the_banks_key_for_payouts_and_the_merchants_for_pay_ins(tmp_path: Path) -> None:
    chosen = choose_credentials(base_url=None, key=None, demo_file=write_demo(tmp_path, "banco", "comercio", "psp"))

    assert chosen == Credentials(
        base_url="http://127.0.0.1:8001", keys={Flow.PAYOUT: "key-banco", Flow.PAYIN: "key-comercio"}
    )


def test_a_key_given_serves_both_flows_and_needs_no_demo(tmp_path: Path) -> None:
    chosen = choose_credentials(base_url="http://host", key="mine", demo_file=tmp_path / "none.json")

    assert chosen == Credentials(base_url="http://host", keys={Flow.PAYOUT: "mine", Flow.PAYIN: "mine"})


def test_a_key_given_may_be_used_at_the_demos_address(tmp_path: Path) -> None:
    chosen = choose_credentials(base_url=None, key="mine", demo_file=write_demo(tmp_path))

    assert (chosen.base_url, chosen.keys[Flow.PAYOUT]) == ("http://127.0.0.1:8001", "mine")


def test_an_address_given_wins_over_the_demos(tmp_path: Path) -> None:
    demo_file = write_demo(tmp_path, "banco", "comercio")

    assert choose_credentials(base_url="http://host", key=None, demo_file=demo_file).base_url == "http://host"


def test_without_a_demo_and_a_key_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoCredentials, match=r"start \./run, or give --base-url and a key"):
        choose_credentials(base_url="http://host", key=None, demo_file=tmp_path / "none.json")


def test_a_demo_without_a_bank_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(NoCredentials, match="has no organization of type banco"):
        choose_credentials(base_url=None, key=None, demo_file=write_demo(tmp_path, "comercio"))
