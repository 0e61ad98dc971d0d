"""So that no busy identity's first payment has to be counted from all its rows: all of them are summed up at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.actor import Actor
from core.sql import Statement, run_statement
from core.unit_of_work import service
from transactions.activity import Bands, write_bands
from transactions.history import MAXIMUM_EVENTS
from transactions.moments import make_local_moments
from transactions.types import IdentityKind

PAYOUT_KINDS = (IdentityKind.BENEFICIARY, IdentityKind.ORIGIN)

# Structuring is asked about on payouts alone, so pay-ins are counted in no bands.
_WISH = """
INSERT INTO transactions_activitysummary AS s (
    id, organization_id, environment, kind, identity, currency, timezone, bands, next_at)
SELECT gen_random_uuid(), %(organization_id)s::uuid, %(environment)s, busy.kind, busy.identity, busy.currency,
    %(timezone)s, coalesce(banded.bands, ''), %(now)s::timestamptz
FROM (
    SELECT e.kind, e.identity, e.currency
    FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s::uuid AND e.environment = %(environment)s
      AND e.occurred_at >= %(since)s::timestamptz AND e.occurred_at <= %(now)s::timestamptz
    GROUP BY e.kind, e.identity, e.currency
    HAVING count(*) > %(most)s
) busy
LEFT JOIN unnest(%(currencies)s::text[], %(bands)s::text[]) AS banded (currency, bands)
    ON banded.currency = busy.currency AND busy.kind = ANY(%(banded_kinds)s::smallint[])
ORDER BY busy.identity
ON CONFLICT (organization_id, identity, currency) DO UPDATE SET next_at = excluded.next_at
WHERE s.document IS NULL
RETURNING s.id
"""


@service
def wish_for_summaries(*, actor: Actor, timezone: str, bands: Mapping[str, Bands], now: datetime) -> int:
    """Have every identity summed up that has more events in its month than are read one by one; return how many.

    `bands` are the structuring bands of the policy in force, by currency. Reads the month's history once.
    """
    codes: Sequence[str] = sorted(bands)
    parameters = {
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
        "timezone": timezone,
        "now": now,
        "since": make_local_moments(at=now, timezone=timezone).month[0].begins_at,
        "most": MAXIMUM_EVENTS,
        "currencies": codes,
        "bands": [write_bands(bands[code]) for code in codes],
        "banded_kinds": [int(kind) for kind in PAYOUT_KINDS],
    }
    return len(run_statement(Statement(_WISH, parameters)))
