"""What is written into the past empties the summaries that it would be missing from."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.actor import Actor
from core.sql import Statement, run_statement
from core.unit_of_work import service

_EMPTY = """
UPDATE transactions_activitysummary s
SET document = NULL, until = NULL, closing_until = NULL, next_at = now()
FROM unnest(%(identities)s::uuid[], %(times)s::timestamptz[]) AS changed (identity, occurred_at)
WHERE s.organization_id = %(organization_id)s::uuid AND s.identity = changed.identity
  AND greatest(s.until, s.closing_until) >= changed.occurred_at
"""
_EMPTY_SINCE = """
UPDATE transactions_activitysummary s
SET document = NULL, until = NULL, closing_until = NULL, next_at = now()
WHERE s.organization_id = %(organization_id)s::uuid AND s.environment = %(environment)s
  AND greatest(s.until, s.closing_until) >= %(since)s::timestamptz
"""


@service
def empty_summaries(*, actor: Actor, places: Sequence[tuple[uuid.UUID, datetime]]) -> None:
    """Empty the summaries of these identities that reach to that moment, after history changed there."""
    if not places:
        return
    parameters = {
        "organization_id": actor.organization_id,
        "identities": [identity for identity, _ in places],
        "times": [occurred_at for _, occurred_at in places],
    }
    run_statement(Statement(_EMPTY, parameters))


@service
def empty_summaries_since(*, actor: Actor, since: datetime) -> None:
    """Empty every summary that reaches to that moment or beyond, after much was added to history from there on."""
    parameters = {"organization_id": actor.organization_id, "environment": actor.environment.value, "since": since}
    run_statement(Statement(_EMPTY_SINCE, parameters))
