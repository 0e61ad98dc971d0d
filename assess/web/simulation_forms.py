"""The two ways to describe a payment on the page: a form, or the body as the API takes it."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.suppositions import Supposition
from assess.types import Payment
from assess.web.simulation_fields import GROUPS, SEPARATOR, Answer, Asked, list_asked
from assess.web.simulation_refusals import translate
from assess.web.simulation_words import SUPPOSED
from core.errors import AppError
from core.money import to_major
from core.strict_json import InvalidJson, JsonValue, parse_object
from core.web.forms import add_error
from transactions.types import Flow

LONGEST = 1024
LONGEST_BODY = 64 * 1024
_PLAIN = re.compile(r"[0-9]{1,19}(\.[0-9]{1,9})?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3}){1,6}(\.[0-9]{1,9})?")
_COUNT = re.compile(r"[0-9]{1,15}")
_SHOWN_DIGITS = 4
_FLAGS = (("", gettext_lazy("No se dice")), ("true", gettext_lazy("Sí")), ("false", gettext_lazy("No")))
_ASIDE = {"beneficiary": "beneficiary.clabe"}
"""Where a refusal is shown that is of no single field."""


class UnderForm(forms.Form):
    """Under which version, and on which past."""

    policy_version = forms.TypedChoiceField(
        label=gettext_lazy("Política"), coerce=int, empty_value=None, required=False
    )
    supposition = forms.ChoiceField(
        label=gettext_lazy("Suponer además"),
        help_text=gettext_lazy("Se toma por cierto del pasado, aunque no haya ocurrido."),
        required=False,
    )

    def __init__(self, *args: Any, versions: Sequence[int], suppositions: Sequence[Supposition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(number, _("Versión %(number)s") % {"number": number}) for number in versions]
        self.fields["policy_version"].choices = [("", _("La vigente")), *named]  # type: ignore[attr-defined]
        supposed = [(each.value, SUPPOSED[each]) for each in suppositions]
        self.fields["supposition"].choices = [("", _("Nada")), *supposed]  # type: ignore[attr-defined]

    @property
    def supposed(self) -> Supposition | None:
        """Return what is supposed, if anything."""
        chosen = self.cleaned_data.get("supposition")
        return Supposition(chosen) if chosen else None


class PaymentForm(UnderForm):
    """The questions about a payment of one flow. What is left empty of a stored payment's people stays as it was."""

    transaction = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, flow: Flow, stored: dict[str, JsonValue] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flow = flow
        self._stored = stored
        for asked in list_asked(flow):
            self.fields[asked.name] = _make_field(asked, find_value(stored or {}, asked.path))
        self.fields["amount"].required = self.fields["currency"].required = True

    @property
    def groups(self) -> list[tuple[Any, list[BoundField], bool]]:
        """Return each group's title, its questions, and whether it is folded: never with a value or an error in it."""
        asked = [(group, [self[each.name] for each in group.fields]) for group in GROUPS[self.flow]]
        return [(group.title, fields, group.is_folded and not _has_any(fields)) for group, fields in asked]

    def clean(self) -> dict[str, Any]:
        """Note what is no number."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for asked in list_asked(self.flow):
            given = cleaned.get(asked.name)
            if given and read_answer(asked, given) is None:
                self.add_error(asked.name, _NO_NUMBER[asked.answer])
        return cleaned

    def make_body(self) -> dict[str, JsonValue]:
        """Return the body that these answers are."""
        body: dict[str, Any] = _copy(self._stored or {})
        for asked in list_asked(self.flow):
            given = self.cleaned_data.get(asked.name)
            if given:
                _put(body, asked.path, read_answer(asked, given))
            elif not (asked.is_personal and self._stored):
                _take(body, asked.path)
        body["amount_unit"] = "major"
        if self.flow is Flow.PAYOUT:
            body.setdefault("beneficiary", {})
        return body

    def refuse(self, refusal: AppError) -> None:
        """Put what was refused beside its field."""
        fields = refusal.details.get("fields")
        if isinstance(fields, Mapping):
            named = {_ASIDE.get(str(path), str(path)).replace(".", SEPARATOR): said for path, said in fields.items()}
            refusal = AppError(
                refusal.text, details={"fields": {name: translate(said) for name, said in named.items()}}
            )
        add_error(self, refusal)


class JsonForm(UnderForm):
    """The body as the API takes it."""

    flow = forms.ChoiceField(label=gettext_lazy("Flujo"))
    body = forms.CharField(
        label=gettext_lazy("Cuerpo en JSON"),
        widget=forms.Textarea({"rows": 20, "spellcheck": "false", "autocomplete": "off"}),
        max_length=LONGEST_BODY,
        strip=False,
    )
    field_order = ("flow", "body", "policy_version", "supposition")

    def __init__(self, *args: Any, flows: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["flow"].choices = list(flows)  # type: ignore[attr-defined]

    def make_body(self) -> dict[str, JsonValue]:
        """Return the object that was written. Raises AppError when it is none."""
        try:
            return parse_object(self.cleaned_data["body"].encode())
        except (InvalidJson, UnicodeEncodeError) as error:
            reason = error.reason if isinstance(error, InvalidJson) else "lone_surrogate"
            raise AppError(str(error), details={"reason": reason}) from None

    def refuse(self, refusal: AppError) -> None:
        """Tell what was refused with its path in the body."""
        fields = refusal.details.get("fields")
        if not isinstance(fields, Mapping):
            self.add_error("body", _("No es un objeto JSON que se pueda leer: %(reason)s") % {"reason": refusal.text})
            return
        for path, said in fields.items():
            for message in translate(said):
                self.add_error("body", f"{path}: {message}")


def make_initial(payment: Payment, body: dict[str, JsonValue]) -> dict[str, Any]:
    """Return the answers that a stored payment gives, without those about people."""
    initial: dict[str, Any] = {}
    for asked in list_asked(payment.flow):
        value = find_value(body, asked.path)
        if value is None or asked.is_personal:
            continue
        if asked.answer is Answer.MONEY and isinstance(value, int):
            value = str(to_major(amount_minor=value, currency=payment.currency))
        initial[asked.name] = str(value).lower() if isinstance(value, bool) else value
    return initial


def read_answer(asked: Asked, given: str) -> JsonValue:
    """Return the answer as the body has it, None when it is no number but should be one."""
    text = given.strip()
    match asked.answer:
        case Answer.MONEY:
            return Decimal(text.replace(",", "")) if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) else None
        case Answer.COUNT:
            return int(text) if _COUNT.fullmatch(text) else None
        case Answer.FLAG:
            return text == "true"
    return text


def find_value(body: Mapping[str, Any], path: str) -> Any:
    """Return what stands at the path, or None."""
    found: Any = body
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _make_field(asked: Asked, kept: Any) -> forms.Field:
    if asked.answer is Answer.FLAG:
        return forms.ChoiceField(label=str(asked.label), choices=_FLAGS, required=False)
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    if asked.answer is not Answer.TEXT:
        attributes["inputmode"] = "decimal"
    help_text = _tell_kept(kept) if asked.is_personal and kept else str(asked.help)
    return forms.CharField(
        label=str(asked.label),
        help_text=help_text,
        widget=forms.TextInput(attributes),
        max_length=LONGEST,
        required=False,
    )


def _tell_kept(kept: Any) -> str:
    """Say that the stored payment's value stays, by the last digits of one that has many."""
    text = str(kept)
    if len(text) > 2 * _SHOWN_DIGITS and text[-_SHOWN_DIGITS:].isdigit():
        return _("Vacío: el del pago, terminado en %(last)s.") % {"last": text[-_SHOWN_DIGITS:]}
    return _("Vacío: el del pago.")


def _has_any(fields: Sequence[BoundField]) -> bool:
    return any(bound.errors or bound.value() for bound in fields)


def _copy(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copy(value) if isinstance(value, Mapping) else value for name, value in body.items()}


def _put(body: dict[str, Any], path: str, value: JsonValue) -> None:
    *above, last = path.split(".")
    for part in above:
        body = body.setdefault(part, {})
    body[last] = value


def _take(body: dict[str, Any], path: str) -> None:
    *above, last = path.split(".")
    for part in above:
        body = body.get(part, {})
    body.pop(last, None)


_NO_NUMBER = {
    Answer.MONEY: gettext_lazy("Escriba un importe con punto decimal, como 1500.50 o 1,500.50."),
    Answer.COUNT: gettext_lazy("Escriba un número entero."),
}
