"""Values of a policy as people read them: amounts as money, flags as on and off, every change with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assess.policy_difference import RULES, PolicyChange
from assess.signals.base import Signal
from assess.types import Language
from assess.web.policy_words import (
    BANDS,
    FLOWS,
    RISK_LISTS,
    RULE_ACTIONS,
    RULE_FIELDS,
    RULE_FLOWS,
    RULE_STAGES,
    SIGNALS,
    words_of_parameter,
)
from core.web.formats import format_money

NOTHING = "—"
_RULE_VALUES = {"flow": RULE_FLOWS, "action": RULE_ACTIONS, "stage": RULE_STAGES}


@dataclass(frozen=True, slots=True)
class ShownPolicyChange:
    """One value that differs, in words; a text of several lines has a line for each part."""

    label: str
    before: str
    after: str


def show_change(change: PolicyChange, rule_names: Mapping[str, str]) -> ShownPolicyChange:
    """Return the change in words; a rule without a name among `rule_names` is called by its code."""
    if change.path[0] == RULES:
        return _show_rule_change(change, rule_names)
    flow, part, *rest = change.path
    show = {"bands": _show_band, "weights": _show_weight, "disabled": _show_switch}.get(part, _show_parameter_change)
    return show(str(FLOWS[flow]), rest, change)


def show_parameter(code: str, name: str, value: Any) -> str:
    """Return a parameter's value with its unit; amounts by currency a line each."""
    match value:
        case dict():
            return "\n".join(_show_amounts(currency, held) for currency, held in value.items()) or NOTHING
        case list() | tuple():
            return "\n".join(str(RISK_LISTS.get(each, each)) for each in value) or NOTHING
    unit = words_of_parameter(code, name).unit
    return f"{value:,} {unit}" if unit else f"{value:,}"


def show_meaning(signal: Signal[Any]) -> str:
    """Return what makes the signal fire, in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return signal.meaning[Language.ENGLISH if is_english else Language.SPANISH]


def show_state(is_on: bool) -> str:
    """Return whether a signal takes part."""
    return _("Encendida") if is_on else _("Apagada")


def _show_amounts(currency: str, held: Any) -> str:
    amounts = held if isinstance(held, list | tuple) else (held,)
    shown = ", ".join(format_money(amount_minor=amount, currency=currency) for amount in amounts)
    return f"{shown} {currency}"


def _show_band(flow: str, rest: list[str], change: PolicyChange) -> ShownPolicyChange:
    return _plain(f"{flow} · {BANDS[rest[0]]}", change)


def _show_weight(flow: str, rest: list[str], change: PolicyChange) -> ShownPolicyChange:
    signal = SIGNALS.get(rest[0], rest[0])
    return _plain(_("%(flow)s · Peso de %(signal)s") % {"flow": flow, "signal": signal}, change)


def _show_switch(flow: str, rest: list[str], change: PolicyChange) -> ShownPolicyChange:
    label = f"{flow} · {SIGNALS.get(rest[0], rest[0])}"
    return ShownPolicyChange(label, show_state(not change.before), show_state(not change.after))


def _show_parameter_change(flow: str, rest: list[str], change: PolicyChange) -> ShownPolicyChange:
    code, name = rest
    label = f"{flow} · {SIGNALS.get(code, code)} · {words_of_parameter(code, name).label}"
    before, after = (
        NOTHING if value is None else show_parameter(code, name, value) for value in (change.before, change.after)
    )
    return ShownPolicyChange(label, before, after)


def _show_rule_change(change: PolicyChange, names: Mapping[str, str]) -> ShownPolicyChange:
    if len(change.path) == 1:
        sides = [_show_order(value, names) for value in (change.before, change.after)]
        return ShownPolicyChange(_("Orden de las reglas"), *sides)
    code, *field = change.path[1:]
    rule = _("Regla %(name)s") % {"name": names.get(code, code)}
    if not field:
        sides = [_show_rule(value) for value in (change.before, change.after)]
        return ShownPolicyChange(rule, *sides)
    sides = [_show_rule_value(field[0], value) for value in (change.before, change.after)]
    return ShownPolicyChange(f"{rule} · {RULE_FIELDS.get(field[0], field[0])}", *sides)


def _show_order(codes: Any, names: Mapping[str, str]) -> str:
    return "\n".join(names.get(code, code) for code in codes or ()) or NOTHING


def _show_rule(rule: Mapping[str, Any] | None) -> str:
    """Return how a whole rule stands, what it does and when."""
    if rule is None:
        return NOTHING
    does = str(RULE_ACTIONS[rule["action"]])
    if rule["action"] == "score":
        does = f"{does} ({rule['weight']:+})"
    return f"{RULE_STAGES[rule['stage']]} · {does}\n{rule['condition']}"


def _show_rule_value(field: str, value: Any) -> str:
    return NOTHING if value is None else str(_RULE_VALUES.get(field, {}).get(value, value))


def _plain(label: str, change: PolicyChange) -> ShownPolicyChange:
    before, after = (NOTHING if value is None else str(value) for value in (change.before, change.after))
    return ShownPolicyChange(label, before, after)
