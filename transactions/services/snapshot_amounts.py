"""An organization's amounts as they stand at the end of a day: what an unknown identity's amount is compared with."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.actor import Actor
from core.ids import ceiling_of_time
from core.sql import Statement, run_statement
from core.unit_of_work import service
from transactions.queries import list_amount_series
from transactions.types import AmountSeries, SnapshotDay

LATEST_EVENTS = 5_000
MINIMUM_EVENTS = 50

# Amounts are at most 10^15, so percentile_cont's double precision holds them exactly. The days are picked first, so
# that none is summed up to be thrown away. The id bounds the scan of the index, the time says it to the microsecond.
_INSERT = """
WITH wanted AS MATERIALIZED (
    SELECT w.flow, w.currency, w.day, w.ends_at, w.ceiling
    FROM unnest(%(flows)s::text[], %(currencies)s::text[], %(days)s::date[], %(ends)s::timestamptz[],
                %(ceilings)s::uuid[]) AS w (flow, currency, day, ends_at, ceiling)
    WHERE NOT EXISTS (
        SELECT FROM transactions_amountsnapshot s
        WHERE s.organization_id = %(organization_id)s::uuid AND s.environment = %(environment)s::text
          AND s.flow = w.flow AND s.currency = w.currency AND s.day = w.day)
)
INSERT INTO transactions_amountsnapshot (
    id, organization_id, environment, flow, currency, day, ends_at, median_minor, mad_minor, events)
SELECT gen_random_uuid(), %(organization_id)s::uuid, %(environment)s::text, wanted.flow, wanted.currency, wanted.day,
    wanted.ends_at, round(middle.median)::bigint, round(spread.mad)::bigint, middle.events
FROM wanted
CROSS JOIN LATERAL (
    SELECT array_agg(latest.amount_minor) AS amounts
    FROM (
        SELECT t.amount_minor
        FROM transactions_transaction t
        WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
          AND t.flow = wanted.flow AND t.currency = wanted.currency
          AND NOT t.is_simulated AND NOT t.is_advisory AND t.released_at IS NULL
          AND t.id <= wanted.ceiling AND t.occurred_at < wanted.ends_at
        ORDER BY t.id DESC
        LIMIT %(latest)s::int
    ) AS latest
) AS history
CROSS JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS median, count(*) AS events
    FROM unnest(history.amounts) AS amount
) AS middle
CROSS JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(amount - middle.median)) AS mad
    FROM unnest(history.amounts) AS amount
) AS spread
WHERE middle.events >= %(minimum)s::int
ON CONFLICT DO NOTHING
RETURNING id
"""


@service
def snapshot_amounts_of(*, actor: Actor, timezone: str, until: datetime, days: int) -> int:
    """Sum up the last days that had ended by `until` and have no snapshot yet; return how many were.

    Median and median absolute deviation, in minor units, over the latest 5,000 counted payments of a flow and currency
    up to the end of the day in `timezone`; a series with fewer than 50 gets none. A series' last day is that of its
    latest payment, so an idle one gets no new ones. A snapshot is never made anew, whatever is loaded later.
    """
    zone = ZoneInfo(timezone)
    series = list_amount_series(organization_id=actor.organization_id, environment=actor.environment)
    wanted = [day for one in series for day in list_closed_days(series=one, zone=zone, until=until, days=days)]
    if not wanted:
        return 0
    return len(run_statement(Statement(_INSERT, _make_parameters(actor, wanted))))


def list_closed_days(*, series: AmountSeries, zone: ZoneInfo, until: datetime, days: int) -> list[SnapshotDay]:
    """Return the last days of the series that have ended by `until`, the latest first."""
    yesterday = until.astimezone(zone).date() - timedelta(days=1)
    last = min(yesterday, series.last_at.astimezone(zone).date())
    return [_make_day(series, last - timedelta(days=back), zone) for back in range(days)]


def _make_day(series: AmountSeries, day: date, zone: ZoneInfo) -> SnapshotDay:
    next_day = day + timedelta(days=1)
    midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
    return SnapshotDay(flow=series.flow, currency=series.currency, day=day, ends_at=midnight.astimezone(UTC))


def _make_parameters(actor: Actor, wanted: list[SnapshotDay]) -> dict[str, object]:
    return {
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
        "flows": [day.flow.value for day in wanted],
        "currencies": [day.currency for day in wanted],
        "days": [day.day for day in wanted],
        "ends": [day.ends_at for day in wanted],
        "ceilings": [ceiling_of_time(day.ends_at) for day in wanted],
        "latest": LATEST_EVENTS,
        "minimum": MINIMUM_EVENTS,
    }
