"""`manage.py replay`: a decision can be had again from what is stored."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assess.models import Assessment, AssessmentPolicy
from core.environments import Environment
from tests.assess.conftest import PAYOUT, Caller, make_payout
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def _replay(session_id: str, *options: str) -> str:
    out = StringIO()
    call_command("replay", session_id, *options, stdout=out)
    return out.getvalue()


def test_it_prints_the_identical_bytes(bank: Caller) -> None:
    for _ in range(3):
        response = bank.post(PAYOUT, make_payout(surprise=1), HTTP_ACCEPT_LANGUAGE="es-MX")
    found = json.loads(response.content)
    bank.payout()  # later history changes nothing
    assert _replay(found["session_id"]) == response.content.decode() + "\n"


def test_a_transaction_id_names_one_of_several(bank: Caller) -> None:
    first, _ = bank.payout(), bank.payout()
    assert json.loads(_replay(first["transaction_id"])) == first


def test_it_tells_what_todays_policy_would_change(bank: Caller) -> None:
    found = bank.payout()
    first = AssessmentPolicy.unscoped.get()
    document = json.loads(json.dumps(first.document))
    document["payout"]["weights"]["payout_first_beneficiary"] = 90
    AssessmentPolicy.objects.create(
        organization_id=bank.organization.id, environment=Environment.SANDBOX, version=2, document=document
    )
    printed = _replay(found["session_id"], "--policy", "current")
    assert "policy 1 -> 2" in printed
    assert "payout_first_beneficiary: 20 -> 90 (+70)" in printed
    assert bank.payout(origin={"account_id": "new"})["decision"] == "decline"


def test_bytes_that_differ_from_those_answered_are_an_error(bank: Caller) -> None:
    found = bank.payout()
    Assessment.unscoped.update(response=b"{}")
    with pytest.raises(CommandError, match="differ"):
        _replay(found["session_id"])


def test_an_altered_fact_changes_the_bytes(bank: Caller) -> None:
    found = bank.payout()
    row = Transaction.unscoped.get()
    row.details["beneficiary"]["flaws"] = {"clabe": "check_digit"}
    row.save(update_fields=["details"])
    with pytest.raises(CommandError, match="differ"):
        _replay(found["session_id"])


def test_an_unknown_session_is_said_so(bank: Caller) -> None:
    with pytest.raises(CommandError, match="No assessment"):
        _replay("ps_1_aaaaaaaaa")


def test_a_published_policy_is_never_changed(bank: Caller) -> None:
    bank.payout()
    with pytest.raises(Exception, match="never changed"):
        AssessmentPolicy.unscoped.update(document={})
