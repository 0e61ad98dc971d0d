"""Reads of the audit trail. They page by the chain's own order, so that memory stays flat at any length."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from core.environments import Environment
from core.sql import Statement, run_statement
from events.models import WorkerHeartbeat
from events.rules.canonical_json import read_stored
from events.rules.contents import EventRow, format_moment, make_event_content
from events.types import EMPTY_CHAIN_HASH, SEAL_FORMAT, ChainTip, RecordedEvent, SealContent, SealedLine

PAGE_ROWS = 2_000
SMALLEST_SEQUENCE, LARGEST_SEQUENCE = -(2**63), 2**63 - 1
"""Of bigint: a seal that somebody put before the first must be seen too."""

_OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_FIRST_UNASSIGNED = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"

_EVENT = """
    e.id, e.organization_id, e.environment, e.kind, e.actor_kind, e.actor_id, e.actor_name, e.subject_type,
    e.subject_id, e.payload::text, e.personal_digest, e.created_at, e.xid
"""
_EVENT_COLUMNS = 13

# A scalar subquery, not EXISTS: it is always an index probe, never a scan of every seal to hash them.
_SEQUENCE = "(SELECT s.sequence FROM events_seal s WHERE s.event_id = e.id)"

# Each step finds the next organization in the index, so it costs one probe per organization at any number of rows.
_ORGANIZATIONS_OF = """
    (SELECT organization_id FROM {table} ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT n.organization_id FROM {table} n WHERE n.organization_id > f.organization_id
            ORDER BY n.organization_id LIMIT 1)
    FROM {name} f WHERE f.organization_id IS NOT NULL
"""
_WITH_EVENTS = _ORGANIZATIONS_OF.format(table="events_event", name="with_events")
_WITH_SEALS = _ORGANIZATIONS_OF.format(table="events_seal", name="with_seals")

_LIST_ORGANIZATIONS = f"""
WITH RECURSIVE with_events AS ({_WITH_EVENTS}), with_seals AS ({_WITH_SEALS})
SELECT organization_id FROM with_events WHERE organization_id IS NOT NULL
UNION
SELECT organization_id FROM with_seals WHERE organization_id IS NOT NULL
ORDER BY organization_id
"""  # noqa: S608  only constants are joined

# The first unread event decides, found by one index probe; asked with EXISTS, PostgreSQL would scan the table.
_LIST_UNSEALED_ORGANIZATIONS = f"""
WITH RECURSIVE with_events AS ({_WITH_EVENTS})
SELECT f.organization_id FROM with_events f
LEFT JOIN events_sealcursor c ON c.organization_id = f.organization_id AND c.cluster = %(cluster)s
WHERE f.organization_id IS NOT NULL AND (c.cluster IS NULL OR {_OLDEST_RUNNING} > (
    SELECT e.xid FROM events_event e WHERE e.organization_id = f.organization_id
    AND (e.xid, e.id) > (c.xid, c.event_id) ORDER BY e.xid, e.id LIMIT 1))
ORDER BY f.organization_id
"""  # noqa: S608  only constants are joined

_FIND_CURSOR = """
SELECT xid, event_id FROM events_sealcursor WHERE organization_id = %(organization_id)s AND cluster = %(cluster)s
"""

_LIST_COMMITTED = f"""
SELECT {_EVENT}, {_SEQUENCE} FROM events_event e
WHERE e.organization_id = %(organization_id)s AND (e.xid, e.id) > (%(xid)s::bigint, %(event_id)s::uuid)
  AND e.xid < {_OLDEST_RUNNING}
