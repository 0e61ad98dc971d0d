"""Hand-written SQL of imports: rows on their way by COPY, and from there into the lists in whole portions."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from blocklists.reading.rows import EntryRow
from core.actor import Scope
from core.ids import make_uuid7
from core.sql import Parameters, Statement, run_statement

_COPY = """
COPY blocklists_importrow (batch_id, portion, list_type, value, flow_scope, severity, reason, expires_at) FROM STDIN
"""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"
_HEAD_DIGITS = 16
"""Of a UUIDv7: its moment and version; what follows is the variant and a number."""
_JOIN_BYTES = 512 * 1024

_IS_SAME = """
    e.organization_id = %(organization_id)s AND e.environment = %(environment)s
    AND e.list_type = s.list_type AND e.value = s.value AND e.flow_scope = s.flow_scope
"""
_IN_FORCE = "e.is_active AND (e.expires_at IS NULL OR e.expires_at > %(now)s)"
# In the order of the index that tells doubles, so that its pages are written one after the other; of a value that
# stands twice, the file's first comes first, and all are of one portion.
_SORT = """
CREATE TEMPORARY TABLE import_sorted ON COMMIT DROP AS
SELECT id, place, (first - 1) / %(size)s AS portion, list_type, value, flow_scope, severity, reason, expires_at
FROM (SELECT *, row_number() OVER (ORDER BY list_type, value, flow_scope, id) AS place,
             rank() OVER (ORDER BY list_type, value, flow_scope) AS first
      FROM blocklists_importrow WHERE batch_id = %(batch_id)s) sorted
ORDER BY place
"""
_INDEX = "CREATE INDEX ON import_sorted (portion)"
_ANALYZE = "ANALYZE import_sorted"
_ANALYZE_ENTRIES = "ANALYZE blocklists_blocklistentry"
# A portion is looked up entry by entry, however few entries there are: a scan of all of them grows with the lists.
_BY_INDEX = ("SET LOCAL enable_seqscan = off", "SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off")

_STAGED = """
    SELECT DISTINCT ON (list_type, value, flow_scope) list_type, value, flow_scope, severity, reason, expires_at
    FROM import_sorted WHERE portion = %(portion)s ORDER BY list_type, value, flow_scope, id
"""

# The ids ascend (UUIDv7 of the import's moment, its tail the place in that order): indexes on them grow at one end.
_PUT_IN = """
WITH put AS (
    INSERT INTO blocklists_blocklistentry (id, organization_id, environment, list_type, value, flow_scope, severity,
        reason, source, is_active, expires_at, created_by_id, created_at, updated_at, batch_id)
    SELECT (%(head)s || lpad(to_hex(place), 15, '0'))::uuid, %(organization_id)s, %(environment)s, list_type, value,
        flow_scope, severity, reason, 'import', true, expires_at, %(created_by)s, %(now)s, %(now)s, %(batch_id)s
    FROM import_sorted WHERE portion = %(portion)s ORDER BY list_type, value, flow_scope, id
    ON CONFLICT (organization_id, environment, list_type, value, flow_scope) DO NOTHING RETURNING 1)
SELECT (SELECT count(*) FROM put),
       (SELECT count(*) FROM import_sorted WHERE portion = %(portion)s)
"""

_REACTIVATE = f"""
WITH staged AS ({_STAGED}),
held AS (
    SELECT e.*, s.severity AS new_severity, s.reason AS new_reason, s.expires_at AS new_expires_at
    FROM staged s JOIN blocklists_blocklistentry e ON {_IS_SAME}
    WHERE e.batch_id IS DISTINCT FROM %(batch_id)s AND NOT ({_IN_FORCE})
    ORDER BY e.id FOR UPDATE OF e),
kept AS (
    INSERT INTO blocklists_importformer (organization_id, environment, batch_id, entry_id, severity, reason, source,
        case_id, is_active, expires_at, former_batch_id)
    SELECT organization_id, environment, %(batch_id)s, id, severity, reason, source, case_id, is_active, expires_at,
        batch_id
    FROM held),
changed AS (
    UPDATE blocklists_blocklistentry e
    SET severity = h.new_severity, reason = h.new_reason, source = 'import', case_id = NULL, is_active = true,
        expires_at = h.new_expires_at, updated_at = %(now)s, batch_id = %(batch_id)s
    FROM held h WHERE e.id = h.id RETURNING 1)
SELECT count(*) FROM changed
"""  # noqa: S608  only constants are joined

_COUNT_EXISTING = f"""
SELECT count(*) FROM ({_STAGED}) s JOIN blocklists_blocklistentry e ON {_IS_SAME}
WHERE e.batch_id IS DISTINCT FROM %(batch_id)s
"""  # noqa: S608  only constants are joined

_LIST_OF_BATCH = """
SELECT id FROM blocklists_blocklistentry
WHERE organization_id = %(organization_id)s AND environment = %(environment)s AND batch_id = %(batch_id)s
  AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""

_TAKE_OUT = """
WITH gone AS (
    DELETE FROM blocklists_blocklistentry e
    WHERE e.organization_id = %(organization_id)s AND e.environment = %(environment)s AND e.batch_id = %(batch_id)s
      AND e.id > %(after)s AND e.id <= %(until)s AND e.created_at = %(at)s AND e.updated_at = %(at)s RETURNING 1)
SELECT count(*) FROM gone
"""

