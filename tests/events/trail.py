"""Trails of events for tests: recorded, sealed, tampered with."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import Organization
from core.actor import Actor, ActorKind
from core.caller import Caller, current_caller
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event, Seal
from events.services.record import record
from events.services.seal_events import seal_events
from events.types import EventContent, HeadContent, Problem
from events.verification import DatabaseVerifier

NOW = datetime(2026, 11, 22, 18, 57, 51, 123, tzinfo=UTC)
SEED = bytes(range(32))
ORGANIZATION = "5b1f2c0e-6d1a-4a53-9a59-0f6c2b1f7d10"
PATIENCE = 200


def make_actor(organization: Organization, *, environment: Environment = Environment.SANDBOX) -> Actor:
    return Actor(
        organization_id=organization.id,
        environment=environment,
        kind=ActorKind.USER,
        id=uuid.UUID(int=7),
        name="admin",
    )


def record_event(actor: Actor, *, now: datetime = NOW, **changes: Any) -> uuid.UUID:
    """Record one event in a unit of work of its own."""
    with unit_of_work():
        return record(**(make_arguments(actor, now=now) | changes))


@contextmanager
def calling_from(address: str | None, *, request_id: str | None = None) -> Iterator[None]:
    """Do what is in the block as if a request from there had asked for it."""
    token = current_caller.set(Caller(address, request_id))
    try:
        yield
    finally:
        current_caller.reset(token)


def make_arguments(actor: Actor, *, now: datetime = NOW) -> dict[str, Any]:
    return {
        "actor": actor,
        "kind": "key.created",
        "subject_type": "api_key",
        "subject_id": "clm_sk_1",
        "payload": {"limit": 600, "permissions": ["*"]},
        "now": now,
    }


def record_trail(organization: Organization, *, events: int = 5) -> list[uuid.UUID]:
    """Record that many events, a transaction each, and seal them."""
    actor = make_actor(organization)
    ids = [record_event(actor, now=NOW + timedelta(seconds=second)) for second in range(events)]
    seal_all(organization)
    return ids


def seal_all(organization: Organization, **changes: Any) -> None:
    """Seal until every event is."""
    seal_until(organization, Event.unscoped.filter(organization=organization).count(), **changes)


def seal_until(organization: Organization, length: int, **changes: Any) -> None:
    """Seal until the chain is that long; other tests' transactions in this cluster may hold it up for a moment."""
    for _ in range(PATIENCE):
        seal_once(organization, **changes)
        if Seal.unscoped.filter(organization=organization).count() == length:
            return
        connection.cursor().execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the chain was not extended in ten seconds")


def seal_once(organization: Organization, **changes: Any) -> None:
    """Run the sealer until it sees nothing more to do."""
    has_more = True
    while has_more:
        with unit_of_work():
            has_more = seal_events(organization_id=organization.id, now=NOW, **changes)


def list_problems(organization: Organization, *, heads: tuple[HeadContent, ...] = (), now: datetime = NOW) -> list[str]:
    verifier = DatabaseVerifier(organization_id=organization.id, heads=heads)
    return [str(problem) for problem in verifier.verify(now=now)]


@contextmanager
def tampering(*statements: str, parameters: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Do to the tables what only their owner can, for the time of the block."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in ("events_event", "events_seal", "events_eventpersonaldata"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE events_seal DROP CONSTRAINT events_seal_of_event")
            for statement in statements:
                cursor.execute(statement, parameters or {})
        yield
        transaction.set_rollback(True)


def make_content(number: int, **changes: Any) -> EventContent:
    """Return the content of an event that is in no database."""
    content = {
        "id": str(uuid.UUID(int=number)),
        "organization": ORGANIZATION,
        "environment": "sandbox",
        "kind": "key.created",
        "actor_kind": "system",
        "actor_id": None,
        "actor_name": "test",
        "subject_type": "api_key",
        "subject_id": str(number),
        "payload": {"number": number},
        "personal_digest": None,
        "created_at": "2026-11-22T18:57:51.000123Z",
        "xid": str(700 + number),
    }
    return content | changes


def list_reasons(problems: Iterator[Problem]) -> list[str]:
    return [str(problem) for problem in problems]
