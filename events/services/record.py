"""Records what was done, in the transaction that does it: the audit trail's only way in."""

import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.caller import current_caller
from core.ids import make_uuid7
from core.sql import Statement, run_statements
from core.unit_of_work import after_commit, service
from events.dispatch import list_subscribers
from events.kinds import require_kind
from events.rules.canonical_json import encode_canonical, require_plain
from events.rules.personal_data import SALT_BYTES, digest_personal_data
from events.services.poke import poke_dispatch

_INSERT_EVENT = """
INSERT INTO events_event (id, organization_id, environment, kind, actor_kind, actor_id, actor_name, subject_type,
                          subject_id, payload, personal_digest, created_at, address, request_id)
VALUES (%(event_id)s, %(organization_id)s, %(environment)s, %(kind)s, %(actor_kind)s, %(actor_id)s, %(actor_name)s,
        %(subject_type)s, %(subject_id)s, %(payload)s, %(personal_digest)s, %(now)s,
        %(address)s, %(request_id)s)
"""

_INSERT_PENDING = """
INSERT INTO events_pendingevent (event_id, subscriber, organization_id, environment, attempts, not_before)
SELECT %(event_id)s, subscriber, %(organization_id)s, %(environment)s, 0, %(now)s
FROM unnest(%(subscribers)s::text[]) AS subscriber
"""

_INSERT_PERSONAL_DATA = """
INSERT INTO events_eventpersonaldata (event_id, organization_id, environment, salt, data)
VALUES (%(event_id)s, %(organization_id)s, %(environment)s, %(salt)s, %(data)s)
"""


@service
def record(
    *,
    actor: Actor,
    kind: str,
    subject_type: str,
    subject_id: str,
    payload: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
    now: datetime,
) -> uuid.UUID:
    """Record an event and return its id; it commits or rolls back with the rest of the unit of work.

    `payload` never holds personal data: those go into `personal`, which may be erased later. Both hold only what
    `require_plain` takes. Raises UnknownEventKind, ValueError.
    """
    salt = os.urandom(SALT_BYTES)
    digest = None if personal is None else _digest(personal, salt)
    event_id, statements = _make_statements(
        actor, kind, {"subject_type": subject_type, "subject_id": subject_id, "personal_digest": digest}, payload, now
    )
    if personal is not None:
        statements.append(_make_personal_statement(actor, event_id, salt, personal))
    run_statements(statements)
    if list_subscribers(kind=kind):
        _poke_once()
    return event_id


def make_record_statements(
    *, actor: Actor, kind: str, subject_type: str, subject_id: str, payload: Mapping[str, Any], now: datetime
) -> list[Statement]:
    """Return what `record` would run, for a caller that sends it along with its own statements in one round trip.

    To be run inside a unit of work. Raises UnknownEventKind, ValueError.
    """
    subject = {"subject_type": subject_type, "subject_id": subject_id, "personal_digest": None}
    return _make_statements(actor, kind, subject, payload, now)[1]


def _make_statements(
    actor: Actor, kind: str, subject: dict[str, Any], payload: Mapping[str, Any], now: datetime
) -> tuple[uuid.UUID, list[Statement]]:
    require_kind(kind)
    tenant = _name_tenant(actor, make_uuid7(at=now))
    said = {"kind": kind, "payload": _encode(payload), "now": now}
    event = tenant | subject | _name_actor(actor) | _name_caller() | said
    statements = [Statement(_INSERT_EVENT, event)]
    if subscribers := list_subscribers(kind=kind):
        statements.append(Statement(_INSERT_PENDING, tenant | {"subscribers": subscribers, "now": now}))
    return tenant["event_id"], statements


def _make_personal_statement(actor: Actor, event_id: uuid.UUID, salt: bytes, personal: Mapping[str, Any]) -> Statement:
    tenant = _name_tenant(actor, event_id)
    return Statement(_INSERT_PERSONAL_DATA, tenant | {"salt": salt, "data": _encode(personal)})


def _name_tenant(actor: Actor, event_id: uuid.UUID) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
    }


def _name_actor(actor: Actor) -> dict[str, Any]:
    return {"actor_kind": actor.kind.value, "actor_id": actor.id, "actor_name": actor.name}


def _name_caller() -> dict[str, Any]:
    caller = current_caller.get()
    return {"address": caller.address, "request_id": caller.request_id}


def _digest(personal: Mapping[str, Any], salt: bytes) -> bytes:
    require_plain(dict(personal))
    return digest_personal_data(salt=salt, data=dict(personal))


def _encode(value: Mapping[str, Any]) -> str:
    plain = dict(value)
    require_plain(plain)
    return encode_canonical(plain).decode()


def _poke_once() -> None:
    """Poke after commit; once, however many events the unit of work records."""
    if not any(entry[1] is poke_dispatch for entry in transaction.get_connection().run_on_commit):
        after_commit(poke_dispatch)
