import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Organization
from core.actor import Actor
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events import dispatch
from events.models import PendingEvent, WorkerHeartbeat
from events.services.deliver_event import Claim, SubscriberGone, claim_delivery, deliver_event
from events.types import RecordedEvent
from tests.events.conftest import Subscribe
from tests.events.trail import NOW, record_event

LATER = NOW + timedelta(seconds=5)


def _claim(*, now: object = NOW) -> Claim | None:
    with unit_of_work():
        return claim_delivery(now=now)  # type: ignore[arg-type]


def _deliver(claim: Claim) -> bool:
    with unit_of_work():
        return deliver_event(claim=claim, now=LATER)


def test_a_claim_counts_the_attempt_before_it_is_made(
    organization: Organization, actor: Actor, subscribe: Subscribe
) -> None:
    subscribe()
    event_id = record_event(actor)
    assert _claim() == Claim(event_id, "listener", organization.id, Environment.SANDBOX, 1)
    row = PendingEvent.unscoped.get()
    assert (row.attempts, row.not_before) == (1, NOW + timedelta(seconds=30))
    assert _claim() is None
    second = _claim(now=NOW + timedelta(seconds=30))
    assert second is not None
    assert second.attempts == 2
    assert PendingEvent.unscoped.get().not_before == NOW + timedelta(seconds=90)


def test_nothing_is_claimed_before_its_time(actor: Actor, subscribe: Subscribe) -> None:
    subscribe()
    record_event(actor)
    assert _claim(now=NOW - timedelta(seconds=1)) is None
    assert PendingEvent.unscoped.get().attempts == 0


def test_the_subscriber_is_told_the_whole_event_and_the_time(
    organization: Organization, actor: Actor, subscribe: Subscribe
) -> None:
    listener = subscribe()
    event_id = record_event(actor)
    claim = _claim()
    assert claim is not None
    assert _deliver(claim) is True
    event = RecordedEvent(
        id=event_id,
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        kind="key.created",
        actor_kind="user",
        actor_id=uuid.UUID(int=7),
        actor_name="admin",
        subject_type="api_key",
        subject_id="clm_sk_1",
        payload={"limit": 600, "permissions": ["*"]},
        created_at=NOW,
    )
    assert listener.told == [(event, LATER)]
    assert PendingEvent.unscoped.count() == 0


def test_what_was_delivered_by_another_worker_is_not_delivered_again(actor: Actor, subscribe: Subscribe) -> None:
    listener = subscribe()
    record_event(actor)
    claim = _claim()
    assert claim is not None
    assert [_deliver(claim), _deliver(claim)] == [True, False]
    assert len(listener.told) == 1


def test_what_a_failing_subscriber_did_is_undone_and_it_is_told_again(
    actor: Actor, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = subscribe()
    listener.failures = 1

    def work_and_fail(**arguments: object) -> None:
        WorkerHeartbeat.objects.create(name="done by the handler", seen_at=NOW)
        listener(**arguments)  # type: ignore[arg-type]

    monkeypatch.setitem(dispatch._handlers["key.created"], "listener", work_and_fail)
    record_event(actor)
    claim = _claim()
    assert claim is not None
    with pytest.raises(RuntimeError, match="as asked"):
        _deliver(claim)
    assert PendingEvent.unscoped.get().attempts == 1
    assert WorkerHeartbeat.objects.count() == 0
    again = _claim(now=NOW + timedelta(seconds=30))
    assert again is not None
    _deliver(again)
    assert len(listener.told) == 1
    assert WorkerHeartbeat.objects.count() == 1


def test_a_subscriber_that_is_gone_leaves_its_delivery_waiting(
    actor: Actor, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe()
    record_event(actor)
    claim = _claim()
    assert claim is not None
    monkeypatch.setattr(dispatch, "_handlers", {})
    with pytest.raises(SubscriberGone):
        _deliver(claim)
    assert PendingEvent.unscoped.count() == 1


def test_a_claim_under_another_organization_is_told_nothing(actor: Actor, subscribe: Subscribe) -> None:
    listener = subscribe()
    record_event(actor)
    claim = _claim()
    assert claim is not None
    with pytest.raises(LookupError):
        _deliver(replace(claim, organization_id=uuid.uuid4()))
    assert listener.told == []
    assert PendingEvent.unscoped.count() == 1
