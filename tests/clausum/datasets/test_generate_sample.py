import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from clausum.datasets import generate_sample
from clausum.datasets.generate_sample import SAMPLE, make_rows
from clausum.datasets.rows import Row
from core.identifiers import clabe, email, ip, phone


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return make_rows()


def test_the_generator_writes_the_committed_file_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["generate_sample", str(tmp_path / "again.csv")])

    generate_sample.main()

    assert (tmp_path / "again.csv").read_bytes() == SAMPLE.read_bytes()


def test_the_file_is_small() -> None:
    assert SAMPLE.stat().st_size <= 150_000


def test_the_scenarios_are_in_it(rows: list[Row]) -> None:
    assert Counter((row.kind, row.label, row.scenario) for row in rows) == {
        ("payout", "0", ""): 353,
        ("pay_in", "0", ""): 107,
        ("payout", "1", "account_takeover"): 3,
        ("payout", "1", "fan_in_mule"): 14,
        ("payout", "1", "structuring"): 5,
        ("payout", "1", "invoice_fraud"): 2,
        ("pay_in", "1", "card_testing"): 14,
    }


def test_rows_are_numbered_in_time_order_over_forty_days(rows: list[Row]) -> None:
    times = [row.occurred_at for row in rows]
    span = datetime.fromisoformat(times[-1]) - datetime.fromisoformat(times[0])

    assert times == sorted(times)
    assert [row.event_id for row in rows] == [f"sample-{number:04}" for number in range(1, len(rows) + 1)]
    assert span.days == 39


def test_every_value_has_the_form_that_the_api_reads(rows: list[Row]) -> None:
    assert {row.currency for row in rows} == {"MXN"}
    assert all(clabe.is_valid(row.beneficiary_clabe) for row in rows if row.kind == "payout")
    assert all(ip.is_valid(row.ip) and phone.is_valid(row.phone) for row in rows if row.kind == "pay_in")
    assert all(email.is_valid(row.email) and row.email.endswith("@example.com") for row in rows)


def test_the_swapped_invoice_account_belongs_to_a_known_beneficiary(rows: list[Row]) -> None:
    [swapped] = {row.beneficiary_clabe for row in rows if row.scenario == "invoice_fraud"}
    [supplier] = {(row.beneficiary_id, row.name) for row in rows if row.scenario == "invoice_fraud"}
    before = {row.beneficiary_clabe for row in rows if (row.beneficiary_id, row.name) == supplier and row.label == "0"}

    assert len(before) == 1
    assert swapped not in before


def test_the_structured_payments_lie_just_below_the_limit_and_ordinary_ones_do_not(rows: list[Row]) -> None:
    band = range(4_500_000, 5_000_000)

    inside = [row.scenario for row in rows if row.kind == "payout" and int(row.amount_minor) in band]

    assert inside == ["structuring"] * 5


def test_the_mule_is_paid_by_fourteen_who_had_paid_somebody_before(rows: list[Row]) -> None:
    origins = [row.source_account for row in rows if row.scenario == "fan_in_mule"]
    known = {row.source_account for row in rows if row.label == "0"}

    assert len(set(origins)) == 14
    assert set(origins) <= known
