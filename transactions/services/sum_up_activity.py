"""Sums up what busy identities did, so that a payment of theirs is judged at the cost of anybody's.

In three steps, each a unit of work of its own (docs/decisions/0012): the moment up to which is announced; whatever was
being written then, unaware of it, has ended; what was done up to that moment is summed up and kept, unless something
was written behind it meanwhile, which empties the row.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from core.environments import Environment
from core.sql import Statement, run_statement, run_statements
from core.unit_of_work import service
from transactions.activity import Asked, Summary, advance, read_bands, read_summary, sum_up, write_summary
from transactions.history import (
    MAXIMUM_EVENTS,
    make_events_statement,
    make_whole_statements,
    read_events,
    read_hours,
    read_last_day,
)
from transactions.identities import Identity
from transactions.moments import make_local_moments
from transactions.types import IdentityKind

_log = structlog.get_logger(__name__)

LAG = timedelta(seconds=0.3)
"""How far behind the present a summary ends, and behind the transactions under way: what is written a little late is
not behind it yet."""
PATIENCE = timedelta(seconds=2)
"""A transaction that has gone on for longer is not waited for: what it writes late empties the summary."""
EVENTS_BETWEEN = 16
"""After about so many further payments a summary is brought up to date."""
SHORTEST, LONGEST = timedelta(seconds=0.25), timedelta(hours=1)
COUNTED_EVERY = timedelta(hours=6)
"""So often a summary is made of all rows again, and what was added up meanwhile is held against it."""
MAXIMUM_AT_ONCE = 200
KEPT_FROM = MAXIMUM_EVENTS // 2
"""An identity with fewer events in its month needs no summary any more."""

# Up to the present, whether or not something was paid just now: what left a window since is read, too. Never back,
# though an old transaction may show up (there may be several workers, and clocks). Payments that are judged as of an
# earlier time live in the time of their data: up to the latest one, or the one that wished for it.
_ANNOUNCE = """
UPDATE transactions_activitysummary s
SET closing_until = CASE WHEN s.wanted_at IS NULL THEN greatest(
    least(%(now)s::timestamptz, (
        SELECT min(a.xact_start) FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.xact_start > now() - %(patience)s::text::interval
    )) - %(lag)s::text::interval,
    s.until) ELSE greatest(
    (SELECT e.occurred_at FROM transactions_identityevent e
     WHERE e.organization_id = s.organization_id AND e.identity = s.identity AND e.currency = s.currency
       AND e.occurred_at <= %(now)s::timestamptz
     ORDER BY e.occurred_at DESC LIMIT 1),
    s.wanted_at) - %(lag)s::text::interval END
