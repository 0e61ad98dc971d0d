"""Fields of a form for the parameters of signals, made from their structs: numbers, amounts by currency, lists."""

import re
from decimal import Decimal
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _

from assess.signals.base import Signal
from assess.web.policy_words import RISK_LISTS, words_of_parameter
from core.money import InvalidAmount, UnknownCurrency, normalize_currency, parse_amount, to_major

MAXIMUM_TEXT_LENGTH = 5_000
_AMOUNT_FORM = re.compile(r"(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,4})?")
_MAXIMUM_NAMES = 100
_MAXIMUM_NAME_LENGTH = 120

type Amounts = dict[str, int]
type AmountLists = dict[str, list[int]]


class AmountListsField(forms.CharField):
    """Amounts by currency, a line each, as `MXN 50000.00`; a currency may have several."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Return the amounts as lines; what was sent is shown as it came."""
        if not isinstance(value, dict):
            return value
        return "\n".join(
            f"{currency} {to_major(amount_minor=amount, currency=currency)}"
            for currency, held in value.items()
            for amount in (held if isinstance(held, list | tuple) else (held,))
        )

    def clean(self, value: Any) -> Any:
        """Return currency → amounts in minor units, in the order in which they were written."""
        found: AmountLists = {}
        for place, line in enumerate(str(super().clean(value)).splitlines(), 1):
            if line.strip():
                currency, amount = _read_amount(line, place)
                found.setdefault(currency, []).append(amount)
        return found


class AmountsField(AmountListsField):
    """One amount for each currency."""

    def clean(self, value: Any) -> Amounts:
        """Return currency → amount in minor units."""
        found = super().clean(value)
        for currency, held in found.items():
            if len(held) > 1:
                raise forms.ValidationError(
                    _("%(currency)s está dos veces: deje un solo importe.") % {"currency": currency}
                )
        return {currency: held[0] for currency, held in found.items()}


class NamesField(forms.CharField):
    """Texts, one a line."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Return the texts as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Return the texts, each once."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > _MAXIMUM_NAMES or any(len(each) > _MAXIMUM_NAME_LENGTH for each in names):
            raise forms.ValidationError(
                _("Escriba como máximo %(names)s nombres, de hasta %(length)s caracteres cada uno.")
                % {"names": _MAXIMUM_NAMES, "length": _MAXIMUM_NAME_LENGTH}
            )
        if not all(each.isprintable() for each in names):
            raise forms.ValidationError(_("Use solo letras, números y signos que se puedan leer."))
        return names


def make_parameter_fields(signal: Signal[Any]) -> dict[str, forms.Field]:
    """Return a field for each of the signal's parameters, by its name."""
    found: Any = msgspec.inspect.type_info(signal.parameters)
    return {each.name: _make_field(signal.code, each.name, each.type) for each in found.fields}


def _make_field(code: str, name: str, kind: msgspec.inspect.Type) -> forms.Field:
    words = words_of_parameter(code, name)
    label = f"{words.label} ({words.unit})" if words.unit else str(words.label)
    match kind:
        case msgspec.inspect.IntType():
            return forms.IntegerField(label=label, min_value=kind.ge, max_value=kind.le)
        case msgspec.inspect.DictType(value_type=msgspec.inspect.IntType()):
            return AmountsField(label=label, help_text=_one_each(), required=False, max_length=MAXIMUM_TEXT_LENGTH)
        case msgspec.inspect.DictType():
            return AmountListsField(
                label=label, help_text=_several_each(), required=False, max_length=MAXIMUM_TEXT_LENGTH
            )
    if name == "lists":
        choices = list(RISK_LISTS.items())
        return forms.MultipleChoiceField(
            label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
        )
    return NamesField(label=label, help_text=_("Uno por renglón."), required=False, max_length=MAXIMUM_TEXT_LENGTH)


def _one_each() -> str:
    return _("Un renglón por moneda, como MXN 50000.00. Una moneda que no está no tiene ninguno.")


def _several_each() -> str:
    return _("Un renglón por límite, como MXN 50000.00; una moneda puede tener varios.")


def _read_amount(line: str, place: int) -> tuple[str, int]:
    """Return currency and minor units of `MXN 50,000.00`, in either order."""
    words = line.split()
    refusal = forms.ValidationError(
        _("Renglón %(place)s: escriba la moneda y el importe, como MXN 50000.00, con los decimales de su moneda.")
        % {"place": place}
    )
    if len(words) != 2:
        raise refusal
    code, number = words if words[0].isalpha() else words[::-1]
    if not _AMOUNT_FORM.fullmatch(number):
        raise refusal
    try:
        currency = normalize_currency(code)
        amount = parse_amount(amount=Decimal(number.replace(",", "")), unit="major", currency=currency)
    except (UnknownCurrency, InvalidAmount):
        raise refusal from None
    return currency, amount
