"""Extends an organization's chain over what has been committed since."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.queries import (
    CommittedEvent,
    find_seal_cursor,
    get_chain_tip,
    get_cluster_id,
    list_committed_events,
    list_foreign_events,
)
from events.rules.chain import extend_chain
from events.rules.contents import format_moment, make_event_content
from events.types import SealedLine

BATCH_EVENTS = 5_000
BEGINNING = (-1, uuid.UUID(int=0))
_LOCK_CLASS = 0x5EA1
"""Tells these advisory locks from others'."""

_LOCK = "SELECT pg_try_advisory_xact_lock(%(lock_class)s::int, %(lock_key)s::int)"

_INSERT_SEALS = """
INSERT INTO events_seal (organization_id, sealed_at, environment, event_id, sequence, previous_hash, payload_hash, hash)
SELECT %(organization_id)s, %(now)s, * FROM unnest(
    %(environments)s::text[], %(event_ids)s::uuid[], %(sequences)s::bigint[],
    %(previous_hashes)s::bytea[], %(payload_hashes)s::bytea[], %(hashes)s::bytea[])
"""

_MOVE_CURSOR = """
INSERT INTO events_sealcursor (organization_id, cluster, xid, event_id)
VALUES (%(organization_id)s, %(cluster)s, %(xid)s, %(event_id)s)
ON CONFLICT (organization_id) DO UPDATE
SET cluster = excluded.cluster, xid = excluded.xid, event_id = excluded.event_id
"""


@service
def seal_events(*, organization_id: uuid.UUID, now: datetime, limit: int = BATCH_EVENTS) -> bool:
    """Seal up to `limit` events in the order (xid, id) and say whether more may wait.

    Only one transaction at a time extends a chain; while another does, this returns False at once.
    """
    if not _lock(organization_id):
        return False
    cluster = get_cluster_id()
    cursor = find_seal_cursor(organization_id=organization_id, cluster=cluster)
    if cursor is None:
        return _adopt_foreign_events(organization_id, cluster, now, limit)
    found = list_committed_events(organization_id=organization_id, after=cursor, limit=limit)
    _append(organization_id, found, now)
    if found:
        _move_cursor(organization_id, cluster, (found[-1].row[12], found[-1].row[0]))
    return len(found) == limit


def _adopt_foreign_events(organization_id: uuid.UUID, cluster: str, now: datetime, limit: int) -> bool:
    """Begin in a cluster where this chain was never extended: it is new, or its tables were restored from a dump.

    A restored event carries a number that this cluster may not reach for years, and new events carry smaller ones than
    the chain has seen. So what came unsealed is sealed first, then reading begins anew; sealed rows are passed over.
    """
    found = list_foreign_events(organization_id=organization_id, limit=limit)
    _append(organization_id, found, now)
    if len(found) < limit:
        _move_cursor(organization_id, cluster, BEGINNING)
    return True


def _lock(organization_id: uuid.UUID) -> bool:
    """Hold this organization's lock to the end of the transaction; two that share its 32 bits only take turns."""
    parameters = {"lock_class": _LOCK_CLASS, "lock_key": int.from_bytes(organization_id.bytes[-4:], signed=True)}
    return bool(run_statement(Statement(_LOCK, parameters))[0][0])


def _append(organization_id: uuid.UUID, found: Sequence[CommittedEvent], now: datetime) -> None:
    contents = [make_event_content(event.row) for event in found if event.sequence is None]
    if not contents:
        return
    tip = get_chain_tip(organization_id=organization_id)
    lines = list(
        extend_chain(tip=tip, organization=str(organization_id), events=contents, sealed_at=format_moment(now))
    )
    parameters = {"organization_id": organization_id, "now": now, **_make_columns(lines)}
    run_statement(Statement(_INSERT_SEALS, parameters))


def _make_columns(lines: list[SealedLine]) -> dict[str, list[object]]:
    return {
        "environments": [line.event["environment"] for line in lines if line.event],
        "event_ids": [uuid.UUID(line.seal.event_id) for line in lines],
        "sequences": [line.seal.sequence for line in lines],
        "previous_hashes": [bytes.fromhex(line.seal.previous_hash) for line in lines],
        "payload_hashes": [bytes.fromhex(line.seal.payload_hash) for line in lines],
        "hashes": [bytes.fromhex(line.hash) for line in lines],
    }


def _move_cursor(organization_id: uuid.UUID, cluster: str, position: tuple[int, uuid.UUID]) -> None:
    parameters = {
        "organization_id": organization_id,
        "cluster": cluster,
        "xid": position[0],
        "event_id": position[1],
    }
    run_statement(Statement(_MOVE_CURSOR, parameters))
