"""Summing up busy identities: what is due, up to when, and that nothing written meanwhile is missed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from django.db import connection
from structlog.testing import capture_logs

from accounts.models import Organization
from core.clock import read_clock
from core.environments import Environment
from core.sql import Statement, run_statement
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from tests.factories.accounts import make_organization
from tests.factories.transactions import make_operator, make_transaction
from transactions.activity import Bands, Summary, read_summary, write_summary
from transactions.history import make_whole_statements
from transactions.identities import Identity, list_identities
from transactions.models import ActivitySummary
from transactions.recording import make_wish_statement
from transactions.services import sum_up_activity as services
from transactions.services.empty_summaries import empty_summaries, empty_summaries_since
from transactions.services.sum_up_activity import (
    LAG,
    announce_summaries,
    are_over,
    choose_pause,
    find_next_due,
    read_next_transaction,
    sum_up_activity,
)
from transactions.types import Flow

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DETAILS = {"email": "ana@x.mx"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Organization:
    monkeypatch.setattr(services, "KEPT_FROM", 3)
    return make_organization()


def _pay(bank: Organization, at: datetime) -> None:
    make_transaction(organization=bank, details=DETAILS, occurred_at=at, amount_minor=100)


def _identity() -> Identity:
    return list_identities(environment=Environment.SANDBOX, flow=Flow.PAYIN, details=DETAILS)[0]


def _wish(
    bank: Organization,
    *,
    at: datetime = NOW,
    now: datetime = NOW,
    timezone: str = "UTC",
    bands: Bands = (),
) -> None:
    wish = make_wish_statement(
        organization_id=bank.id,
        environment=Environment.SANDBOX,
        identities=[_identity()],
        currency="MXN",
        timezone=timezone,
        bands=bands,
        at=at,
        now=now,
    )
    run_statement(wish)


def _sum_up(now: datetime = NOW) -> list[bool]:
    with unit_of_work():
        announced = announce_summaries(now=now)
    with unit_of_work():
        return [sum_up_activity(summary_id=summary_id, now=now) for summary_id in announced]


def _row() -> ActivitySummary:
    return ActivitySummary.unscoped.get()


def _fill(bank: Organization, count: int = 5) -> None:
    for number in range(count):
        _pay(bank, NOW - number * timedelta(minutes=1))


def test_what_was_wished_for_is_summed_up_to_just_before_the_present(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    assert _sum_up() == [True]
    row = _row()
    assert (row.until, row.closing_until) == (NOW - LAG, None)
    assert row.document is not None
    assert read_summary(row.document).sum_24h_minor == "400"
    assert row.next_at == NOW + choose_pause(events_1h=4)


def test_a_wish_repeated_changes_nothing_and_one_for_another_clock_is_due_again(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    _sum_up()
    later = NOW + timedelta(hours=2)
    _wish(bank, at=later, now=later)
    assert _row().next_at == NOW + choose_pause(events_1h=4)
    _wish(bank, at=later, now=later, timezone="America/Lima")
    assert (_row().next_at, _row().timezone) == (later, "America/Lima")


@pytest.mark.parametrize("terms", [{"timezone": "America/Lima"}, {"bands": ((90, 110),)}])
def test_a_summary_for_another_clock_or_other_bands_is_void(bank: Organization, terms: dict[str, Any]) -> None:
    """Kept, it would be taken for what the new wish asked for until the worker comes."""
    _fill(bank)
    _wish(bank)
    _sum_up()
    _wish(bank, **terms)
    assert (_row().document, _row().until, _row().next_at) == (None, None, NOW)


def test_a_wish_for_other_bands_voids_what_is_being_summed_up(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    with unit_of_work():
        announced = announce_summaries(now=NOW)
    _wish(bank, bands=((90, 110),))
    with unit_of_work():
        assert not sum_up_activity(summary_id=announced[0], now=NOW)
    assert _sum_up() == [True]
    document = _row().document
    assert document is not None
    assert read_summary(document).near_limit_24h == [4]


def test_what_is_not_due_waits(bank: Organization) -> None:
    _fill(bank)
    _wish(bank, now=NOW + timedelta(seconds=1))
    assert _sum_up() == []


def test_one_that_pays_in_an_earlier_time_is_summed_up_to_its_latest_payment_there(bank: Organization) -> None:
    _fill(bank)
    much_later = NOW + timedelta(days=90)
    _wish(bank, at=NOW - timedelta(minutes=3), now=much_later)
    assert _sum_up(much_later) == [True]
    assert _row().until == NOW - LAG


def test_without_a_payment_in_the_currency_it_is_summed_up_to_the_one_that_wished(bank: Organization) -> None:
    for number in range(5):
        make_transaction(
            organization=bank, details=DETAILS, currency="USD", occurred_at=NOW - number * timedelta(minutes=1)
        )
    much_later = NOW + timedelta(days=90)
    _wish(bank, at=NOW - timedelta(seconds=30), now=much_later)
    assert _sum_up(much_later) == [True]
    assert _row().until == NOW - timedelta(seconds=30) - LAG


def test_while_nothing_is_paid_the_summary_follows_the_present(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    _sum_up()
    ActivitySummary.unscoped.update(next_at=NOW)
    assert _sum_up(NOW + timedelta(hours=5)) == [True]
    assert _row().until == NOW + timedelta(hours=5) - LAG


def test_who_is_not_busy_any_more_needs_no_summary(bank: Organization) -> None:
    _fill(bank, 2)
    _wish(bank)
    assert _sum_up() == [False]
    assert ActivitySummary.unscoped.count() == 0


def test_a_payment_behind_an_announced_moment_voids_what_is_being_summed_up(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    with unit_of_work():
        announced = announce_summaries(now=NOW)
    _pay(bank, NOW - LAG)
    with unit_of_work():
        assert not sum_up_activity(summary_id=announced[0], now=NOW)
    assert (_row().until, _row().document) == (None, None)
    assert _sum_up() == [True]


def test_a_payment_after_it_does_not(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    _sum_up()
    _pay(bank, NOW - LAG + timedelta(microseconds=1))
    assert _row().until == NOW - LAG


def test_what_changes_the_past_empties_the_summaries_that_reach_it(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    actor = make_operator(bank)
    _sum_up()
    with unit_of_work():
        empty_summaries(actor=actor, places=[(_identity().digest, NOW)])
        empty_summaries(actor=make_operator(make_organization()), places=[(_identity().digest, NOW - LAG)])
        empty_summaries(actor=actor, places=[])
        empty_summaries_since(actor=actor, since=NOW)
    assert _row().until == NOW - LAG
    with unit_of_work():
        empty_summaries(actor=actor, places=[(_identity().digest, NOW - LAG)])
    assert (_row().until, _row().document) == (None, None)
    ActivitySummary.unscoped.update(next_at=NOW)
    _sum_up()
    with unit_of_work():
        empty_summaries_since(actor=actor, since=NOW - LAG)
    assert _row().until is None


def _make_first_of_two(bank: Organization) -> datetime:
    """Sum up, and return a later moment at which the row is due again, with payments since."""
    for number in range(40):
        _pay(bank, NOW - number * timedelta(hours=5))
    before = NOW - timedelta(hours=3)
    _wish(bank, at=before, now=before)
    assert _sum_up(before) == [True]
    ActivitySummary.unscoped.update(next_at=NOW)
    return NOW + timedelta(hours=1)


def _read(row: ActivitySummary) -> Summary:
    assert row.document is not None
    return read_summary(row.document)


def test_a_second_summary_is_the_first_brought_up_to_date(bank: Organization) -> None:
    later = _make_first_of_two(bank)
    document = write_summary(msgspec.structs.replace(_read(_row()), sum_24h_minor="7000"))
    ActivitySummary.unscoped.update(document=document)
    _sum_up(later)
    second = _read(_row())
    assert second.counted_at == NOW - timedelta(hours=3) - LAG
    assert second.sum_24h_minor == "7000"  # one came in, another left


def test_now_and_then_all_rows_are_counted_again_and_a_summary_that_was_wrong_is_told_of(
    bank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "COUNTED_EVERY", timedelta(hours=4))
    later = _make_first_of_two(bank)
    right = write_summary(_read(_row()))
    with capture_logs() as silent:
        _sum_up(later)
    assert silent == []
    assert _read(_row()).counted_at == later - LAG
    wrong = write_summary(msgspec.structs.replace(read_summary(right), sum_24h_minor="7000"))
    ActivitySummary.unscoped.update(next_at=NOW, document=wrong, until=read_summary(right).until)
    with capture_logs() as logs:
        _sum_up(later)
    assert [(log["event"], log["kind"]) for log in logs] == [("summary_was_wrong", "email")]
    assert _read(_row()).sum_24h_minor == "500"


def test_what_is_written_behind_the_moment_while_both_are_made_is_no_error_and_voids_them(
    bank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "COUNTED_EVERY", timedelta())
    later = _make_first_of_two(bank)

    def pay_late(*_: object, **asked: Any) -> list[Statement]:
        _pay(bank, NOW)
        return make_whole_statements(**asked)

    monkeypatch.setattr(services, "make_whole_statements", pay_late)
    with capture_logs() as logs:
        assert _sum_up(later) == [False]
    assert (logs, _row().document) == ([], None)


def test_a_summary_does_not_go_back(bank: Organization) -> None:
    _fill(bank)
    _wish(bank)
    _sum_up()
    ActivitySummary.unscoped.update(next_at=NOW - timedelta(seconds=1))
    assert _sum_up(NOW - timedelta(seconds=1)) == [True]
    assert _row().until == NOW - LAG


@pytest.mark.parametrize(("events", "seconds"), [(0, 3600), (1, 3600), (32, 1800), (1_000_000, 0.25)])
def test_the_busier_the_sooner_again(events: int, seconds: float) -> None:
    assert choose_pause(events_1h=events) == timedelta(seconds=seconds)


def test_when_the_next_is_due_is_known(bank: Organization) -> None:
    assert find_next_due() is None
    _wish(bank, now=NOW + timedelta(hours=2))
    assert find_next_due() == NOW + timedelta(hours=2)


def test_a_service_demands_a_unit_of_work() -> None:
    with pytest.raises(UnitOfWorkMisused):
        announce_summaries(now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_writes_is_waited_for() -> None:
    with psycopg.connect(**_parameters()) as writer:
        writer.execute("INSERT INTO accounts_ratewindow VALUES ('w', now(), now(), 1)")
        below = read_next_transaction()
        assert not are_over(below=below)
        writer.rollback()
    assert are_over(below=below)


@pytest.mark.django_db(transaction=True)
def test_a_summary_stays_behind_what_is_under_way(bank: Organization) -> None:
    now = read_clock()
    _wish(bank, at=now, now=now)
    with psycopg.connect(**_parameters()) as writer:
        row = writer.execute("SELECT now()").fetchone()
        assert row is not None
        with unit_of_work():
            announce_summaries(now=now + timedelta(minutes=1))
        assert _row().closing_until == row[0] - LAG
        writer.rollback()


def _parameters() -> dict[str, Any]:
    given = connection.settings_dict
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    return {name: given[setting] for setting, name in names.items()}
