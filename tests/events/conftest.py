from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Organization
from core.actor import Actor
from events import dispatch
from events.types import RecordedEvent
from tests.events.trail import make_actor
from tests.factories.accounts import make_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def actor(organization: Organization) -> Actor:
    return make_actor(organization)


class Listener:
    """A subscriber that remembers what it was told, and fails as often as it is asked to."""

    def __init__(self) -> None:
        self.told: list[tuple[RecordedEvent, datetime]] = []
        self.failures = 0

    def __call__(self, *, event: RecordedEvent, now: datetime) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("as asked")
        self.told.append((event, now))


type Subscribe = Callable[..., Listener]


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Subscribe:
    """Subscribe a listener for the time of the test; no app's own subscriber is there."""
    monkeypatch.setattr(dispatch, "_handlers", {})

    def subscribe_listener(name: str = "listener", kind: str = "key.created") -> Listener:
        listener = Listener()
        dispatch.subscribe(kind=kind, name=name, handler=listener)
        return listener

    return subscribe_listener
