"""Hand-written SQL of an assessment: which entries a payment meets, and that it met them.

An assessment sends these in round trips of its own, so they are built here and run there. There is no cache: an entry
is in force for the next request on any process.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from blocklists.types import ListHit, ListType, Severity
from core.environments import Environment
from core.sql import Statement

MAXIMUM_HITS_PER_TYPE = 20
_PLACES = {list_type: place for place, list_type in enumerate(ListType)}
_SEPARATOR = "\x1f"  # no entry's value has control characters

# The candidates come as one JSON object, list type → its values, for three reasons: it costs microseconds to write
# where an array costs them per element; PostgreSQL guesses its size alike for every payment, and so keeps one prepared
# plan; and LIMIT inside LATERAL holds that plan to one index scan per list type, never a scan of the table.
# Measured with 50,000 entries, beyond the bare round trip: 0.15 ms for a v4 address and nine other types, 0.25 ms for
# a v6 one (docs/decisions/0010).
_MATCH = f"""
SELECT entry.id, candidate.list_type, entry.severity
FROM json_each_text(%(candidates)s::json) AS candidate (list_type, list_values)
CROSS JOIN LATERAL (
    SELECT e.id, e.severity
    FROM blocklists_blocklistentry e
    WHERE e.organization_id = %(organization_id)s::uuid AND e.environment = %(environment)s::varchar
      AND e.list_type = candidate.list_type AND e.value = ANY (string_to_array(candidate.list_values, E'\\x1f'))
      AND e.flow_scope IN (%(flow)s::varchar, 'both')
      AND e.is_active AND (e.expires_at IS NULL OR e.expires_at > %(at)s::timestamptz)
    ORDER BY array_position(ARRAY['block', 'flag', 'review']::varchar[], e.severity), e.id
    LIMIT {MAXIMUM_HITS_PER_TYPE}
) AS entry
"""  # noqa: S608  only a constant is joined

_RECORD = """
INSERT INTO blocklists_blocklisthit (organization_id, environment, entry_id, transaction_id, hit_at)
SELECT e.organization_id, e.environment, e.id, %(transaction_id)s::uuid, %(at)s::timestamptz
FROM blocklists_blocklistentry e
WHERE e.organization_id = %(organization_id)s::uuid AND e.environment = %(environment)s::varchar
  AND e.id = ANY (%(entry_ids)s::uuid[])
ON CONFLICT DO NOTHING
"""


def make_match_statement(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    flow: str,
    candidates: Sequence[tuple[ListType, str]],
    at: datetime,
) -> Statement:
    """Return the statement that finds the entries in force at that time; `read_hits` reads its rows.

    It gives at most 20 rows per list type, the heaviest.
    """
    return Statement(
        _MATCH,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "candidates": _encode(candidates),
            "flow": flow,
            "at": at,
        },
    )


def _encode(candidates: Sequence[tuple[ListType, str]]) -> str:
    by_type: dict[str, list[str]] = {}
    for list_type, value in candidates:
        if _SEPARATOR not in value:
            by_type.setdefault(list_type.value, []).append(value)
    return msgspec.json.encode({name: _SEPARATOR.join(values) for name, values in by_type.items()}).decode()


def read_hits(rows: Iterable[Sequence[Any]]) -> tuple[ListHit, ...]:
    """Return the hits by list type in the contract's order, the heaviest first."""
    hits = [ListHit(entry_id=str(row[0]), list_type=ListType(row[1]), severity=Severity(row[2])) for row in rows]
    return tuple(sorted(hits, key=_in_order))


def _in_order(hit: ListHit) -> tuple[int, int, str]:
    return _PLACES[hit.list_type], hit.severity.place, hit.entry_id


def make_hit_statement(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    transaction_id: uuid.UUID,
    hits: Sequence[ListHit],
    at: datetime,
) -> Statement | None:
    """Return the statement that records the hits, or None when there are none.

    It must follow the insert of the transaction. An entry that was deleted meanwhile, or is not of this organization
    and environment, gives no row.
    """
    if not hits:
        return None
    return Statement(
        _RECORD,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "transaction_id": transaction_id,
            "entry_ids": [hit.entry_id for hit in hits],
            "at": at,
        },
    )
