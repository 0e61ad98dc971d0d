"""Who is told of what: apps above subscribe when they are ready, and are told in a worker, at least once."""

from datetime import datetime
from typing import Protocol

from events.kinds import require_kind
from events.types import RecordedEvent


class Handler(Protocol):
    """Runs inside a unit of work of its own, which it shares with nobody; it must bear being told twice."""

    def __call__(self, *, event: RecordedEvent, now: datetime) -> object: ...


_handlers: dict[str, dict[str, Handler]] = {}


class SubscribedTwice(ValueError):
    """One kind has two subscribers of the same name."""


def subscribe(*, kind: str, name: str, handler: Handler) -> None:
    """Have the handler told of every event of this kind recorded from now on.

    `name` is stored with what is still to be told, so it must not change. Call it in `AppConfig.ready`.
    Raises UnknownEventKind and SubscribedTwice.
    """
    require_kind(kind)
    handlers = _handlers.setdefault(kind, {})
    if name in handlers:
        raise SubscribedTwice(f"{kind}: {name}")
    handlers[name] = handler


def list_subscribers(*, kind: str) -> list[str]:
    """Return the names of those who are told of this kind."""
    return list(_handlers.get(kind, ()))


def find_handler(*, kind: str, name: str) -> Handler | None:
    """Return the handler of that name, or None when no app subscribes it any more."""
    return _handlers.get(kind, {}).get(name)
