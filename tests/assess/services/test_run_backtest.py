"""A backtest over assessments that were really made: what it reproduces, how it goes on, how it ends."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from accounts.models import Membership
from assess import gathering, stored
from assess.backtests.tally import Tally, decode_tally
from assess.custom_rules import RuleStage
from assess.models import Backtest
from assess.policy import encode_policy
from assess.queries import BacktestNotFound
from assess.services import run_backtest as running
from assess.services.policy_drafts import DraftNotFound, start_draft
from assess.services.request_backtest import (
    MAXIMUM_RUNNING,
    BacktestChanged,
    TooManyBacktests,
    rename_backtest,
    request_backtest,
)
from assess.types import Baseline, NewBacktest
from blocklists.types import ListType, Severity
from core.clock import read_clock
from core.errors import ValidationFailed
from core.sql import Statement
from core.unit_of_work import unit_of_work
from events.models import Event
from jobs.models import Job
from jobs.services.cancel_job import cancel_job
from jobs.services.claim_job import claim_job
from jobs.services.run_step import run_step
from tests.assess.conftest import Caller
from tests.blocklists.factories import make_entry
from tests.factories.accounts import make_actor, make_member
from tests.factories.policies import current_policy, make_rule_row, publish_change, publish_rule
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(bank: Caller) -> Membership:
    return make_member(organization=bank.organization)


def act(member: Membership, service: Callable[..., Any], **fields: Any) -> Any:
    with unit_of_work():
        return service(actor=make_actor(member), now=read_clock(), **fields)


def want(**fields: Any) -> NewBacktest:
    now = read_clock()
    given: dict[str, Any] = {"name": "Prueba", "since": now - timedelta(days=7), "until": now + timedelta(days=1)}
    return NewBacktest(**(given | fields))


def request(member: Membership, **fields: Any) -> Backtest:
    if "draft_id" not in fields:
        fields.setdefault("version", current_policy(member).version)
    asked: Backtest = act(member, request_backtest, wanted=want(**fields), timezone="America/Mexico_City")
    return asked


def work(*, steps: int = 99) -> None:
    """Let a worker take steps until the job ends, or so many."""
    with unit_of_work():
        job = claim_job(at_once=9, now=read_clock())
    while job is not None and steps:
        with unit_of_work():
            job = run_step(job=job, now=read_clock())
        steps -= 1


def finish(row: Backtest) -> Tally:
    work()
    row.refresh_from_db()
    assert row.state == "done"
    return decode_tally(row.result)


def draft(member: Membership, **bands: int) -> Any:
    document = encode_policy(current_policy(member))
    document["payout"]["bands"] |= bands
    return act(
        member,
        start_draft,
        title="Más estricta",
        document=document,
        base_version=current_policy(member).version,
    )


def pay_variously(bank: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make payments of both flows that meet signals, lists and rules, some of them with look-ups that failed."""
    chance = random.Random(7)
    for number in range(24):
        amount = chance.choice([900, 25_000, 4_700_000, 4_800_000, 60_000_000])
        origin = {"account_id": f"acct-{number % 3}", "country": "MX"}
        name = chance.choice(["Proveedor Norte", "Nómina Sur", "Otra Persona"])
        clabe = chance.choice(["646180111800000004", "012180001234567899"])
        bank.payout(amount=amount, origin=origin, beneficiary={"name": name, "country": "MX", "clabe": clabe})
        email = chance.choice(["ana@example.com", "b@mailinator.com", "mala@example.com"])
        bank.payin(amount=amount, email=email, device={"ip": "203.0.113.9", "user_agent": "curl/8.5.0"})
    failing = Statement("SELECT 1/0", {})
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "make_prior_fraud_statement", lambda **_: failing)
        bank.payout(amount=4_900_000)
        bank.payin(amount=700_000, email="ana@example.com")


