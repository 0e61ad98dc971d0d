"""What an identity did before a moment: the statements of gather, each exact and bounded at any size of history.

All windows end with, and include, `at`. Rows are read through the indexes of `transactions_identityevent`; an identity
digest covers environment, flow and kind, so (organization, identity) is one party's history.

No estimate may lead the planner away from the right index, since it knows next to nothing about any one identity: each
window is read once, and each probe is `ORDER BY … LIMIT 1` in the order of its index (an EXISTS may become a join, or a
scan of the table). `tests/assess/test_history_plans.py` holds all plans to it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.environments import Environment
from core.sql import Statement
from transactions.activity import Asked, Event, HourOfClock, Segment, write_bands
from transactions.identities import Identity
from transactions.types import Flow, IdentityHistory, IdentityKind

MAXIMUM_EVENTS = 96
"""Of an identity's month: who has more is busy, and is summed up."""
MAXIMUM_SINCE = 2_048
"""Since a summary ended, or that left its windows since: more are counted from all rows until there is a newer one."""
WISHED_FROM = 24
"""So many of those, and a newer summary is wished for."""
RECENT_AMOUNTS = 200
MAXIMUM_NAMES = 20
_MICROSECOND = timedelta(microseconds=1)

# One row an event, and one more than the most tells that there are more. Without a summary the events are those of the
# month; with one, those since, those of its 24 hours that have left them by now, and how many have left its hour. The
# probes of a pair are made for the last 24 hours alone: `transactions.activity.Event` says what they mean. The summary
# comes with the one row that each summary has; a copy with every event would weigh more than all of them. The
# sub-selects around the arrays hide their lengths from the planner, so that payments of any shape share one plan.
_EVENTS = f"""
SELECT party.kind, CASE WHEN event.segment = {Segment.LEFT_HOUR:d} THEN summary.document END, event.segment,
       event.occurred_at, event.amount_minor, event.currency, event.counterparty, event.is_known, event.is_old
FROM unnest((SELECT %(kinds)s::smallint[]), (SELECT %(identities)s::uuid[])) AS party (kind, identity)
LEFT JOIN LATERAL (
    SELECT s.document, s.until FROM transactions_activitysummary s
    WHERE s.organization_id = %(organization_id)s::uuid AND s.identity = party.identity AND s.currency = %(currency)s
      AND s.until <= %(at)s::timestamptz AND s.until > %(at)s::timestamptz - interval '24 hours'
      AND s.timezone = %(timezone)s AND s.bands = %(bands)s
) summary ON true
LEFT JOIN LATERAL (
    SELECT {Segment.EVENTS:d} AS segment, since.occurred_at, since.amount_minor, since.currency, since.counterparty,
           coalesce(since.met_at > summary.until - interval '24 hours', false) AS is_known,
           since.met_at IS NOT NULL AS is_old
    FROM (
        SELECT e.occurred_at, e.amount_minor, e.currency, e.counterparty,
               CASE WHEN e.counterparty IS NOT NULL AND (summary.until IS NOT NULL
                     OR party.kind = {IdentityKind.ORIGIN:d}
                        AND e.occurred_at > %(at)s::timestamptz - interval '24 hours') THEN (
                   SELECT p.occurred_at FROM transactions_identityevent p
                   WHERE p.organization_id = %(organization_id)s::uuid AND p.identity = party.identity
                     AND p.counterparty = e.counterparty
                     AND p.occurred_at <= coalesce(summary.until, %(at)s::timestamptz - interval '24 hours')
                   ORDER BY p.occurred_at DESC LIMIT 1
               ) END AS met_at
        FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s::uuid AND e.identity = party.identity
          AND e.occurred_at > coalesce(summary.until, %(after)s::timestamptz) AND e.occurred_at <= %(at)s::timestamptz
        LIMIT CASE WHEN summary.until IS NULL THEN %(most)s::int ELSE %(most_since)s::int END
    ) since
    UNION ALL
    (SELECT {Segment.LEFT_DAY:d}, e.occurred_at, e.amount_minor, e.currency, e.counterparty,
            CASE WHEN e.counterparty IS NOT NULL THEN (
                SELECT true FROM transactions_identityevent p
                WHERE p.organization_id = %(organization_id)s::uuid AND p.identity = party.identity
                  AND p.counterparty = e.counterparty
                  AND p.occurred_at > %(at)s::timestamptz - interval '24 hours'
                  AND p.occurred_at <= %(at)s::timestamptz
                ORDER BY p.occurred_at LIMIT 1
            ) END IS NOT NULL,
            CASE WHEN party.kind = {IdentityKind.ORIGIN:d} AND e.counterparty IS NOT NULL THEN (
                SELECT true FROM transactions_identityevent p
                WHERE p.organization_id = %(organization_id)s::uuid AND p.identity = party.identity
                  AND p.counterparty = e.counterparty AND p.occurred_at <= summary.until - interval '24 hours'
                ORDER BY p.occurred_at LIMIT 1
            ) END IS NOT NULL
     FROM transactions_identityevent e
     WHERE e.organization_id = %(organization_id)s::uuid AND e.identity = party.identity
       AND e.occurred_at > summary.until - interval '24 hours'
       AND e.occurred_at <= %(at)s::timestamptz - interval '24 hours'
     LIMIT %(most_since)s::int)
    UNION ALL
    (SELECT {Segment.LEFT_HOUR:d}, summary.until, gone.events, '', NULL::uuid, false, false
     FROM (
         SELECT count(*) AS events FROM transactions_identityevent e
         WHERE e.organization_id = %(organization_id)s::uuid AND e.identity = party.identity
           AND e.occurred_at > summary.until - interval '1 hour'
           AND e.occurred_at <= least(%(at)s::timestamptz - interval '1 hour', summary.until)
     ) gone
     WHERE summary.until IS NOT NULL)
) event ON true
"""  # noqa: S608  only constants are joined

