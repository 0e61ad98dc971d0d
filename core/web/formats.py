"""Amounts, moments and accounts as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.identifiers import clabe
from core.money import format_amount, normalize_currency

MINUS = "\N{MINUS SIGN}"
HIDDEN = "\N{BULLET}"
DEFAULT_ZONE = "America/Mexico_City"
_SIGNS = {"MXN": "$", "USD": "$", "CLP": "$", "COP": "$", "ARS": "$", "BRL": "R$", "PEN": "S/", "EUR": "€", "GBP": "£"}
_ZONE_NAMES = {DEFAULT_ZONE: "CDMX", "UTC": "UTC"}
_CLABE_GROUPS = (slice(3), slice(3, 6), slice(6, 17), slice(17, 18))
_SHOWN_DIGITS = 4
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def format_money(*, amount_minor: int, currency: str) -> str:
    """Return the full amount without its currency: `$1,234.50`, with all places that ISO 4217 gives the currency.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    _code, number = format_amount(amount_minor=abs(amount_minor), currency=currency, language="es-mx").split(" ")
    return f"{MINUS if amount_minor < 0 else ''}{_SIGNS.get(normalize_currency(currency), '')}{number}"


def format_clabe(value: str, *, masked: bool) -> str:
    """Return the CLABE grouped 3-3-11-1, only its last four digits when masked; anything else as it is, or hidden."""
    digits = clabe.compact(value)
    if not clabe.has_shape(digits):
        return HIDDEN * 4 if masked else value
    shown = HIDDEN * (len(digits) - _SHOWN_DIGITS) + digits[-_SHOWN_DIGITS:] if masked else digits
    return " ".join(shown[group] for group in _CLABE_GROUPS)


def find_last_digits(value: str) -> str:
    """Return what a masked CLABE still shows, or nothing."""
    return clabe.compact(value)[-_SHOWN_DIGITS:] if clabe.has_shape(value) else ""


def find_bank(value: str) -> str:
    """Return the bank of a CLABE, or nothing."""
    return (clabe.bank_name(value) or "") if clabe.has_shape(value) else ""


def place_in_zone(at: datetime, *, zone: str) -> datetime:
    """Return the moment as that zone has it; in UTC when it is none of the years 1 to 9999 there."""
    try:
        return at.astimezone(ZoneInfo(zone))
    except OverflowError:
        return at.astimezone(UTC)


def format_exact(at: datetime, *, zone: str = DEFAULT_ZONE) -> str:
    """Return the moment to the second with its zone: `22/11/2026 14:03:07 CDMX (UTC-6)`, with a true minus sign."""
    there = place_in_zone(at, zone=zone)
    return f"{there.strftime(_('%d/%m/%Y %H:%M:%S'))} {_name_zone(there, zone)} ({format_offset(there)})"


def _name_zone(there: datetime, zone: str) -> str:
    return "UTC" if there.tzinfo is UTC else _ZONE_NAMES.get(zone, zone.rpartition("/")[2].replace("_", " "))


def format_offset(there: datetime) -> str:
    """Return how far that moment's zone is from UTC: `UTC-6`, with a true minus sign."""
    offset = there.utcoffset()
    minutes = int(offset.total_seconds() // _MINUTE) if offset else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{MINUS if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def format_relative(at: datetime, *, now: datetime) -> str:
    """Return how long ago that was, or how long it is until then."""
    seconds = int((now - at).total_seconds())
    span = _format_span(abs(seconds))
    if not span:
        return _("ahora")
    return (_("en %(span)s") if seconds < 0 else _("hace %(span)s")) % {"span": span}


def _format_span(seconds: int) -> str:
    """Return the largest whole unit; nothing below a minute."""
    if seconds < _MINUTE:
        return ""
    if seconds < _HOUR:
        return _("%(count)s min") % {"count": seconds // _MINUTE}
    if seconds < _DAY:
        return _("%(count)s h") % {"count": seconds // _HOUR}
    days = seconds // _DAY
    return ngettext("%(count)s día", "%(count)s días", days) % {"count": days}
