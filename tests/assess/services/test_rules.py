"""Rules from their first text to their retirement, and the guard that takes one back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.types import Role
from assess.custom_rules import RuleStage
from assess.models import PolicyDraft, Rule, RuleHit
from assess.rule_queries import RuleNotFound, read_facts
from assess.services.guard_rules import LEAST_HITS, guard_rule
from assess.services.policy_drafts import AnalystsNotHeard, propose_draft, start_draft, take_back_draft
from assess.services.policy_settings import change_policy_settings
from assess.services.rules import (
    ConditionInvalid,
    RuleChanged,
    RuleInUse,
    RuleProposed,
    change_rule,
    make_moved_document,
    make_staged_document,
    remove_rule,
)
from assess.tasks import guard_rules
from core.clock import read_clock
from core.errors import Forbidden, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.assess.conftest import Caller
from tests.factories.accounts import make_actor, make_member, make_organization
from tests.factories.policies import (
    GREAT_IMPACT,
    NO_IMPACT,
    current_policy,
    make_new_rule,
    make_rule_row,
    publish_document,
    publish_rule,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(bank: Caller) -> Membership:
    return make_member(organization=bank.organization, role=Role.ADMIN)


def change(member: Membership, row: Rule, revision: int = 1, **fields: Any) -> Rule:
    with unit_of_work():
        return change_rule(
            actor=make_actor(member),
            rule_id=row.id,
            rule=make_new_rule(**fields),
            revision=revision,
            now=read_clock(),
        )


def remove(member: Membership, row: Rule) -> None:
    with unit_of_work():
        remove_rule(actor=make_actor(member), rule_id=row.id, now=read_clock())


def states(row: Rule) -> tuple[str, int, int | None]:
    row.refresh_from_db()
    return row.state, row.revision, row.published_revision


def test_a_rule_begins_as_a_draft_in_its_canonical_text(admin: Membership, bank: Caller) -> None:
    row = make_rule_row(admin, condition="payment.amount>100&&(payment.currency=='MXN')")
    assert row.condition == "payment.amount > 100 && payment.currency == 'MXN'"
    assert states(row) == ("draft", 1, None)
    assert f"custom_rule:{row.code}" not in bank.payout()["signals"]
    event = Event.unscoped.get(kind="rule.added")
    assert event.payload == {
        "code": row.code,
        "after": {"flow": "payout", "action": "score", "weight": 35, "guard_percent": None},
    }
    assert EventPersonalData.unscoped.get(event_id=event.id).data["after"]["condition"] == row.condition


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"condition": "payment.amont > 1"}, "condition"),
        ({"condition": "payer.email == 'a'"}, "condition"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"flow": "sideways"}, "flow"),
        ({"action": "explode"}, "action"),
        ({"weight": 101}, "weight"),
        ({"guard_percent": 0}, "guard_percent"),
        ({"description": "a\x00"}, "description"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_beside_its_field(admin: Membership, fields: Any, field: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        make_rule_row(admin, **fields)
    said: Any = refusal.value.details["fields"]
    assert list(said) == [field]
    assert not Rule.unscoped.exists()
    assert not Event.unscoped.filter(kind="rule.added").exists()


def test_a_faulty_condition_is_refused_with_its_place_and_without_its_text(admin: Membership) -> None:
    with pytest.raises(ConditionInvalid) as refusal:
        make_rule_row(admin, condition="payment.amount > 1 &&\n secreto.x == 1")
    details = refusal.value.details
    assert (details["line"], details["column"], details["fault"]) == (2, 2, "field")


def test_what_is_published_stays_until_the_change_is_published_too(admin: Membership, bank: Caller) -> None:
    row = make_rule_row(admin)
    publish_rule(admin, row)
    assert states(row) == ("active", 1, 1)
    change(admin, row, condition="payment.amount > 999999999")
    assert states(row) == ("active", 2, 1)
    assert f"custom_rule:{row.code}" in bank.payout()["signals"]
    publish_rule(admin, row)
    assert states(row) == ("active", 2, 2)
    assert f"custom_rule:{row.code}" not in bank.payout(payment_id="p-2")["signals"]


def test_a_rule_goes_through_shadow_to_retirement(admin: Membership, bank: Caller) -> None:
    row = make_rule_row(admin, action="block")
    publish_rule(admin, row, RuleStage.SHADOW)
    assert states(row) == ("shadow", 1, 1)
    assert bank.payout()["blocked_by"] is None
    publish_rule(admin, row, RuleStage.ACTIVE)
    assert bank.payout(payment_id="p-2")["blocked_by"] == f"rule:{row.code}"
    publish_rule(admin, row, None)
    assert states(row) == ("retired", 1, None)
    assert bank.payout(payment_id="p-3")["blocked_by"] is None
    with pytest.raises(RuleInUse):
        remove(admin, row)


def test_a_rule_changed_by_another_meanwhile_is_refused_with_both(admin: Membership) -> None:
    row = make_rule_row(admin)
    change(admin, row, weight=10)
    with pytest.raises(RuleChanged) as refusal:
        change(admin, row, weight=20)
    assert refusal.value.details["fields"] == {"weight": {"theirs": 10, "yours": 20}}
    assert states(row)[1] == 2
    assert change(admin, row, revision=0, weight=10).revision == 2


def test_a_draft_is_deleted_and_told(admin: Membership) -> None:
    row = make_rule_row(admin)
    remove(admin, row)
    assert not Rule.unscoped.exists()
    assert Event.unscoped.get(kind="rule.removed").payload["code"] == row.code


def propose_rule(member: Membership, row: Rule, **fields: Any) -> PolicyDraft:
    policy = current_policy(member)
    document = make_staged_document(policy=policy, rule=read_facts(row), stage=RuleStage.ACTIVE)
    given: dict[str, Any] = {"actor": make_actor(member), "now": read_clock()}
    with unit_of_work():
        draft = start_draft(**given, title="Activar", document=document, base_version=policy.version)
        return propose_draft(**given, draft_id=draft.id, reason="prueba", **({"impact": GREAT_IMPACT} | fields))


def test_a_rule_that_waits_to_be_published_is_not_deleted(admin: Membership) -> None:
    waiting: dict[str, Any] = {"impact": NO_IMPACT, "publish_at": read_clock() + timedelta(hours=1)}
    for fields, state in (({}, "proposed"), (waiting, "scheduled")):
        row = make_rule_row(admin)
        draft = propose_rule(admin, row, **fields)
        assert draft.state == state
        with pytest.raises(RuleProposed) as refusal:
            remove(admin, row)
        assert refusal.value.details == {"draft_id": str(draft.id)}
        assert states(row) == ("draft", 1, None)
        assert not Event.unscoped.filter(kind="rule.removed", subject_id=str(row.id)).exists()
        with unit_of_work():
            take_back_draft(actor=make_actor(admin), draft_id=draft.id, now=read_clock())
        remove(admin, row)
        assert not Rule.unscoped.exists()


def test_what_another_organization_proposes_keeps_no_rule(admin: Membership) -> None:
    stranger = make_member(organization=make_organization(), role=Role.ADMIN)
    ours, theirs = make_rule_row(admin), make_rule_row(stranger)
    Rule.unscoped.filter(id=theirs.id).update(code=ours.code)
    theirs.refresh_from_db()
    propose_rule(stranger, theirs)
    remove(admin, ours)
    assert Rule.unscoped.get().id == theirs.id


def test_an_analyst_writes_where_heard_and_deletes_only_their_own(admin: Membership) -> None:
    analyst = make_member(organization=admin.organization, role=Role.ANALYST)
    theirs, ours = make_rule_row(analyst), make_rule_row(admin)
    with pytest.raises(Forbidden):
        remove(analyst, ours)
    remove(analyst, theirs)
    with unit_of_work():
        change_policy_settings(
            actor=make_actor(admin),
            second_person_percent=5,
            are_analysts_heard=False,
            revision=0,
            now=read_clock(),
        )
    with pytest.raises(AnalystsNotHeard):
        make_rule_row(analyst)
    assert Rule.unscoped.get().id == ours.id


def test_a_stranger_finds_no_rule(admin: Membership) -> None:
    row = make_rule_row(admin)
    stranger = make_member(organization=make_organization())
    with pytest.raises(RuleNotFound):
        change(stranger, row)
    with pytest.raises(RuleNotFound):
        remove(stranger, row)
    assert states(row) == ("draft", 1, None)


def test_rules_are_put_in_another_order(admin: Membership) -> None:
    rows = [make_rule_row(admin, name=f"Regla {n}") for n in range(3)]
    for row in rows:
        publish_rule(admin, row)
    publish_document(admin, make_moved_document(policy=current_policy(admin), code=rows[2].code, steps=-5))
    assert [rule.id for rule in current_policy(admin).rules] == [rows[2].code, rows[0].code, rows[1].code]
    change(admin, rows[0], weight=10)
    publish_rule(admin, rows[0])
    assert [rule.id for rule in current_policy(admin).rules] == [rows[2].code, rows[0].code, rows[1].code]
    with pytest.raises(RuleNotFound):
        make_moved_document(policy=current_policy(admin), code="ffffffff", steps=1)


def test_a_publication_leaves_the_rules_alone_that_stand_as_before(admin: Membership) -> None:
    rows = [make_rule_row(admin, name=f"Regla {n}") for n in range(4)]
    for row in rows[:3]:
        publish_rule(admin, row)
    publish_rule(admin, rows[2], None)
    before = {row.id: row.updated_at for row in Rule.unscoped.all()}
    publish_rule(admin, rows[1], RuleStage.SHADOW)
    after = {row.id: row.updated_at for row in Rule.unscoped.all()}
    assert [row.id for row in rows if before[row.id] != after[row.id]] == [rows[1].id]
    assert [states(row) for row in rows] == [
        ("active", 1, 1),
        ("shadow", 1, 1),
        ("retired", 1, None),
        ("draft", 1, None),
    ]


def make_guarded(admin: Membership, bank: Caller, *, payouts: int = 6, percent: int = 50) -> Rule:
    row = make_rule_row(admin, guard_percent=percent)
    publish_rule(admin, row)
    for number in range(payouts):
        bank.payout(payment_id=f"p-{number}")
    return row


def test_a_rule_that_meets_too_much_of_an_hour_goes_back_to_shadow_by_itself(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank)
    guard_rules()
    guard_rules()
    assert states(row) == ("shadow", 1, 1)
    assert row.guarded_at is not None
    assert current_policy(admin).rules[0].is_shadow
    assert f"custom_rule:{row.code}" not in bank.payout(payment_id="p-99")["signals"]
    event = Event.unscoped.get(kind="rule.guarded")
    assert event.payload == {"code": row.code, "hits": 6, "payments": 6, "guard_percent": 50}
    assert event.actor_kind == "system"


def test_a_guard_takes_back_what_is_published_and_not_the_draft(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank)
    change(admin, row, guard_percent=50, condition="payment.amount > 5")
    guard_rules()
    assert (current_policy(admin).rules[0].condition, states(row)) == ("payment.amount > 100", ("shadow", 2, 1))


def test_a_draft_of_the_guard_neither_switches_it_off_nor_trips_it(admin: Membership, bank: Caller) -> None:
    on = make_guarded(admin, bank)
    change(admin, on, guard_percent=None)
    off, wide = make_rule_row(admin), make_rule_row(admin, guard_percent=100)
    for row in (off, wide):
        publish_rule(admin, row)
    for number in range(LEAST_HITS):
        bank.payout(payment_id=f"q-{number}")
    change(admin, off, guard_percent=1)
    change(admin, wide, guard_percent=1)
    guard_rules()
    assert [states(row)[0] for row in (on, off, wide)] == ["shadow", "active", "active"]
    event = Event.unscoped.get(kind="rule.guarded")
    assert event.payload == {"code": on.code, "hits": 11, "payments": 11, "guard_percent": 50}


def test_a_draft_of_the_flow_does_not_change_what_a_guard_counts(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank, percent=100)
    change(admin, row, guard_percent=100, flow="payin")
    guard_rules()
    assert states(row)[0] == "active"


def test_a_rule_that_is_active_again_is_judged_by_its_new_hits_only(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank)
    guard_rules()
    publish_rule(admin, row)
    guard_rules()
    assert states(row)[0] == "active"
    for number in range(LEAST_HITS):
        bank.payout(payment_id=f"q-{number}")
    guard_rules()
    assert states(row)[0] == "shadow"
    counted = Event.unscoped.filter(kind="rule.guarded").order_by("id").last()
    assert counted is not None
    assert counted.payload == {"code": row.code, "hits": 5, "payments": 5, "guard_percent": 50}


def test_a_guard_finds_no_rule_of_another_organization(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank)
    stranger = make_member(organization=make_organization())
    with unit_of_work(), pytest.raises(RuleNotFound):
        guard_rule(actor=make_actor(stranger), rule_id=row.id, now=read_clock())
    assert states(row)[0] == "active"


def test_a_few_hits_are_no_reason_to_count_the_payments(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank, payouts=LEAST_HITS - 1, percent=1)
    with CaptureQueriesContext(connection) as asked, unit_of_work():
        assert not guard_rule(actor=make_actor(admin), rule_id=row.id, now=read_clock())
    assert not any("transactions_transaction" in query["sql"] for query in asked)
    assert not any("FOR UPDATE" in query["sql"] for query in asked)


@pytest.mark.parametrize(("payouts", "percent"), [(4, 1), (6, 100)])
def test_a_guard_waits_for_enough_hits_and_for_its_limit(
    admin: Membership, bank: Caller, payouts: int, percent: int
) -> None:
    row = make_guarded(admin, bank, payouts=payouts, percent=percent)
    guard_rules()
    assert states(row)[0] == "active"


def test_a_guard_looks_at_the_last_hour_only(admin: Membership, bank: Caller) -> None:
    row = make_guarded(admin, bank)
    RuleHit.unscoped.update(hit_at=read_clock() - timedelta(hours=1, seconds=1))
    guard_rules()
    assert states(row)[0] == "active"


def test_a_rule_without_a_guard_is_left_alone(admin: Membership, bank: Caller) -> None:
    row = make_rule_row(admin)
    publish_rule(admin, row)
    for number in range(6):
        bank.payout(payment_id=f"p-{number}")
    guard_rules()
    assert states(row)[0] == "active"
