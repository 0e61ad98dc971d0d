"""`POST /api/v1/simulation[/payout]`: judged like the real thing at the same moment, counted nowhere (contract §15)."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from accounts.types import KeyType, Module, OrganizationType, Role
from assess.models import Assessment, AssessmentPolicy, IdempotencyKey, RuleHit
from assess.policies import load_policy
from assess.policy import Bands, default_policy, encode_policy
from assess.requests import ReleaseBody
from assess.services.release_attempt import release_attempt
from assess.services.replay_assessment import find_assessment, rescore
from blocklists.models import BlocklistHit
from blocklists.types import ListType, Severity
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.assess.conftest import PAYIN, PAYOUT, Caller, expect_ok, make_caller, make_payin, make_payout
from tests.assess.test_custom_rules import make_policy, make_rule
from tests.blocklists.factories import make_entry
from tests.factories.accounts import bearer, make_actor, make_api_key, make_member, session_token
from transactions.models import ActivitySummary, IdentityEvent, Transaction
from transactions.queries import list_amount_series

pytestmark = pytest.mark.django_db

SIMULATION = "/api/v1/simulation"
PAYOUTS = "/api/v1/simulation/payout"
OF_EACH_CALL = {"session_id", "transaction_id", "latency_ms"}
TAG = {"simulation", "policy_version"}
CLABE = "646180111800000004"


def post(caller: Caller, path: str, body: Any, *, role: Role = Role.ANALYST, **headers: str) -> Any:
    sent = bearer(caller.token(role)) | headers
    return Client().post(path, data=json.dumps(body), content_type="application/json", **sent)


def simulate(caller: Caller, path: str, body: Any, **headers: Any) -> dict[str, Any]:
    return expect_ok(post(caller, path, body, **headers))


def leave_out(answer: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in names}


def publish(caller: Caller, version: int, bands: Bands) -> None:
    """Put a version of the policy with these bands for payouts into the table, as a publication would."""
    policy = default_policy()
    part = msgspec.structs.replace(policy.payout, bands=bands)
    changed = msgspec.structs.replace(policy, payout=part, version=version)
    AssessmentPolicy.objects.create(
        organization_id=caller.organization.id,
        environment=Environment.SANDBOX,
        version=version,
        document=encode_policy(changed),
        reason="test",
    )


def test_a_payin_is_answered_as_the_real_one_at_the_same_moment_would_be(bank: Caller) -> None:
    body = make_payin(email="b@mailinator.com", order_id="o-1", device={"ip": "203.0.113.9"}, unheard_of=1)
    for _ in range(5):
        bank.payin(email="b@mailinator.com", device={"ip": "203.0.113.9"})
    simulated = simulate(bank, SIMULATION, body)
    real = expect_ok(bank.post(PAYIN, body))
    assert simulated["signals"] == ["high_velocity", "disposable_email"]
    assert leave_out(simulated, OF_EACH_CALL | TAG) == leave_out(real, OF_EACH_CALL)
    assert (simulated["simulation"], simulated["policy_version"]) == (True, 1)
    assert TAG.isdisjoint(real)


def test_a_payout_is_answered_as_the_real_one_at_the_same_moment_would_be(bank: Caller) -> None:
    make_entry(organization=bank.organization, list_type=ListType.CLABE, value=CLABE, severity=Severity.FLAG)
    for place in range(9):
        bank.payout(origin={"account_id": f"acct-{place + 2}", "country": "MX"})
    body = make_payout(amount=4_900_000)
    simulated = simulate(bank, PAYOUTS, body, HTTP_ACCEPT_LANGUAGE="es-MX")
    real = expect_ok(bank.post(PAYOUT, body, HTTP_ACCEPT_LANGUAGE="es-MX"))
    assert {"blocklist_clabe", "payout_beneficiary_fan_in", "payout_first_beneficiary"} <= set(simulated["signals"])
    assert leave_out(simulated, OF_EACH_CALL | TAG) == leave_out(real, OF_EACH_CALL)


def test_it_is_kept_with_its_tag_and_with_the_person_who_asked(bank: Caller) -> None:
    member = make_member(organization=bank.organization, role=Role.ANALYST)
    sent = bearer(session_token(member))
    answer = Client().post(PAYOUTS, json.dumps(make_payout()), content_type="application/json", **sent).json()
    row = Transaction.unscoped.get()
    assert (row.is_simulated, row.api_key_id, row.risk_score) == (True, None, answer["risk_score"])
    assert str(row.id) == answer["transaction_id"]
    event = Event.unscoped.get(kind="simulation.run")
    assert (event.subject_id, event.actor_id) == (str(row.id), member.user_id)
    assert event.payload == {"flow": "payout", "decision": "approve", "risk_score": 20, "policy_version": 1}
    assert not Event.unscoped.filter(kind__startswith="transaction.").exists()


def test_no_history_hit_key_or_wish_comes_of_it(bank: Caller) -> None:
    make_entry(organization=bank.organization, list_type=ListType.CLABE, value=CLABE)
    body = make_payout(order_id="o-1", payment_id="p-1", idempotency_key="k-1")
    answer = simulate(bank, PAYOUTS, body)
    assert (answer["decision"], answer["blocked_by"]) == ("decline", "blocklist:clabe")
    assert answer["idempotency_key"] == "k-1"
    left = (IdentityEvent, BlocklistHit, IdempotencyKey, ActivitySummary)
    assert [model.unscoped.count() for model in left] == [0, 0, 0, 0]
    assert list_amount_series(organization_id=bank.organization.id, environment=Environment.SANDBOX) == []


def test_a_rule_that_a_simulation_meets_has_no_hit_more(bank: Caller) -> None:
    policy = make_policy(make_rule(condition="payment.amount > 100", weight=15))
    load_policy(organization_id=bank.organization.id, environment=Environment.SANDBOX)
    AssessmentPolicy.objects.create(
        organization_id=bank.organization.id,
        environment=Environment.SANDBOX,
        version=2,
        document=encode_policy(policy),
    )
    answer = simulate(bank, PAYOUTS, make_payout())
    assert (answer["policy_version"], answer["risk_score"]) == (2, 35)
    assert "custom_rule:0000000a" in answer["signals"]
    assert RuleHit.unscoped.count() == 0
    bank.payout()
    assert RuleHit.unscoped.count() == 1


def test_ten_simulations_leave_no_trace_in_what_a_payment_is_judged_by(bank: Caller) -> None:
    bank.payin(email="calm@example.com")
    before = Assessment.unscoped.get().facts
    for _ in range(10):
        assert simulate(bank, SIMULATION, make_payin(email="calm@example.com"))["signals"] == []
    answer = bank.payin(email="calm@example.com")
    after = Assessment.unscoped.get(transaction_id=answer["transaction_id"]).facts
    assert before["histories"] == [{"kind": 1}]
    assert after["histories"] == [{"kind": 1, "events_1h": 1, "sum_24h_minor": 1500, "events_30d": 1, "hour_events": 1}]


def test_a_first_payment_stays_first_after_it_was_simulated(bank: Caller) -> None:
    simulate(bank, PAYOUTS, make_payout())
    assert "payout_first_beneficiary" in bank.payout()["signals"]


def test_a_key_that_a_simulation_named_is_free_for_the_payment(bank: Caller) -> None:
    body = make_payout(idempotency_key="k-1")
    first = simulate(bank, PAYOUTS, body)
    response = bank.post(PAYOUT, body)
    assert "Idempotency-Replayed" not in response
    assert expect_ok(response)["transaction_id"] != first["transaction_id"]
    assert simulate(bank, PAYOUTS, body, HTTP_IDEMPOTENCY_KEY="k-1")["simulation"] is True


def test_the_merchants_list_leaves_it_out_unless_it_is_asked_for(bank: Caller) -> None:
    real, simulated = bank.payout(), simulate(bank, PAYOUTS, make_payout())

    def listed(**query: str) -> list[str]:
        found = Client().get("/api/v1/merchant/transactions", query, **bearer(bank.key)).json()
        return [row["id"] for row in found["data"]]

    assert listed() == [real["transaction_id"]]
    assert listed(simulation="only") == [simulated["transaction_id"]]
    assert listed(simulation="include") == [simulated["transaction_id"], real["transaction_id"]]


def test_neither_a_release_nor_an_outcome_finds_it(bank: Caller) -> None:
    answer = simulate(bank, PAYOUTS, make_payout(order_id="o-1", payment_id="p-1"))
    actor = make_actor(make_member(organization=bank.organization))
    for body in (ReleaseBody(session_id=answer["session_id"]), ReleaseBody(order_id="o-1", payment_id="p-1")):
        with unit_of_work():
            assert release_attempt(actor=actor, body=body, now=read_clock()) is None
    path = f"/api/v1/merchant/transactions/{answer['transaction_id']}/outcome"
    assert bank.post(path, {"outcome": "released"}).status_code == 400
    assert Transaction.unscoped.get().outcome is None


def test_another_version_of_the_policy_decides_when_it_is_asked_for(bank: Caller) -> None:
    bank.payout(origin={"account_id": "acct-9"})
    publish(bank, 2, Bands(review=10, challenge=15, decline=20))
    in_force = simulate(bank, PAYOUTS, make_payout())
    earlier = simulate(bank, f"{PAYOUTS}?policy_version=1", make_payout())
    assert [(found["policy_version"], found["decision"]) for found in (in_force, earlier)] == [
        (2, "decline"),
        (1, "approve"),
    ]
    assert in_force["risk_score"] == earlier["risk_score"] == 20
    load_policy(organization_id=bank.organization.id, environment=Environment.SANDBOX)
    assert bank.payout(origin={"account_id": "acct-8"})["decision"] == "decline"


@pytest.mark.parametrize("version", ["7", "0", "-1", "x", "1.0", "9999999999", "", " 1"])
def test_a_version_that_the_policy_never_had_is_refused_and_nothing_is_kept(bank: Caller, version: str) -> None:
    response = post(bank, f"{PAYOUTS}?policy_version={version}", make_payout())
    assert response.status_code == 400
    assert list(response.json()["error"]["details"]["fields"]) == ["policy_version"]
    assert (Transaction.unscoped.count(), Event.unscoped.filter(kind="simulation.run").count()) == (0, 0)


def test_a_stored_simulation_gives_its_bytes_again(bank: Caller) -> None:
    response = post(bank, PAYOUTS, make_payout())
    stored = find_assessment(name=response.json()["transaction_id"])
    assert stored is not None
    assert rescore(stored, version=1).body == stored.response == response.content


def test_what_only_the_browser_saw_is_merged(bank: Caller) -> None:
    key = make_api_key(organization=bank.organization, key_type=KeyType.PUBLISHABLE)[1]
    seen = Caller(bank.organization, key).payin(behavior={"mouse_movements": 0, "keystrokes": 4})
    answer = simulate(bank, SIMULATION, make_payin(session_id=seen["session_id"]))
    assert (answer["session_id"], answer["signals"]) == (seen["session_id"], ["no_mouse_movement"])


def test_a_session_that_only_a_simulation_had_is_unknown_to_a_payment(bank: Caller) -> None:
    answer = simulate(bank, SIMULATION, make_payin())
    assert bank.payin(session_id=answer["session_id"])["session_id"] != answer["session_id"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (SIMULATION, {"currency": "MXN"}, "amount"),
        (SIMULATION, {"amount": "15", "currency": "MXN"}, "amount"),
        (PAYOUTS, {"amount": 15, "currency": "MXN", "beneficiary": {}}, "beneficiary"),
        (PAYOUTS, {"amount": 15, "currency": "MXN", "beneficiary": {"clabe": "12"}}, "beneficiary.clabe"),
    ],
)
def test_a_body_that_the_real_thing_refuses_is_refused_here(
    bank: Caller, path: str, body: dict[str, Any], field: str
) -> None:
    response = post(bank, path, body)
    real = bank.post({SIMULATION: PAYIN, PAYOUTS: PAYOUT}[path], body)
    assert response.status_code == 400
    assert response.json() == real.json()
    assert list(response.json()["error"]["details"]["fields"]) == [field]
    assert Transaction.unscoped.count() == 0


@pytest.mark.parametrize(("path", "module"), [(SIMULATION, Module.PREVENTION), (PAYOUTS, Module.INSTITUTIONAL)])
def test_a_flow_that_is_not_contracted_is_not_simulated(db: None, path: str, module: Module) -> None:
    others = [each.value for each in Module if each is not module]
    caller = make_caller(organization_type=OrganizationType.BANK.value, modules=others)
    response = post(caller, path, make_payout())
    assert (response.status_code, response.json()["error"]["details"]) == (403, {"module": module.value})
    assert Transaction.unscoped.count() == 0


def test_a_viewer_may_not_simulate(bank: Caller) -> None:
    response = post(bank, PAYOUTS, make_payout(), role=Role.VIEWER)
    assert (response.status_code, Transaction.unscoped.count()) == (403, 0)


def test_the_other_organizations_and_environments_past_is_not_seen(bank: Caller, stranger: Caller) -> None:
    make_entry(organization=bank.organization, list_type=ListType.CLABE, value=CLABE)
    assert simulate(bank, PAYOUTS, make_payout())["decision"] == "decline"
    assert simulate(stranger, PAYOUTS, make_payout())["decision"] == "approve"
    live = simulate(bank, f"{PAYOUTS}?environment=production", make_payout())
    assert live["decision"] == "approve"
    row = Transaction.unscoped.get(pk=live["transaction_id"])
    assert (row.environment, row.organization_id) == ("production", bank.organization.id)


def test_a_flow_in_maintenance_can_still_be_simulated(db: None) -> None:
    caller = make_caller(maintenance_payout=True)
    assert caller.post(PAYOUT, make_payout()).status_code == 503
    assert simulate(caller, PAYOUTS, make_payout())["simulation"] is True


def test_a_moment_of_the_past_is_not_asked_about(bank: Caller) -> None:
    past = (read_clock() - timedelta(days=3)).isoformat()
    simulate(bank, PAYOUTS, make_payout(), HTTP_X_CLAUSUM_AS_OF=past)
    assert read_clock() - Transaction.unscoped.get().occurred_at < timedelta(minutes=1)