_RESTORE = """
WITH restored AS (
    UPDATE blocklists_blocklistentry e
    SET severity = f.severity, reason = f.reason, source = f.source, case_id = f.case_id, is_active = f.is_active,
        expires_at = f.expires_at, updated_at = %(now)s, batch_id = f.former_batch_id
    FROM blocklists_importformer f
    WHERE f.organization_id = %(organization_id)s AND f.environment = %(environment)s AND f.batch_id = %(batch_id)s
      AND e.id = f.entry_id AND e.organization_id = f.organization_id AND e.environment = f.environment
      AND e.batch_id = f.batch_id AND e.updated_at = %(at)s RETURNING 1)
SELECT count(*) FROM restored
"""

_COUNT_LEFT = """
SELECT count(*) FROM blocklists_blocklistentry
WHERE organization_id = %(organization_id)s AND environment = %(environment)s AND batch_id = %(batch_id)s
"""

_TURN = """
SELECT pg_advisory_xact_lock(hashtextextended('import ' || %(organization_id)s::text || %(environment)s::text, 0))
"""


def copy_rows(*, batch_id: uuid.UUID, portion: int, rows: Iterable[EntryRow]) -> None:
    """Put the valid rows on their way."""
    head = f"{batch_id}\t{portion}\t"
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for text in _join(head, rows):
            copy.write(text)


def _join(head: str, rows: Iterable[EntryRow]) -> Iterable[str]:
    lines: list[str] = []
    size = 0
    for list_type, value, scope, severity, reason, expires_at in rows:
        until = _NULL if expires_at is None else expires_at.isoformat()
        line = f"{head}{list_type}\t{_escape(value)}\t{scope}\t{severity}\t{_escape(reason)}\t{until}\n"
        lines.append(line)
        size += len(line)
        if size > _JOIN_BYTES:
            yield "".join(lines)
            lines, size = [], 0
    yield "".join(lines)


def _escape(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


def take_turn(scope: Scope) -> None:
    """Wait for another import of the same lists; two that put the same values in, in another order, would lock up."""
    run_statement(Statement(_TURN, _name(scope)))
    # Foreign keys are looked at with each portion, not a million of them at the commit.
    run_statement(Statement("SET CONSTRAINTS ALL IMMEDIATE", {}))


def sort_rows(*, batch_id: uuid.UUID, size: int) -> int:
    """Sort the import's rows into portions of that size, for this transaction alone; return how many portions."""
    for sql in (_SORT, _INDEX, _ANALYZE, *_BY_INDEX):
        run_statement(Statement(sql, {"batch_id": batch_id, "size": size} if sql is _SORT else {}))
    return int(run_statement(Statement("SELECT max(portion) + 1 FROM import_sorted", {}))[0][0])


def put_in(
    scope: Scope, *, batch_id: uuid.UUID, portion: int, created_by: uuid.UUID | None, now: datetime
) -> tuple[int, int, int]:
    """Put one portion into the lists; return how many were added, reactivated, and in force already."""
    given = _name(scope) | {"batch_id": batch_id, "portion": portion, "created_by": created_by, "now": now}
    given["head"] = make_uuid7(at=now).hex[:_HEAD_DIGITS] + "8"
    added, staged = run_statement(Statement(_PUT_IN, given))[0]
    if added == staged:
        return added, 0, 0
    reactivated = _count(_REACTIVATE, given)
    return added, reactivated, _count(_COUNT_EXISTING, given)


def renew_plans() -> None:
    """Have every process plan its look-ups of entries anew, for as many as the import has put there by now.

    A web process keeps the plan that it made when the lists were short: to read them through. While a million entries
    come in, each payment would read what has come so far, though none of it is in force (docs/decisions/0054).
    """
    run_statement(Statement(_ANALYZE_ENTRIES, {}))


def list_of_batch(scope: Scope, *, batch_id: uuid.UUID, after: uuid.UUID, limit: int) -> list[uuid.UUID]:
    """Return the next entries that the batch put there, or back."""
    given = _name(scope) | {"batch_id": batch_id, "after": after, "limit": limit}
    return [row[0] for row in run_statement(Statement(_LIST_OF_BATCH, given))]


def take_out(scope: Scope, *, batch_id: uuid.UUID, after: uuid.UUID, until: uuid.UUID, at: datetime) -> int:
    """Delete what the batch added at that moment and nobody changed since, of those ids; return how many."""
    return _count(_TAKE_OUT, _name(scope) | {"batch_id": batch_id, "after": after, "until": until, "at": at})


def restore(scope: Scope, *, batch_id: uuid.UUID, at: datetime, now: datetime) -> int:
    """Give back their former terms to what the batch reactivated and nobody changed since; return how many."""
    return _count(_RESTORE, _name(scope) | {"batch_id": batch_id, "at": at, "now": now})


def count_left(scope: Scope, *, batch_id: uuid.UUID) -> int:
    """Return how many entries still come from the batch."""
    return _count(_COUNT_LEFT, _name(scope) | {"batch_id": batch_id})


def _name(scope: Scope) -> Parameters:
    return {"organization_id": scope["organization_id"], "environment": scope["environment"].value}


def _count(sql: str, parameters: Parameters) -> int:
    return int(run_statement(Statement(sql, parameters))[0][0])
