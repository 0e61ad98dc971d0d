"""The workers' side, with real commits."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs

from accounts.models import Organization
from core.actor import Actor
from events import tasks
from events.models import PendingEvent, Seal, WorkerHeartbeat
from events.services import seal_events as seals
from tests.events.conftest import Subscribe
from tests.events.trail import NOW, list_problems, make_actor, record_event, seal_all
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def _dispatch(**later: float) -> None:
    with time_machine.travel(NOW + timedelta(**later), tick=False):
        tasks.dispatch_events()


def test_every_chain_that_lags_is_extended(organization: Organization) -> None:
    stranger = make_organization()
    for owner in (organization, stranger, organization):
        record_event(make_actor(owner))
    for _ in range(200):
        with time_machine.travel(NOW, tick=False):
            tasks.seal_events()
        if Seal.unscoped.count() == 3:
            break
    assert list(Seal.unscoped.order_by("organization", "sequence").values_list("sealed_at", flat=True)) == [NOW] * 3
    assert list_problems(organization) == []
    assert list_problems(stranger) == []


def test_a_chain_that_cannot_be_extended_does_not_hold_up_another(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = make_organization()
    for owner in (organization, stranger):
        record_event(make_actor(owner))
    real = seals.seal_events

    def fail_for_one(**arguments: Any) -> bool:
        if arguments["organization_id"] == organization.id:
            raise RuntimeError("a name that must not be logged")
        return real(**arguments)

    monkeypatch.setattr(seals, "seal_events", fail_for_one)
    for _ in range(200):
        with capture_logs() as logs:
            tasks.seal_events()
        if Seal.unscoped.count() == 1:
            break
    assert Seal.unscoped.get().organization_id == stranger.id
    assert logs == [
        {
            "event": "chain_not_extended",
            "organization_id": str(organization.id),
            "error": "RuntimeError",
            "log_level": "error",
        }
    ]
    monkeypatch.undo()
    seal_all(organization)


def test_subscribers_are_told_once_each(actor: Actor, subscribe: Subscribe) -> None:
    first, second = subscribe("first"), subscribe("second")
    event_id = record_event(actor)
    _dispatch()
    _dispatch(hours=1)
    assert [event.id for event, _ in first.told] == [event_id]
    assert [event.id for event, _ in second.told] == [event_id]
    assert PendingEvent.unscoped.count() == 0


def test_one_that_fails_is_told_again_later_and_holds_nobody_up(actor: Actor, subscribe: Subscribe) -> None:
    failing, other = subscribe("failing"), subscribe("other")
    failing.failures = 2
    event_id = record_event(actor)
    with capture_logs() as logs:
        _dispatch()
    assert logs == [
        {
            "event": "event_not_delivered",
            "event_id": str(event_id),
            "subscriber": "failing",
            "attempts": 1,
            "error": "RuntimeError",
            "log_level": "error",
        }
    ]
    assert len(other.told) == 1
    _dispatch(seconds=29)
    assert failing.failures == 1
    _dispatch(seconds=30)
    assert (failing.failures, len(failing.told)) == (0, 0)
    _dispatch(seconds=89)
    assert failing.told == []
    _dispatch(seconds=90)
    assert [event.id for event, _ in failing.told] == [event_id]
    assert len(other.told) == 1
    assert PendingEvent.unscoped.count() == 0


def test_a_run_ends_when_its_share_is_done(actor: Actor, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = subscribe()
    monkeypatch.setattr(tasks, "DELIVERIES_PER_RUN", 2)
    for _ in range(3):
        record_event(actor)
    _dispatch()
    assert len(listener.told) == 2
    _dispatch()
    assert len(listener.told) == 3


def test_the_workers_beat_is_noted() -> None:
    with time_machine.travel(NOW, tick=False):
        tasks.beat_heart()
    assert list(WorkerHeartbeat.objects.values_list("seen_at", flat=True)) == [NOW]
