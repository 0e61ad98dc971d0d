"""Amounts, accounts and moments as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from core.money import UnknownCurrency
from core.web.formats import (
    find_bank,
    find_last_digits,
    format_clabe,
    format_exact,
    format_money,
    format_relative,
)

NOW = datetime(2026, 11, 22, 20, 3, 7, tzinfo=UTC)
CLABE = "646180115000009034"


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (123_450, "MXN", "$1,234.50"),
        (0, "MXN", "$0.00"),
        (-5, "mxn", "\N{MINUS SIGN}$0.05"),
        (45_000, "CLP", "$45,000"),
        (1_234_567, "KWD", "1,234.567"),
        (100, "JPY", "100"),
        (10**15, "USD", "$10,000,000,000,000.00"),
    ],
)
def test_money_has_all_places_of_its_currency(amount_minor: int, currency: str, text: str) -> None:
    assert format_money(amount_minor=amount_minor, currency=currency) == text


def test_money_of_no_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        format_money(amount_minor=1, currency="XXX")


def test_a_clabe_is_grouped_by_bank_plaza_account_and_check_digit() -> None:
    assert format_clabe(CLABE, masked=False) == "646 180 11500000903 4"
    assert format_clabe("646-180 115000009034", masked=False) == "646 180 11500000903 4"


def test_a_masked_clabe_shows_four_digits() -> None:
    assert format_clabe(CLABE, masked=True) == "••• ••• ••••••••903 4"
    assert find_last_digits(CLABE) == "9034"


@pytest.mark.parametrize("value", ["", "12", "64618011500000903x", "<b>646</b>", CLABE + "1"])
def test_what_is_no_clabe_is_shown_as_it_is_or_not_at_all(value: str) -> None:
    assert format_clabe(value, masked=False) == value
    assert format_clabe(value, masked=True) == "••••"
    assert (find_last_digits(value), find_bank(value)) == ("", "")


def test_a_clabe_names_its_bank() -> None:
    assert find_bank("012180001234567897") == "BBVA Mexico"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("America/Mexico_City", "22/11/2026 14:03:07 CDMX (UTC\N{MINUS SIGN}6)"),
        ("UTC", "22/11/2026 20:03:07 UTC (UTC)"),
        ("Asia/Kolkata", "23/11/2026 01:33:07 Kolkata (UTC+5:30)"),
        ("America/Argentina/Buenos_Aires", "22/11/2026 17:03:07 Buenos Aires (UTC\N{MINUS SIGN}3)"),
    ],
)
def test_the_exact_time_names_its_zone(zone: str, text: str) -> None:
    with translation.override("es-mx"):
        assert format_exact(NOW, zone=zone) == text


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime.max.replace(tzinfo=UTC), "Asia/Tokyo", "31/12/9999 23:59:59 UTC (UTC)"),
        (datetime(1, 1, 1, tzinfo=UTC), "America/Mexico_City", "01/01/1 00:00:00 UTC (UTC)"),
    ],
)
def test_a_time_that_the_zone_has_no_date_for_is_told_in_utc(at: datetime, zone: str, text: str) -> None:
    with translation.override("es-mx"):
        assert format_exact(at, zone=zone) == text


def test_english_writes_a_date_that_cannot_be_misread() -> None:
    with translation.override("en"):
        assert format_exact(NOW) == "2026-11-22 14:03:07 CDMX (UTC\N{MINUS SIGN}6)"


@pytest.mark.parametrize(
    ("ago", "spanish", "english"),
    [
        (timedelta(seconds=59), "ahora", "now"),
        (timedelta(seconds=60), "hace 1 min", "1 min ago"),
        (timedelta(minutes=59, seconds=59), "hace 59 min", "59 min ago"),
        (timedelta(hours=1), "hace 1 h", "1 h ago"),
        (timedelta(hours=24), "hace 1 día", "1 day ago"),
        (timedelta(days=2), "hace 2 días", "2 days ago"),
        (timedelta(minutes=-12), "en 12 min", "in 12 min"),
    ],
)
def test_how_long_ago_it_was(ago: timedelta, spanish: str, english: str) -> None:
    for language, text in (("es-mx", spanish), ("en", english)):
        with translation.override(language):
            assert format_relative(NOW - ago, now=NOW) == text
