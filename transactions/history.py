"""What an identity did before a moment: the statements of gather, each exact at any size of history.

All windows end with, and include, `at`. Rows are read through the indexes of `transactions_identityevent`; an identity
digest covers environment, flow and kind, so (organization, identity) is one party's history.

No estimate may lead the planner away from the right index, since it knows next to nothing about any one identity: each
window is read once, into an aggregate or a materialized CTE, and each probe is `ORDER BY … LIMIT 1` in the order of its
index (an EXISTS may become a join, or a scan of the table). `tests/assess/test_history_plans.py` holds all plans to it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.environments import Environment
from core.sql import Statement
from transactions.identities import Identity
from transactions.moments import LocalMoments
from transactions.types import Flow

RECENT_AMOUNTS = 200
MAXIMUM_NAMES = 20

# The sub-selects around the arrays hide their lengths from the planner, so that payments of any shape share one plan:
# making one took twice as long as running it.
_ACTIVITY = """
SELECT g.kind, day.events_1h, day.sum_24h, day.counterparties_24h, day.new_counterparties_24h, day.near_limit_24h,
       month.hourly_peak, month.daily_peak, month.closed_day_events, month.events_30d, month.hour_events
FROM unnest((SELECT %(kinds)s::smallint[]), (SELECT %(identities)s::uuid[])) AS g (kind, identity)
CROSS JOIN LATERAL (
    WITH recent AS MATERIALIZED (
        SELECT e.occurred_at, e.amount_minor, e.currency, e.counterparty
        FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity
          AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
    ), met AS MATERIALIZED (
        SELECT DISTINCT r.counterparty FROM recent r WHERE r.counterparty IS NOT NULL
    )
    SELECT count(*) FILTER (WHERE r.occurred_at > %(at)s::timestamptz - interval '1 hour') AS events_1h,
           coalesce(sum(r.amount_minor) FILTER (WHERE r.currency = %(currency)s), 0)::bigint AS sum_24h,
           (SELECT count(*) FROM met) AS counterparties_24h,
           (
               SELECT count(*) FROM met
               WHERE g.kind = %(origin_kind)s AND (
                   SELECT true FROM transactions_identityevent e
                   WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity
                     AND e.counterparty = met.counterparty
                     AND e.occurred_at <= %(at)s::timestamptz - interval '24 hours'
                   ORDER BY e.occurred_at LIMIT 1
               ) IS NULL
           ) AS new_counterparties_24h,
           array(
               SELECT (
                   SELECT count(*) FROM recent n
                   WHERE n.currency = %(currency)s AND n.amount_minor BETWEEN b.lowest AND b.highest
               )
               FROM unnest(%(lowest)s::bigint[], %(highest)s::bigint[]) WITH ORDINALITY AS b (lowest, highest, place)
               ORDER BY b.place
           ) AS near_limit_24h
    FROM recent r
) day
CROSS JOIN LATERAL (
    WITH hours AS (
        SELECT hour.*, (hour.clock AT TIME ZONE span.utc_offset) + interval '1 hour' AS ends_at
        FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(utc_offsets)s::text[]::interval[])
             AS span (begins_at, ends_at, utc_offset)
        CROSS JOIN LATERAL (
            SELECT date_bin('1 hour', e.occurred_at AT TIME ZONE span.utc_offset, timestamp '2000-01-01') AS clock,
                   count(*) AS events, count(*) FILTER (WHERE e.currency = %(currency)s) AS events_in_currency,
                   coalesce(sum(e.amount_minor) FILTER (WHERE e.currency = %(currency)s), 0) AS amount
            FROM transactions_identityevent e
            WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity
              AND e.occurred_at >= span.begins_at AND e.occurred_at < span.ends_at AND e.occurred_at <= %(at)s
            GROUP BY 1
        ) hour
    ), days AS (
        SELECT sum(h.amount) AS amount, sum(h.events_in_currency) AS events
        FROM hours h WHERE h.clock < %(today)s::date GROUP BY date_trunc('day', h.clock)
    )
    SELECT coalesce(max(h.events) FILTER (WHERE h.ends_at <= %(at)s::timestamptz - interval '1 hour'), 0)
               AS hourly_peak,
           coalesce((SELECT max(d.amount) FROM days d), 0)::bigint AS daily_peak,
           coalesce((SELECT sum(d.events) FROM days d), 0)::bigint AS closed_day_events,
           coalesce(sum(h.events), 0)::bigint AS events_30d,
           coalesce(sum(h.events) FILTER (WHERE extract(hour FROM h.clock) = %(local_hour)s), 0)::bigint AS hour_events
    FROM hours h
) month
"""

_AMOUNTS = """
SELECT array(
    SELECT e.amount_minor FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s AND e.identity = %(identity)s AND e.currency = %(currency)s
      AND e.occurred_at <= %(at)s
    ORDER BY e.occurred_at DESC, e.transaction_id DESC
    LIMIT %(most)s
), snapshot.median_minor, snapshot.mad_minor, snapshot.events
FROM (SELECT) AS always
LEFT JOIN LATERAL (
    SELECT s.median_minor, s.mad_minor, s.events FROM transactions_amountsnapshot s
    WHERE s.organization_id = %(organization_id)s AND s.environment = %(environment)s AND s.flow = %(flow)s
      AND s.currency = %(currency)s AND s.ends_at <= %(at)s
    ORDER BY s.day DESC LIMIT 1
) snapshot ON true
"""

_PAIR = """
SELECT (SELECT true FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(origin)s AND e.counterparty = %(account)s
          AND e.occurred_at <= %(at)s AND e.is_approved
        ORDER BY e.occurred_at LIMIT 1) IS NOT NULL,
       (SELECT true FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(origin)s AND e.counterparty = %(account)s
          AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
        ORDER BY e.occurred_at LIMIT 1) IS NOT NULL,
       (SELECT true FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(origin)s AND e.counterparty = %(account)s
          AND e.occurred_at <= %(at)s::timestamptz - interval '24 hours'
        ORDER BY e.occurred_at LIMIT 1) IS NOT NULL