ORDER BY e.xid, e.id LIMIT %(limit)s
"""  # noqa: S608  only constants are joined

_LIST_FOREIGN = f"""
SELECT {_EVENT}, NULL FROM events_event e
WHERE e.organization_id = %(organization_id)s AND e.xid >= {_FIRST_UNASSIGNED} AND {_SEQUENCE} IS NULL
ORDER BY e.xid, e.id LIMIT %(limit)s
"""  # noqa: S608  only constants are joined

_FIND_TIP = """
SELECT sequence, hash, sealed_at FROM events_seal WHERE organization_id = %(organization_id)s
ORDER BY sequence DESC LIMIT 1
"""

# Joined by the primary key alone: given the organization too, a planner with stale statistics takes the index that
# begins with it, and reads the whole organization for each row.
_LIST_SEALED = f"""
SELECT {_EVENT}, s.event_id, s.sequence, s.previous_hash, s.payload_hash, s.hash, s.sealed_at, p.salt, p.data::text
FROM events_seal s
LEFT JOIN events_event e ON e.id = s.event_id
LEFT JOIN events_eventpersonaldata p ON p.event_id = s.event_id
WHERE s.organization_id = %(organization_id)s AND s.sequence > %(after)s AND s.sequence <= %(until)s
ORDER BY s.sequence LIMIT %(limit)s
"""  # noqa: S608  only constants are joined

_COUNT_UNSEALED = f"""
SELECT count(*) FILTER (WHERE is_overdue), count(*) FILTER (WHERE NOT is_overdue),
       (array_agg(id ORDER BY id) FILTER (WHERE is_overdue))[1:%(shown)s]
FROM (SELECT e.id, e.created_at < %(horizon)s
                   AND (e.xid < {_OLDEST_RUNNING} OR e.xid >= {_FIRST_UNASSIGNED}) AS is_overdue
      FROM events_event e WHERE e.organization_id = %(organization_id)s
      AND NOT EXISTS (SELECT FROM events_seal s WHERE s.event_id = e.id)) unsealed
"""  # noqa: S608  only constants are joined

_FIND_EVENT = """
SELECT id, organization_id, environment, kind, actor_kind, actor_id, actor_name, subject_type, subject_id,
       payload::text, created_at
FROM events_event WHERE organization_id = %(organization_id)s AND environment = %(environment)s AND id = %(event_id)s
"""


@dataclass(frozen=True, slots=True)
class CommittedEvent:
    """An event that the sealer may seal, and its sequence when it has one already."""

    row: EventRow
    sequence: int | None


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line of a chain as it stands in the database, with its event's personal data when they are not erased."""

    line: SealedLine
    personal: tuple[bytes, str] | None


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Events without a seal: `overdue` ones should have one, with the ids of the first few; `waiting` are recent."""

    overdue: int
    waiting: int
    first: tuple[uuid.UUID, ...]


def get_cluster_id() -> str:
    """Return what tells this PostgreSQL cluster from every other; transaction numbers are its own."""
    rows = run_statement(Statement("SELECT system_identifier::text FROM pg_control_system()", {}))
    return str(rows[0][0])


def list_organizations() -> list[uuid.UUID]:
    """Return every organization that has events or seals."""
    return [row[0] for row in run_statement(Statement(_LIST_ORGANIZATIONS, {}))]


def list_unsealed_organizations(*, cluster: str) -> list[uuid.UUID]:
    """Return the organizations whose chains lag behind what has been committed."""
    return [row[0] for row in run_statement(Statement(_LIST_UNSEALED_ORGANIZATIONS, {"cluster": cluster}))]


def find_seal_cursor(*, organization_id: uuid.UUID, cluster: str) -> tuple[int, uuid.UUID] | None:
    """Return how far the sealer has read in this cluster, or None when it has not been here."""
    rows = run_statement(Statement(_FIND_CURSOR, {"organization_id": organization_id, "cluster": cluster}))
    return (rows[0][0], rows[0][1]) if rows else None


def list_committed_events(
    *, organization_id: uuid.UUID, after: tuple[int, uuid.UUID], limit: int
) -> list[CommittedEvent]:
    """Return the next events, by (xid, id), whose transactions no running one can still precede."""
    parameters = {"organization_id": organization_id, "xid": after[0], "event_id": after[1], "limit": limit}
    return _make_committed(run_statement(Statement(_LIST_COMMITTED, parameters)))


def list_foreign_events(*, organization_id: uuid.UUID, limit: int) -> list[CommittedEvent]:
    """Return unsealed events whose transaction number this cluster has not come to: they came with a restored dump."""
    parameters = {"organization_id": organization_id, "limit": limit}
    return _make_committed(run_statement(Statement(_LIST_FOREIGN, parameters)))


def _make_committed(rows: list[tuple[Any, ...]]) -> list[CommittedEvent]:
    return [CommittedEvent(cast(EventRow, row[:_EVENT_COLUMNS]), row[_EVENT_COLUMNS]) for row in rows]


def get_chain_tip(*, organization_id: uuid.UUID) -> ChainTip:
    """Return the last row of an organization's chain; of one without rows, sequence 0."""
    rows = run_statement(Statement(_FIND_TIP, {"organization_id": organization_id}))
    if not rows:
        return ChainTip(0, EMPTY_CHAIN_HASH, None)
    return ChainTip(rows[0][0], bytes(rows[0][1]).hex(), format_moment(rows[0][2]))


