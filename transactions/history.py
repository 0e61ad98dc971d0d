"""What an identity did before a moment: the statements of gather, each exact at any size of history.

All windows end with, and include, `at`. Rows are read through the indexes of `transactions_identityevent`; an identity
digest covers environment, flow and kind, so (organization, identity) is one party's history.
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

_ACTIVITY = """
SELECT g.kind, recent.events_1h, recent.sum_24h, recent.counterparties_24h, fresh.new_counterparties_24h,
       bands.near_limit_24h, month.hourly_peak, month.daily_peak, month.closed_day_events, month.events_30d,
       month.hour_events
FROM unnest(%(kinds)s::smallint[], %(identities)s::uuid[]) AS g(kind, identity)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.occurred_at > %(at)s::timestamptz - interval '1 hour') AS events_1h,
           coalesce(sum(e.amount_minor) FILTER (WHERE e.currency = %(currency)s), 0)::bigint AS sum_24h,
           count(DISTINCT e.counterparty) AS counterparties_24h
    FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity
      AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
) recent
CROSS JOIN LATERAL (
    SELECT count(*) AS new_counterparties_24h
    FROM (
        SELECT DISTINCT e.counterparty
        FROM transactions_identityevent e
        WHERE g.kind = %(origin_kind)s AND e.organization_id = %(organization_id)s AND e.identity = g.identity
          AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
          AND e.counterparty IS NOT NULL
    ) met
    WHERE NOT EXISTS (
        SELECT FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity AND e.counterparty = met.counterparty
          AND e.occurred_at <= %(at)s::timestamptz - interval '24 hours'
    )
) fresh
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(band.events ORDER BY band.place), '{}') AS near_limit_24h
    FROM (
        SELECT b.place, (
            SELECT count(*) FROM transactions_identityevent e
            WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity AND e.currency = %(currency)s
              AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
              AND e.amount_minor BETWEEN b.lowest AND b.highest
        ) AS events
        FROM unnest(%(lowest)s::bigint[], %(highest)s::bigint[]) WITH ORDINALITY AS b(lowest, highest, place)
    ) band
) bands
CROSS JOIN LATERAL (
    WITH hours AS (
        SELECT date_trunc('hour', e.occurred_at AT TIME ZONE %(timezone)s) AS hour, count(*) AS events,
               count(*) FILTER (WHERE e.currency = %(currency)s) AS events_in_currency,
               coalesce(sum(e.amount_minor) FILTER (WHERE e.currency = %(currency)s), 0) AS amount
        FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = g.identity
          AND e.occurred_at >= %(month_start)s AND e.occurred_at <= %(at)s
        GROUP BY 1
    ), days AS (
        SELECT date_trunc('day', h.hour) AS day, sum(h.amount) AS amount, sum(h.events_in_currency) AS events
        FROM hours h WHERE h.hour < %(today)s::timestamp GROUP BY 1
    )
    SELECT coalesce(max(h.events) FILTER (WHERE h.hour < %(open_hour)s::timestamp), 0) AS hourly_peak,
           coalesce((SELECT max(d.amount) FROM days d), 0)::bigint AS daily_peak,
           coalesce((SELECT sum(d.events) FROM days d), 0)::bigint AS closed_day_events,
           coalesce(sum(h.events), 0)::bigint AS events_30d,
           coalesce(sum(h.events) FILTER (WHERE extract(hour FROM h.hour) = %(local_hour)s), 0)::bigint AS hour_events
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
SELECT EXISTS (SELECT FROM transactions_identityevent e WHERE e.organization_id = %(organization_id)s
                 AND e.identity = %(origin)s AND e.counterparty = %(account)s AND e.occurred_at <= %(at)s
                 AND e.is_approved),
       EXISTS (SELECT FROM transactions_identityevent e WHERE e.organization_id = %(organization_id)s
                 AND e.identity = %(origin)s AND e.counterparty = %(account)s AND e.occurred_at <= %(at)s
                 AND e.occurred_at > %(at)s::timestamptz - interval '24 hours'),
       EXISTS (SELECT FROM transactions_identityevent e WHERE e.organization_id = %(organization_id)s
                 AND e.identity = %(origin)s AND e.counterparty = %(account)s
                 AND e.occurred_at <= %(at)s::timestamptz - interval '24 hours')
"""

# A loose index scan: one probe per distinct name, however many payments the account has.
_NAMES = """
WITH RECURSIVE found(name, place) AS (
    (
        SELECT e.name, 1 FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(account)s AND e.name IS NOT NULL
          AND e.occurred_at <= %(at)s
        ORDER BY e.name LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT e.name FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(account)s AND e.name > found.name
          AND e.occurred_at <= %(at)s
        ORDER BY e.name LIMIT 1
    ), found.place + 1
    FROM found WHERE found.name IS NOT NULL AND found.place < %(most)s
)
SELECT name FROM found WHERE name IS NOT NULL ORDER BY place
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
            "timezone": moments.timezone,
            "month_start": moments.month_start,
            "today": moments.today,
            "open_hour": moments.open_hour,
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