"""

# A loose index scan: one probe per distinct name, however many payments the account has.
_NAMES = """
WITH RECURSIVE found (name, place) AS (
    SELECT '', 0
    UNION ALL
    SELECT following.name, found.place + 1
    FROM found
    CROSS JOIN LATERAL (
        SELECT e.name FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(account)s AND e.name > found.name
          AND e.occurred_at <= %(at)s
        ORDER BY e.name LIMIT 1
    ) following
    WHERE found.place < %(most)s
)
SELECT name FROM found WHERE place > 0 ORDER BY place
"""

_PRIOR_FRAUD = """
SELECT DISTINCT m.kind FROM transactions_fraudmark m
WHERE m.organization_id = %(organization_id)s AND m.identity = ANY(%(identities)s::uuid[]) AND m.marked_at <= %(at)s
ORDER BY m.kind
"""

_SESSION = """
SELECT t.details FROM transactions_transaction t
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s AND t.session_id = %(session_id)s
  AND t.is_advisory AND t.created_at > %(since)s
ORDER BY t.created_at DESC LIMIT 1
"""


def make_activity_statement(
    *,
    organization_id: uuid.UUID,
    identities: Sequence[Identity],
    currency: str,
    at: datetime,
    moments: LocalMoments,
    bands: Sequence[tuple[int, int]],
    origin_kind: int,
) -> Statement:
    """Return the statement that counts what each identity did; one row an identity, in `_ACTIVITY`'s columns."""
    return Statement(
        _ACTIVITY,
        {
            "organization_id": organization_id,
            "kinds": [int(identity.kind) for identity in identities],
            "identities": [identity.digest for identity in identities],
            "currency": currency,
            "at": at,
            "begins": [span.begins_at for span in moments.month],
            "ends": [span.ends_at for span in moments.month],
            "utc_offsets": [f"{span.utc_offset.total_seconds():.0f} seconds" for span in moments.month],
            "today": moments.today,
            "local_hour": moments.local_hour,
            "lowest": [lowest for lowest, _ in bands],
            "highest": [highest for _, highest in bands],
            "origin_kind": origin_kind,
        },
    )


def make_amounts_statement(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    flow: Flow,
    identity: Identity,
    currency: str,
    at: datetime,
) -> Statement:
    """Return the statement for one identity's latest 200 amounts and the organization's latest snapshot."""
    return Statement(
        _AMOUNTS,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "flow": flow.value,
            "identity": identity.digest,
            "currency": currency,
            "at": at,
            "most": RECENT_AMOUNTS,
        },
    )


def make_pair_statement(*, organization_id: uuid.UUID, origin: Identity, account: Identity, at: datetime) -> Statement:
    """Return the statement for what an origin and an account have between them: known, seen in 24 h, seen before."""
    parameters = {"organization_id": organization_id, "origin": origin.digest, "account": account.digest, "at": at}
    return Statement(_PAIR, parameters)


def make_names_statement(*, organization_id: uuid.UUID, account: Identity, at: datetime) -> Statement:
    """Return the statement for the distinct folded names an account was paid under, at most 20."""
    parameters = {"organization_id": organization_id, "account": account.digest, "at": at, "most": MAXIMUM_NAMES}
    return Statement(_NAMES, parameters)


def make_prior_fraud_statement(
    *, organization_id: uuid.UUID, identities: Sequence[Identity], at: datetime
) -> Statement:
    """Return the statement for the kinds of identity that were a fraudster's by then."""
    digests = [identity.digest for identity in identities]
    return Statement(_PRIOR_FRAUD, {"organization_id": organization_id, "identities": digests, "at": at})


def make_session_statement(
    *, organization_id: uuid.UUID, environment: Environment, session_id: str, since: datetime
) -> Statement:
    """Return the statement for the details of a browser's assessment of that session, not older than `since`."""
    return Statement(
        _SESSION,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "session_id": session_id,
            "since": since,
        },
    )