def test_real_assessments_are_reproduced_by_the_policy_that_decided_them(
    bank: Caller, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH_ROWS", 4)
    make_entry(organization=bank.organization, list_type=ListType.EMAIL, value="mala@example.com")
    make_entry(
        organization=bank.organization,
        list_type=ListType.CLABE,
        value="012180001234567899",
        severity=Severity.REVIEW.value,
    )
    publish_rule(admin, make_rule_row(admin, condition="payment.amount > 4000000", weight=35))
    publish_rule(admin, make_rule_row(admin, condition="signals.score > 10", action="challenge"), RuleStage.SHADOW)
    pay_variously(bank, monkeypatch)
    versions = [current_policy(admin).version]
    publish_change(admin, "payout", "bands", review=10)
    versions.append(current_policy(admin).version)
    pay_variously(bank, monkeypatch)
    decisions = set(Transaction.unscoped.values_list("decision", flat=True))
    assert decisions >= {"approve", "review", "decline"}
    for version in versions:
        tally = finish(request(admin, version=version))
        assert (tally.payments, tally.unreadable, tally.failed_lookups, tally.other_engine) == (100, 0, 4, 0)
        assert (tally.checked, tally.reproduced) == (50, 50)
        assert set(tally.rules) == {rule.id for rule in current_policy(admin).rules}


def test_a_stricter_draft_moves_payments_and_the_policy_in_force_can_be_what_it_is_held_against(
    bank: Caller, admin: Membership
) -> None:
    first = bank.payout()
    assert first["risk_score"] > 0
    stricter = draft(admin, review=1)
    tally = finish(request(admin, draft_id=stricter.id))
    assert msgspec.to_builtins(tally.cells) == {"approve>review|MXN|none": [1, 250_000]}
    assert tally.samples["approve>review|MXN"][0].transaction_id == first["transaction_id"]
    publish_change(admin, "payout", "bands", review=1)
    row = request(admin, draft_id=stricter.id, baseline=Baseline.CURRENT)
    assert row.baseline_version == current_policy(admin).version
    assert list(finish(row).cells) == ["review>review|MXN|none"]


def test_a_backtest_keeps_the_draft_as_it_was_when_it_was_asked_for(bank: Caller, admin: Membership) -> None:
    bank.payout()
    changed = draft(admin, review=1)
    row = request(admin, draft_id=changed.id)
    changed.document["payout"]["bands"]["review"] = 30
    changed.save()
    assert list(finish(row).cells) == ["approve>review|MXN|none"]


def test_a_killed_worker_costs_one_step_and_changes_no_figure(
    bank: Caller, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH_ROWS", 2)
    monkeypatch.setattr(running, "BATCHES_A_STEP", 1)
    for amount in range(1_000, 8_000, 1_000):
        bank.payout(amount=amount)
    whole, halting = request(admin), request(admin)
    expected = finish(whole)
    work(steps=2)
    job = Job.unscoped.get(id=halting.job_id)
    assert (job.done_count, job.total_count) == (4, 7)
    with pytest.raises(RuntimeError), unit_of_work():
        _die_in_a_step()
    Job.unscoped.filter(id=job.id).update(leased_until=read_clock())
    assert finish(halting) == expected
    assert expected.payments == 7


def _die_in_a_step() -> None:
    """Do the next step, and be gone before it is committed."""
    Job.unscoped.update(leased_until=read_clock())
    job = claim_job(at_once=9, now=read_clock())
    assert job is not None
    assert run_step(job=job, now=read_clock())
    raise RuntimeError("killed")


def test_a_cancelled_backtest_says_so_and_keeps_no_result(
    bank: Caller, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH_ROWS", 1)
    monkeypatch.setattr(running, "BATCHES_A_STEP", 1)
    for _ in range(3):
        bank.payout()
    row = request(admin)
    work(steps=1)
    act(admin, cancel_job, job_id=row.job_id)
    Job.unscoped.update(leased_until=read_clock())
    work()
    row.refresh_from_db()
    assert (row.state, row.result) == ("cancelled", None)
    assert row.finished_at is not None


def test_what_was_erased_is_counted_apart(bank: Caller, admin: Membership) -> None:
    bank.payout()
    gone = bank.payout()
    Transaction.unscoped.filter(id=gone["transaction_id"]).update(details={})
    tally = finish(request(admin))
    assert (tally.payments, tally.unreadable) == (1, 1)


def test_a_backtest_reads_no_payment_of_another_organization(bank: Caller, stranger: Caller, admin: Membership) -> None:
    bank.payout()
    stranger.payout()
    theirs = draft(make_member(organization=stranger.organization), review=1)
    with pytest.raises(DraftNotFound):
        request(admin, draft_id=theirs.id)
    assert finish(request(admin)).payments == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"version": 99}, "version"),
        ({"version": None}, "draft_id"),
        ({"since": read_clock() + timedelta(days=1)}, "until"),
        ({"since": read_clock() - timedelta(days=9), "until": read_clock() - timedelta(days=8)}, "since"),
    ],
)
def test_what_cannot_be_tried_is_refused_and_nothing_is_queued(
    bank: Caller, admin: Membership, fields: dict[str, Any], wrong: str
) -> None:
    bank.payout()
    with pytest.raises(ValidationFailed) as refusal:
        request(admin, **fields)
    assert list(refusal.value.details["fields"]) == [wrong]  # type: ignore[call-overload]
    assert (Backtest.unscoped.count(), Job.unscoped.count()) == (0, 0)


def test_a_period_of_too_many_payments_is_refused(
    bank: Caller, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assess.services.request_backtest.MAXIMUM_PAYMENTS", 1)
    bank.payout()
    bank.payout()
    with pytest.raises(ValidationFailed, match="more than 1 payments"):
        request(admin)
    assert Job.unscoped.count() == 0


def test_no_organization_fills_the_queue(bank: Caller, admin: Membership) -> None:
    bank.payout()
    for _ in range(MAXIMUM_RUNNING):
        request(admin)
    with pytest.raises(TooManyBacktests):
        request(admin)
    assert Job.unscoped.count() == MAXIMUM_RUNNING


def test_the_trail_tells_who_tried_what(bank: Caller, admin: Membership) -> None:
    bank.payout()
    row = request(admin)
    renamed = act(admin, rename_backtest, backtest_id=row.id, name=" Otra ", revision=0)
    assert (renamed.name, renamed.revision) == ("Otra", 1)
    events = Event.unscoped.filter(subject_id=str(row.id)).order_by("id")
    assert [event.kind for event in events] == ["backtest.requested", "backtest.renamed"]
    assert events[0].payload == {"draft_id": None, "version": 1, "payments": 1}
    assert events[1].payload == {"draft_id": None, "version": 1}


def test_a_name_is_not_changed_unseen_nor_by_a_stranger(bank: Caller, stranger: Caller, admin: Membership) -> None:
    bank.payout()
    row = request(admin)
    act(admin, rename_backtest, backtest_id=row.id, name="Otra", revision=0)
    with pytest.raises(BacktestChanged):
        act(admin, rename_backtest, backtest_id=row.id, name="Mía", revision=0)
    with pytest.raises(BacktestNotFound):
        act(
            make_member(organization=stranger.organization),
            rename_backtest,
            backtest_id=row.id,
            name="Suya",
            revision=1,
        )
    row.refresh_from_db()
    assert (row.name, row.revision) == ("Otra", 1)
