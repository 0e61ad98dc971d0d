"""Snapshots: which days, over which payments, and what they say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization
from core.environments import Environment
from core.unit_of_work import unit_of_work
from tests.factories.accounts import make_organization
from tests.factories.transactions import make_operator, make_transaction
from transactions.models import AmountSnapshot, Transaction
from transactions.services import snapshot_amounts as snapshots
from transactions.services.snapshot_amounts import list_closed_days, snapshot_amounts_of
from transactions.types import AmountSeries, Flow

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX
MEXICO = "America/Mexico_City"
# Noon in Mexico City of the day that the tests call the 20th.
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
NEXT_DAY = NOON + timedelta(days=1)


@pytest.fixture
def organization() -> Organization:
    return make_organization(timezone=MEXICO)


def _pay(organization: Organization, amounts: list[int], *, at: datetime = NOON, **fields: Any) -> None:
    for place, amount in enumerate(amounts):
        occurred_at = at + timedelta(seconds=place)
        make_transaction(
            organization=organization, amount_minor=amount, occurred_at=occurred_at, **({"details": {}} | fields)
        )


def _snapshot(organization: Organization, *, until: datetime = NEXT_DAY, days: int = 1) -> int:
    with unit_of_work():
        return snapshot_amounts_of(
            actor=make_operator(organization), timezone=organization.timezone, until=until, days=days
        )


def _rows(organization: Organization, *names: str) -> list[Any]:
    rows = AmountSnapshot.objects.for_organization(organization.id, SANDBOX)
    return list(rows.order_by("flow", "currency", "day").values_list(*names))


def test_a_closed_day_is_summed_up_by_median_and_mad(organization: Organization) -> None:
    _pay(organization, list(range(1_000, 1_051)))
    assert _snapshot(organization) == 1
    # 51 consecutive amounts: the middle is 1025, and half of them lie within 13 of it.
    assert _rows(organization, "flow", "currency", "day", "ends_at", "median_minor", "mad_minor", "events") == [
        ("payin", "MXN", date(2026, 11, 20), datetime(2026, 11, 21, 6, 0, tzinfo=UTC), 1_025, 13, 51)
    ]


def test_a_day_that_goes_on_is_not_summed_up_but_the_one_before_is(organization: Organization) -> None:
    _pay(organization, [100] * 50)
    _snapshot(organization, until=NOON + timedelta(hours=1))
    assert _rows(organization, "day") == []
    _pay(organization, [100] * 50, at=NOON - timedelta(days=1))
    assert _snapshot(organization, until=NOON + timedelta(hours=1)) == 1
    assert _rows(organization, "day", "events") == [(date(2026, 11, 19), 50)]


def test_fewer_than_fifty_payments_give_no_snapshot(organization: Organization) -> None:
    _pay(organization, [100] * 49)
    assert _snapshot(organization) == 0
    _pay(organization, [100], at=NOON + timedelta(minutes=5))
    assert _snapshot(organization) == 1


def test_each_flow_and_currency_has_its_own(organization: Organization) -> None:
    _pay(organization, [100] * 50)
    _pay(organization, [200] * 50, currency="USD")
    _pay(organization, [300] * 50, flow=Flow.PAYOUT)
    _pay(organization, [400] * 10, currency="CLP")
    assert _snapshot(organization) == 3
    assert _rows(organization, "flow", "currency", "median_minor") == [
        ("payin", "MXN", 100),
        ("payin", "USD", 200),
        ("payout", "MXN", 300),
    ]


def test_what_never_counts_is_left_out(organization: Organization) -> None:
    _pay(organization, [100] * 50)
    _pay(organization, [9_000_000] * 60, is_simulated=True)
    _pay(organization, [9_000_000] * 60, is_advisory=True)
    _pay(organization, [9_000_000] * 60, session_id="gone")
    _pay(organization, [9_000_000] * 60, environment=Environment.PRODUCTION)
    _pay(make_organization(), [9_000_000] * 60)
    rows = Transaction.objects.for_organization(organization.id, SANDBOX)
    rows.filter(session_id="gone").update(released_at=NOON)
    _snapshot(organization)
    assert _rows(organization, "median_minor", "events") == [(100, 50)]


def test_only_the_latest_payments_up_to_the_end_of_the_day_count(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "LATEST_EVENTS", 60)
    midnight = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    _pay(organization, [1] * 100, at=NOON - timedelta(days=2))
    _pay(organization, [100] * 59, at=NOON)
    make_transaction(organization=organization, amount_minor=100, occurred_at=midnight - timedelta(microseconds=1))
    for place in range(40):
        at = midnight + timedelta(microseconds=place)
        make_transaction(organization=organization, amount_minor=9_000_000, occurred_at=at)
    _snapshot(organization, until=midnight)
    assert _rows(organization, "day", "median_minor", "mad_minor", "events") == [(date(2026, 11, 20), 100, 0, 60)]


def test_the_largest_amounts_keep_every_digit(organization: Organization) -> None:
    _pay(organization, [10**15 - 1] * 50)
    _snapshot(organization)
    assert _rows(organization, "median_minor", "mad_minor") == [(10**15 - 1, 0)]


def test_a_snapshot_is_never_made_anew(organization: Organization) -> None:
    _pay(organization, [100] * 50)
    assert _snapshot(organization) == 1
    _pay(organization, [900] * 500, at=NOON - timedelta(hours=1))
    assert _snapshot(organization) == 0
    assert _rows(organization, "median_minor", "events") == [(100, 50)]


def test_an_idle_series_gets_no_new_snapshots(organization: Organization) -> None:
    _pay(organization, [100] * 50)
    assert _snapshot(organization, until=NOON + timedelta(days=30)) == 1
    assert _snapshot(organization, until=NOON + timedelta(days=60)) == 0
    assert _rows(organization, "day") == [(date(2026, 11, 20),)]


def test_the_missing_days_before_are_summed_up_when_asked_for(organization: Organization) -> None:
    for back in range(4):
        _pay(organization, [100 + back] * 50, at=NOON - timedelta(days=back))
    assert _snapshot(organization, days=1) == 1
    assert _snapshot(organization, days=35) == 3
    assert _rows(organization, "day", "events") == [
        (date(2026, 11, 17), 50),
        (date(2026, 11, 18), 100),
        (date(2026, 11, 19), 150),
        (date(2026, 11, 20), 200),
    ]


def test_an_organization_without_payments_has_nothing_to_sum_up(organization: Organization) -> None:
    assert _snapshot(organization) == 0


@pytest.mark.parametrize(
    ("day", "ends_at"),
    [
        (date(2026, 4, 4), datetime(2026, 4, 5, 4, 0, tzinfo=UTC)),
        (date(2026, 9, 5), datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 2, 4, 0, tzinfo=UTC)),
        (date(2026, 1, 1), datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_local_midnight_whatever_the_clocks_do(day: date, ends_at: datetime) -> None:
    zone = ZoneInfo("America/Santiago")
    series = AmountSeries(
        flow=Flow.PAYIN, currency="CLP", last_at=datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    )
    (closed,) = list_closed_days(series=series, zone=zone, until=ends_at, days=1)
    assert (closed.day, closed.ends_at) == (day, ends_at)
    (before,) = list_closed_days(series=series, zone=zone, until=ends_at - timedelta(microseconds=1), days=1)
    assert before.day == day - timedelta(days=1)