FROM (
    SELECT d.id FROM transactions_activitysummary d WHERE d.next_at <= %(now)s::timestamptz
    ORDER BY d.next_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
) due
WHERE s.id = due.id
RETURNING s.id
"""
# A number of its own: a snapshot's xmax is behind the numbers of transactions that began and have not ended.
_NEXT_TRANSACTION = "SELECT pg_current_xact_id()::text::bigint"
_OLDEST_TRANSACTION = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_READ = """
SELECT s.organization_id, s.environment, s.kind, s.identity, s.currency, s.timezone, s.bands, s.closing_until
FROM transactions_activitysummary s WHERE s.id = %(id)s AND s.closing_until IS NOT NULL
"""
_KEEP = """
UPDATE transactions_activitysummary s
SET document = %(document)s, until = %(until)s::timestamptz, closing_until = NULL, next_at = %(next_at)s
WHERE s.id = %(id)s AND s.closing_until = %(until)s::timestamptz
RETURNING s.id
"""
_NEXT_DUE = "SELECT min(s.next_at) FROM transactions_activitysummary s"
_DROP = "DELETE FROM transactions_activitysummary WHERE id = %(id)s AND closing_until = %(until)s::timestamptz"


class _Due(msgspec.Struct, frozen=True):
    """A row to be summed up, as `_READ` gives it."""

    organization_id: uuid.UUID
    environment: Environment
    kind: IdentityKind
    identity: uuid.UUID
    currency: str
    timezone: str
    bands: str
    until: datetime


@service
def announce_summaries(*, now: datetime) -> list[uuid.UUID]:
    """Announce up to which moment the due summaries will be made; return their ids. From the commit on, what is
    written at or before that moment empties the row."""
    parameters = {
        "now": now,
        "lag": f"{LAG.total_seconds()} seconds",
        "patience": f"{PATIENCE.total_seconds()} seconds",
        "most": MAXIMUM_AT_ONCE,
    }
    return [row[0] for row in run_statement(Statement(_ANNOUNCE, parameters))]


def read_next_transaction() -> int:
    """Return a number above those of all transactions that have begun to write. To be called outside a transaction."""
    number: int = run_statement(Statement(_NEXT_TRANSACTION, {}))[0][0]
    return number


def are_over(*, below: int) -> bool:
    """Say whether every transaction with a number below that has ended."""
    return bool(run_statement(Statement(_OLDEST_TRANSACTION, {}))[0][0] >= below)


@service
def sum_up_activity(*, summary_id: uuid.UUID, now: datetime) -> bool:
    """Sum up one announced identity and return whether the summary was kept.

    To be called when all that was being written at the time of the announcement has ended.
    """
    rows = run_statement(Statement(_READ, {"id": summary_id}))
    if not rows:
        return False
    due = msgspec.convert(_read_row(rows[0]), type=_Due)
    summary, was_wrong = _make_summary(due)
    events = sum(day.events for day in summary.days)
    if events < KEPT_FROM:
        run_statement(Statement(_DROP, {"id": summary_id, "until": due.until}))
        return False
    parameters = {
        "id": summary_id,
        "until": due.until,
        "document": write_summary(summary),
        "next_at": now + choose_pause(events_1h=max([summary.events_1h, *(day.peak for day in summary.days)])),
    }
    is_kept = bool(run_statement(Statement(_KEEP, parameters)))
    if is_kept and was_wrong:
        _log.error("summary_was_wrong", organization_id=str(due.organization_id), kind=due.kind.name.lower())
    return is_kept


def find_next_due() -> datetime | None:
    """Return when the next summary is due, None when there is none."""
    found: datetime | None = run_statement(Statement(_NEXT_DUE, {}))[0][0]
    return found


def choose_pause(*, events_1h: int) -> timedelta:
    """Return how long a summary serves of an identity that has, or had in a busy hour, so many events an hour.

    A busy hour of yesterday's leaves the last 24 hours as fast as it came.
    """
    return min(max(timedelta(hours=1) * EVENTS_BETWEEN / max(events_1h, 1), SHORTEST), LONGEST)


def _read_row(row: Sequence[object]) -> dict[str, object]:
    return dict(zip(_Due.__struct_fields__, row, strict=True))


def _make_summary(due: _Due) -> tuple[Summary, bool]:
    """Return the summary, and whether the one before was wrong.

    It is the earlier one brought up to date, at the cost of a payment's look-up, or one of all rows. Once in a while
    both are made; should they differ, the rows are right, unless something was written behind the moment meanwhile.
    """
    moments = make_local_moments(at=due.until, timezone=due.timezone)
    asked = Asked(at=due.until, currency=due.currency, bands=read_bands(due.bands), moments=moments)
    advanced = _advance(due, asked)
    if advanced is not None and due.until - advanced.counted_at < COUNTED_EVERY:
        return advanced, False
    identity = Identity(due.kind, due.identity)
    day, hours = run_statements(
        make_whole_statements(organization_id=due.organization_id, identity=identity, asked=asked)
    )
    counted = sum_up(read_last_day(due.kind, day), read_hours(hours), until=due.until)
    if advanced is None:
        return counted, False
    return counted, msgspec.structs.replace(advanced, counted_at=counted.counted_at) != counted


def _advance(due: _Due, asked: Asked) -> Summary | None:
    """Return the summary before this one brought up to date, None when there is none that serves."""
    identity = Identity(due.kind, due.identity)
    statement = make_events_statement(organization_id=due.organization_id, identities=[identity], asked=asked)
    document, events = read_events(run_statement(statement))[due.kind]
    if document is None or events is None:
        return None
    return advance(due.kind, read_summary(document), events, asked)
