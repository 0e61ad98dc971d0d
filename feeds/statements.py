"""Hand-written SQL of an assessment: which of an organization's lists hold something of a payment, and that they did.

There is no cache: what was subscribed to, or turned off, holds for the next request on any process.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.environments import Environment
from core.sql import Statement
from feeds.types import Candidates, FeedHit, FeedKind, FeedMatches

_SEPARATOR = "\x1f"  # no entry's value has control characters
_MUTED = "muted"

# As in blocklists/statements.py: the candidates are one JSON object, so that PostgreSQL keeps one prepared plan, and
# LIMIT inside LATERAL holds it to one look into the key of each list.
_MATCH = """
SELECT f.kind, f.code, f.title, f.version, f.as_of::text, CASE WHEN f.kind = 'risk_country' THEN entry.value END
FROM feeds_feed f
CROSS JOIN LATERAL (
    SELECT e.value FROM feeds_feedentry e
    WHERE e.feed_id = f.id
      AND e.value = ANY (string_to_array(%(candidates)s::json ->> f.kind, E'\\x1f')) AND e.until_version IS NULL
    LIMIT 1
) AS entry
WHERE f.organization_id = %(organization_id)s::uuid AND f.environment = %(environment)s::varchar AND f.is_active
UNION ALL
SELECT 'muted', m.code, NULL, NULL, NULL, NULL
FROM feeds_mutedfeed m
WHERE m.organization_id = %(organization_id)s::uuid AND m.environment = %(environment)s::varchar
"""

_MUTED_ALONE = """
SELECT m.code FROM feeds_mutedfeed m
WHERE m.organization_id = %(organization_id)s::uuid AND m.environment = %(environment)s::varchar
"""

_RECORD = """
INSERT INTO feeds_feedhit (organization_id, environment, transaction_id, code, hit_at)
SELECT %(organization_id)s::uuid, %(environment)s::varchar, %(transaction_id)s::uuid, code, %(at)s::timestamptz
FROM unnest(%(codes)s::text[]) AS code
"""


def make_match_statement(*, organization_id: uuid.UUID, environment: Environment, candidates: Candidates) -> Statement:
    """Return the statement that finds the organization's lists in force that have one of the candidates.

    `read_matches` reads its rows. A kind without candidates is not looked up: leave out what is not contracted.
    """
    said = {
        kind.value: _SEPARATOR.join(v for v in values if _SEPARATOR not in v) for kind, values in candidates.items()
    }
    return Statement(
        _MATCH,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "candidates": msgspec.json.encode(said).decode(),
        },
    )


def make_muted_statement(*, organization_id: uuid.UUID, environment: Environment) -> Statement:
    """Return the statement that asks only which of Clausum's lists are turned off, for when the other failed.

    Its rows are their codes.
    """
    return Statement(_MUTED_ALONE, {"organization_id": organization_id, "environment": environment.value})


def read_matches(rows: Iterable[Sequence[Any]]) -> FeedMatches:
    """Return the hits by kind and code, and the codes of Clausum's lists that are turned off."""
    found = list(rows)
    hits = [
        FeedHit(kind=FeedKind(kind), feed=code, title=title, version=version, as_of=as_of, value=value)
        for kind, code, title, version, as_of, value in found
        if kind != _MUTED
    ]
    return FeedMatches(
        hits=tuple(sorted(hits, key=lambda hit: (hit.kind, hit.feed))),
        muted=frozenset(row[1] for row in found if row[0] == _MUTED),
    )


def make_hit_statement(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    transaction_id: uuid.UUID,
    hits: Sequence[FeedHit],
    at: datetime,
) -> Statement | None:
    """Return the statement that records which lists were met, each once; None when none was.

    It must follow the insert of the transaction.
    """
    if not hits:
        return None
    return Statement(
        _RECORD,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "transaction_id": transaction_id,
            "codes": sorted({hit.feed for hit in hits}),
            "at": at,
        },
    )
