"""What people read of the audit trail: the newest first, a page at a time, each question answered from an index.

Payments are by far the most events and have pages of their own, so they are read only when asked for by kind or by id.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.environments import Environment
from core.ids import ceiling_of_time, floor_of_time
from core.sql import Parameters, Statement, run_statement
from events.kinds import PAYMENT_KINDS
from events.models import ChainCheck
from events.rules.canonical_json import read_stored

EXPORT_ROWS = 1_000
LAST_ID = uuid.UUID(int=2**128 - 1)
CLOCK_WINDOW = 2_000
"""Milliseconds between the ids of a payment and of its event, which are made one after the other."""

# Spelt out, because PostgreSQL takes a partial index only for a condition that it can read.
_IS_PAYMENT = "e.kind IN ({})".format(", ".join(f"'{kind}'" for kind in PAYMENT_KINDS))
_IS_READ = f"NOT {_IS_PAYMENT}"

_FIND = """(SELECT e.id FROM events_event e
    WHERE e.organization_id = %(organization_id)s AND e.environment = '{environment}'
      AND e.id > %(floor)s AND e.id < %(before)s AND e.id < %(ceiling)s AND {conditions}
    ORDER BY e.id DESC LIMIT %(limit)s)"""

_READ = """
WITH found AS (SELECT id FROM ({arms}) arms ORDER BY id DESC LIMIT %(limit)s)
SELECT e.id, e.environment, e.kind, e.actor_kind, e.actor_id, e.actor_name, e.subject_type, e.subject_id,
       e.payload::text, p.data::text, e.personal_digest IS NOT NULL AND p.event_id IS NULL, e.address, e.request_id,
       e.created_at, s.sequence
FROM found f JOIN events_event e ON e.id = f.id
LEFT JOIN events_eventpersonaldata p ON p.event_id = e.id
LEFT JOIN events_seal s ON s.event_id = e.id
ORDER BY e.id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """Which events are wanted; what is None or empty does not matter.

    `text` is an id in full: of the event, of what it was done to, of who did it, or of the request. `until` is the
    first moment after the period.
    """

    organization_id: uuid.UUID
    environments: tuple[Environment, ...] = tuple(Environment)
    kind: str = ""
    actor_id: uuid.UUID | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One event as people read it. `sequence` is its place in the chain, None until it is sealed."""

    id: uuid.UUID
    environment: Environment
    kind: str
    actor_kind: str
    actor_id: uuid.UUID | None
    actor_name: str
    subject_type: str
    subject_id: str
    payload: dict[str, Any]
    personal: dict[str, Any]
    is_erased: bool
    address: str | None
    request_id: str | None
    created_at: datetime
    sequence: int | None


def list_trail(*, wanted: TrailFilter, before: uuid.UUID | None, limit: int) -> list[TrailEntry]:
    """Return the newest events that are wanted, of those older than `before`."""
    statement = _make_statement(wanted, before=before or LAST_ID, limit=limit)
    return [_make_entry(row) for row in run_statement(statement)]


def stream_trail(*, wanted: TrailFilter, before: uuid.UUID = LAST_ID) -> Iterator[list[TrailEntry]]:
    """Yield all events that are wanted and older than `before`, the newest first, a page in memory at a time."""
    while entries := list_trail(wanted=wanted, before=before, limit=EXPORT_ROWS):
        yield entries
        before = entries[-1].id


def find_entry(*, organization_id: uuid.UUID, event_id: uuid.UUID) -> TrailEntry | None:
    """Return the organization's event, of either environment, or None."""
    arms = [
        _FIND.format(environment=environment.value, conditions="e.id = %(event_id)s") for environment in Environment
    ]
    whole = {"floor": uuid.UUID(int=0), "before": LAST_ID, "ceiling": LAST_ID, "limit": 1}
    parameters = whole | {"organization_id": organization_id, "event_id": event_id}
    rows = run_statement(Statement(_READ.format(arms=" UNION ".join(arms)), parameters))
    return _make_entry(rows[0]) if rows else None


def find_last_check(*, organization_id: uuid.UUID) -> ChainCheck | None:
    """Return the verification of the chain that was last asked for, or None."""
    checks = ChainCheck.objects.for_organization(organization_id)
    return checks.order_by("-requested_at").first()


def _make_statement(wanted: TrailFilter, *, before: uuid.UUID, limit: int) -> Statement:
    arms = [
        _FIND.format(environment=environment.value, conditions=" AND ".join(conditions))
        for environment in wanted.environments
        for conditions in _list_arms(wanted)
    ]
    parameters: Parameters = {
        "organization_id": wanted.organization_id,
        "floor": floor_of_time(wanted.since) if wanted.since else uuid.UUID(int=0),
        "ceiling": ceiling_of_time(wanted.until) if wanted.until else LAST_ID,
        "before": before,
        "limit": limit,
        **_name_parameters(wanted),
    }
    return Statement(_READ.format(arms=" UNION ".join(arms)), parameters)


def _list_arms(wanted: TrailFilter) -> list[list[str]]:
    """Return the conditions of each index that may hold what is wanted."""
    always = _list_conditions(wanted)
    if not wanted.text:
        return [[*always, _IS_PAYMENT if wanted.kind in PAYMENT_KINDS else _IS_READ]]
    arms = [["e.subject_id = %(subject)s", _IS_READ], ["e.request_id = %(text)s", _IS_READ]]
    if _read_id(wanted.text) is not None:
        arms += [["e.id = %(named)s"], ["e.actor_id = %(named)s", _IS_READ]]
        # A payment's id tells when it was decided, and with it where its event stands.
        arms += [["e.id BETWEEN %(from_id)s AND %(to_id)s", "e.subject_id = %(subject)s", _IS_PAYMENT]]
    return [[*arm, *always] for arm in arms]


def _list_conditions(wanted: TrailFilter) -> list[str]:
    conditions = {
        "e.kind = %(kind)s": wanted.kind,
        "e.actor_id = %(actor_id)s": wanted.actor_id,
        "e.created_at >= %(since)s": wanted.since,
        "e.created_at < %(until)s": wanted.until,
    }
    return [condition for condition, value in conditions.items() if value]


def _name_parameters(wanted: TrailFilter) -> Parameters:
    named = _read_id(wanted.text)
    number = named.int if named else 0
    window = CLOCK_WINDOW << 80
    return {
        "kind": wanted.kind,
        "actor_id": wanted.actor_id,
        "since": wanted.since,
        "until": wanted.until,
        "text": wanted.text,
        "subject": str(named) if named else wanted.text,
        "named": named,
        "from_id": uuid.UUID(int=max(0, number - window)),
        "to_id": uuid.UUID(int=min(LAST_ID.int, number + window)),
    }


def _read_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _make_entry(row: tuple[Any, ...]) -> TrailEntry:
    return TrailEntry(
        id=row[0],
        environment=Environment(row[1]),
        kind=row[2],
        actor_kind=row[3],
        actor_id=row[4],
        actor_name=row[5],
        subject_type=row[6],
        subject_id=row[7],
        payload=read_stored(row[8]),
        personal=read_stored(row[9]) if row[9] else {},
        is_erased=row[10],
        address=row[11],
        request_id=row[12],
        created_at=row[13],
        sequence=row[14],
    )