def stream_sealed_lines(
    *, organization_id: uuid.UUID, after: int = SMALLEST_SEQUENCE, until: int = LARGEST_SEQUENCE
) -> Iterator[StoredLine]:
    """Yield the chain's rows in order, after one sequence up to and with the other, a page in memory at a time."""
    parameters: dict[str, Any] = {
        "organization_id": organization_id,
        "after": after,
        "until": until,
        "limit": PAGE_ROWS,
    }
    while rows := run_statement(Statement(_LIST_SEALED, parameters)):
        for row in rows:
            yield _make_stored_line(row, organization_id)
        parameters["after"] = rows[-1][_EVENT_COLUMNS + 1]


def _make_stored_line(row: tuple[Any, ...], organization_id: uuid.UUID) -> StoredLine:
    event_id, sequence, previous_hash, payload_hash, own_hash, sealed_at, salt, data = row[_EVENT_COLUMNS:]
    seal = SealContent(
        event_id=str(event_id),
        format=SEAL_FORMAT,
        organization=str(organization_id),
        payload_hash=bytes(payload_hash).hex(),
        previous_hash=bytes(previous_hash).hex(),
        sealed_at=format_moment(sealed_at),
        sequence=sequence,
    )
    is_theirs = row[1] == organization_id
    event = make_event_content(cast(EventRow, row[:_EVENT_COLUMNS])) if is_theirs else None
    return StoredLine(
        line=SealedLine(event=event, hash=bytes(own_hash).hex(), seal=seal),
        personal=None if salt is None else (bytes(salt), data),
    )


def count_unsealed(*, organization_id: uuid.UUID, horizon: datetime, shown: int) -> Unsealed:
    """Count the events without a seal; overdue are those from before `horizon` that nothing running holds back."""
    parameters = {"organization_id": organization_id, "horizon": horizon, "shown": shown}
    overdue, waiting, first = run_statement(Statement(_COUNT_UNSEALED, parameters))[0]
    return Unsealed(overdue, waiting, tuple(first or ()))


def find_event(*, organization_id: uuid.UUID, environment: Environment, event_id: uuid.UUID) -> RecordedEvent | None:
    """Return the event of that id in one organization's environment, or None."""
    parameters = {"organization_id": organization_id, "environment": environment.value, "event_id": event_id}
    rows = run_statement(Statement(_FIND_EVENT, parameters))
    return _make_recorded(rows[0]) if rows else None


def _make_recorded(row: tuple[Any, ...]) -> RecordedEvent:
    return RecordedEvent(
        id=row[0],
        organization_id=row[1],
        environment=Environment(row[2]),
        kind=row[3],
        actor_kind=row[4],
        actor_id=row[5],
        actor_name=row[6],
        subject_type=row[7],
        subject_id=row[8],
        payload=read_stored(row[9]),
        created_at=row[10],
    )


def get_worker_age(*, now: datetime) -> timedelta | None:
    """Return how long ago any worker was last alive, or None when none ever was."""
    seen_at = WorkerHeartbeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return None if seen_at is None else max(now - seen_at, timedelta())
