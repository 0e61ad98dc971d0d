"""The public examples of the contract, each as its page shows it, and what a bank's guide promises of a blocked CLABE."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from clausum.api.docs import make_document
from core.identifiers import clabe
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parents[1] / "fixtures" / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
GUIDE_CLABE = "012180001234567890"
"""The vendor's own sample, whose check digit is wrong (right: …7899)."""


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _call(world: World, name: str, **changes: Any) -> Any:
    """Make the example's call, its body exactly as written unless changed."""
    call = _read(name)["call"]
    headers: dict[str, Any] = world.headers(call["credential"])
    data = json.dumps(call["body"] | changes)
    return getattr(Client(), call["method"].lower())(
        call["path"], data=data, content_type="application/json", **headers
    )


def _list_block(world: World, **fields: Any) -> Any:
    return _call(world, "blocklist_add", list_type="clabe", value=GUIDE_CLABE, **fields)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_answered_as_its_page_says(name: str) -> None:
    expected = _read(name)["answer"]
    response = _call(World(), name)
    found = response.json()
    assert response.status_code == expected["status"]
    assert {field: found[field] for field in expected["equals"]} == expected["equals"]
    assert [field for field in expected["has"] if field not in found] == []
    assert [code for code in expected.get("signals", []) if code not in found["signals"]] == []
    warned = [warning["field"] for warning in found.get("field_warnings", [])]
    assert [field for field in expected.get("warned_fields", []) if field not in warned] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_keeps_the_recorded_schema(name: str) -> None:
    document, call = make_document(), _read(name)["call"]
    operation = document["paths"][call["path"]][call["method"].lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator({"components": document["components"]} | schema).validate(call["body"])


def test_the_guides_clabe_fails_its_check_digit_and_nothing_else() -> None:
    assert clabe.has_shape(GUIDE_CLABE)
    assert clabe.check_digit(GUIDE_CLABE[:17]) == "9"
    assert clabe.bank_name(GUIDE_CLABE) is not None


def test_a_payout_to_the_guides_clabe_is_decided_with_a_warning() -> None:
    response = _call(World(), "payout_bank_guide")
    found = response.json()
    assert (response.status_code, found["flow"], found["blocked_by"]) == (200, "payout", None)
    assert "payout_invalid_account" in found["signals"]
    warning = next(one for one in found["field_warnings"] if one["field"] == "beneficiary.clabe")
    assert warning == {"field": "beneficiary.clabe", "level": "doubtful", "message": "The check digit is wrong."}
    assert GUIDE_CLABE not in response.content.decode()


def test_once_listed_the_guides_clabe_is_declined_at_the_next_payout() -> None:
    world = World()
    before = _call(world, "payout_bank_guide").json()
    added = _list_block(world)
    assert (added.status_code, added.json()["flow_scope"], added.json()["value"]) == (201, "payout", GUIDE_CLABE)

    after = _call(world, "payout_bank_guide").json()
    assert before["decision"] != "decline"
    assert (after["decision"], after["risk_score"], after["blocked_by"]) == ("decline", 100, "blocklist:clabe")
    hit = next(detail for detail in after["signal_details"] if detail["code"] == "blocklist_clabe")
    assert hit["weight"] == 100
    assert after["signals"][0] == "blocklist_clabe"


def test_listed_for_pay_ins_only_it_touches_no_payout() -> None:
    world = World()
    assert _list_block(world, flow_scope="payin").status_code == 201
    found = _call(world, "payout_bank_guide").json()
    assert (found["blocked_by"], "blocklist_clabe" in found["signals"]) == (None, False)


def test_listed_by_a_stranger_it_touches_nobody_else() -> None:
    world = World()
    stranger = World()
    assert _list_block(stranger).status_code == 201
    assert _call(world, "payout_bank_guide").json()["blocked_by"] is None
    assert _call(stranger, "payout_bank_guide").json()["blocked_by"] == "blocklist:clabe"