# The same figures from the rows alone, however many: what an identity without a summary is counted by when it has more
# events than are read one by one, and what summaries are made from.
_LAST_DAY = """
WITH recent AS MATERIALIZED (
    SELECT e.occurred_at, e.amount_minor, e.currency, e.counterparty
    FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s AND e.identity = %(identity)s
      AND e.occurred_at > %(at)s::timestamptz - interval '24 hours' AND e.occurred_at <= %(at)s
), met AS MATERIALIZED (
    SELECT DISTINCT r.counterparty FROM recent r WHERE r.counterparty IS NOT NULL
)
SELECT count(*) FILTER (WHERE r.occurred_at > %(at)s::timestamptz - interval '1 hour') AS events_1h,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.currency = %(currency)s), 0)::text AS sum_24h,
       (SELECT count(*) FROM met) AS counterparties_24h,
       (
           SELECT count(*) FROM met
           WHERE %(is_origin)s::boolean AND (
               SELECT true FROM transactions_identityevent e
               WHERE e.organization_id = %(organization_id)s AND e.identity = %(identity)s
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
"""

_HOURS = """
SELECT hour.clock AT TIME ZONE 'UTC', (hour.clock AT TIME ZONE span.utc_offset) + interval '1 hour', hour.events,
       hour.events_in_currency, hour.amount::text
FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(utc_offsets)s::text[]::interval[])
     AS span (begins_at, ends_at, utc_offset)
CROSS JOIN LATERAL (
    SELECT date_bin('1 hour', e.occurred_at AT TIME ZONE span.utc_offset, timestamp '2000-01-01') AS clock,
           count(*) AS events, count(*) FILTER (WHERE e.currency = %(currency)s) AS events_in_currency,
           coalesce(sum(e.amount_minor) FILTER (WHERE e.currency = %(currency)s), 0) AS amount
    FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s AND e.identity = %(identity)s
      AND e.occurred_at >= greatest(span.begins_at, %(since)s::timestamptz) AND e.occurred_at < span.ends_at
      AND e.occurred_at <= %(at)s
    GROUP BY 1
) hour
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

# A loose index scan: one probe per distinct name, however many payments the account has. The moment is hidden from the
# index (+ 0): PostgreSQL 18 would skip from name to name for it, finds that too dear, and reads and sorts all instead.
_NAMES = """
WITH RECURSIVE found (name, place) AS (
    SELECT '', 0
    UNION ALL
    SELECT following.name, found.place + 1
    FROM found
    CROSS JOIN LATERAL (
        SELECT e.name FROM transactions_identityevent e
        WHERE e.organization_id = %(organization_id)s AND e.identity = %(account)s AND e.name > found.name
          AND e.occurred_at + interval '0' <= %(at)s
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


def make_events_statement(*, organization_id: uuid.UUID, identities: Sequence[Identity], asked: Asked) -> Statement:
    """Return the statement for each identity's summary and events; `read_events` reads its rows."""
    return Statement(
        _EVENTS,
        {
            "organization_id": organization_id,
            "kinds": [int(identity.kind) for identity in identities],
            "identities": [identity.digest for identity in identities],
            "currency": asked.currency,
            "at": asked.at,
            "after": asked.moments.month[0].begins_at - _MICROSECOND,
            "timezone": asked.moments.timezone,
            "bands": write_bands(asked.bands),
            "most": MAXIMUM_EVENTS + 1,
            "most_since": MAXIMUM_SINCE + 1,
        },
    )


def read_events(rows: Sequence[tuple[Any, ...]]) -> dict[IdentityKind, tuple[str | None, list[Event] | None]]:
    """Return each kind's summary, if it has one, and its events, or None when it has more than were read."""
    documents: dict[int, str] = {}
    found: dict[int, list[Event]] = {}
    for kind, document, *event in rows:
        events = found.setdefault(kind, [])
        if document is not None:
            documents[kind] = document
        if event[0] is not None:
            events.append(Event(*event))
    return {
        IdentityKind(kind): (
            documents.get(kind),
            None if _are_more_than_read(events, documents.get(kind)) else events,
        )
        for kind, events in found.items()
    }


def _are_more_than_read(events: Sequence[Event], document: str | None) -> bool:
    if document is None:
        return len(events) > MAXIMUM_EVENTS
    if len(events) <= MAXIMUM_SINCE:
        return False
    left = sum(1 for event in events if event.segment == Segment.LEFT_DAY)
    return max(len(events) - left - 1, left) > MAXIMUM_SINCE


def make_whole_statements(
    *, organization_id: uuid.UUID, identity: Identity, asked: Asked, since: datetime | None = None
) -> list[Statement]:
    """Return the statements for one identity's last day and its hours of the month, from all its rows.

    `transactions.activity` makes the figures of them; the hours are those since that moment when one is given.
    """
    shared = {
        "organization_id": organization_id,
        "identity": identity.digest,
        "currency": asked.currency,
        "at": asked.at,
    }
    last_day = shared | {
        "is_origin": identity.kind is IdentityKind.ORIGIN,
        "lowest": [lowest for lowest, _ in asked.bands],
        "highest": [highest for _, highest in asked.bands],
    }
    month = asked.moments.month
    hours = shared | {
        "since": since or month[0].begins_at,
        "begins": [span.begins_at for span in month],
        "ends": [span.ends_at for span in month],
        "utc_offsets": [f"{span.utc_offset.total_seconds():.0f} seconds" for span in month],
    }
    return [Statement(_LAST_DAY, last_day), Statement(_HOURS, hours)]


def read_last_day(kind: IdentityKind, rows: Sequence[tuple[Any, ...]]) -> IdentityHistory:
    """Return the figures of the last hour and day."""
    events_1h, sum_24h, met, new, near = rows[0]
    return IdentityHistory(
        kind=kind,
        events_1h=events_1h,
        sum_24h_minor=int(sum_24h),
        counterparties_24h=met,
        new_counterparties_24h=new,
        near_limit_24h=tuple(near),
    )


def read_hours(rows: Sequence[tuple[Any, ...]]) -> list[HourOfClock]:
    """Return the hours of the clock with their counts."""
    return [HourOfClock(clock, ends_at, events, own, int(amount)) for clock, ends_at, events, own, amount in rows]


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
