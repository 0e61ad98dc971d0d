"""What a backtest is made of, in words."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assess.backtests import segments
from assess.backtests.tally import OTHERS, Label
from assess.models import Backtest
from assess.signals.table import SIGNALS_BY_CODE
from assess.types import BacktestState, Language
from core.identifiers.clabe import bank_name
from core.money import exponent
from core.web.decisions import DECISIONS
from events.web.words import VALUE_WORDS
from transactions.types import Decision, Flow

STATES: dict[BacktestState, tuple[str | Promise, str]] = {
    BacktestState.RUNNING: (gettext_lazy("En curso"), "accent"),
    BacktestState.DONE: (gettext_lazy("Terminado"), ""),
    BacktestState.FAILED: (gettext_lazy("Falló"), "danger"),
    BacktestState.CANCELLED: (gettext_lazy("Cancelado"), ""),
}
FLOWS: dict[Flow, str | Promise] = {flow: VALUE_WORDS["flow"][flow.value] for flow in Flow}
LABELS: dict[Label, str | Promise] = {
    Label.FRAUD: gettext_lazy("Fraude"),
    Label.GOOD: gettext_lazy("Legítimo"),
    Label.NONE: gettext_lazy("Sin etiqueta"),
}
SEGMENT_KINDS: dict[str, str | Promise] = {
    segments.FLOW: gettext_lazy("Flujo"),
    segments.BANK: gettext_lazy("Banco del beneficiario"),
    segments.COUNTRY: gettext_lazy("País"),
    segments.CHANNEL: gettext_lazy("Canal"),
    segments.AMOUNT: gettext_lazy("Importe"),
}
_CLABE_LENGTH = 18


def say_move(before: Decision, after: Decision) -> str:
    """Return "Liberar → En revisión"."""
    return f"{DECISIONS[before].label} → {DECISIONS[after].label}"


def say_tried(row: Backtest) -> str:
    """Return what was tried."""
    if row.version is not None:
        return _("Versión %(version)s de la política") % {"version": row.version}
    return _("Borrador «%(title)s»") % {"title": row.tried}


def say_baseline(row: Backtest) -> str:
    """Return what it is compared with."""
    if row.baseline_version is None:
        return _("Lo que se decidió entonces")
    return _("La versión %(version)s, entonces vigente, aplicada a los mismos datos") % {
        "version": row.baseline_version
    }


def say_segment(kind: str, value: str) -> str:
    """Return a segment's value as people call it."""
    if value == OTHERS:
        return _("Los demás")
    if not value:
        return _("No se dijo")
    if kind == segments.FLOW:
        return str(FLOWS[Flow(value)])
    if kind == segments.BANK:
        return bank_name(value.ljust(_CLABE_LENGTH, "0")) or value
    return _say_band(value) if kind == segments.AMOUNT else value


def _say_band(value: str) -> str:
    """Return the amounts whose minor units have that many digits, in whole units of the currency."""
    currency, _colon, digits = value.partition(":")
    power = int(digits) - exponent(currency)
    if power <= 0:
        return _("Menos de 1 %(currency)s") % {"currency": currency}
    return _("%(low)s a %(high)s %(currency)s") % {
        "low": f"{10 ** (power - 1):,}",
        "high": f"{10**power - 1:,}",
        "currency": currency,
    }


def say_signal(code: str, names: dict[str, str]) -> str:
    """Return what a signal means in the reader's language; a custom rule by its name in `names`."""
    signal = SIGNALS_BY_CODE.get(code)
    return signal.meaning[read_language()] if signal else names.get(code, code)


def read_language() -> Language:
    """Return the reader's language as signals know it."""
    return Language.ENGLISH if (get_language() or "").startswith("en") else Language.SPANISH
