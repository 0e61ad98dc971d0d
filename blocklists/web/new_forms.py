"""What is asked about a new entry."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocklists.kinds.table import normalize
from blocklists.rules.review import DEFAULT_LIFE
from blocklists.types import MAXIMUM_VALUE_LENGTH, FlowScope, ListType, NewEntry, Severity, default_scope
from blocklists.web.entry_forms import TermsForm
from blocklists.web.words import FLOWS, HINTS, TYPES, list_choices
from core.identifiers.errors import InvalidIdentifier

_ALL_ADDRESSES = "/0"


class NewEntryForm(TermsForm):
    """A value that is not to be trusted."""

    type = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=list_choices(TYPES), initial=ListType.CLABE.value)
    value = forms.CharField(
        label=gettext_lazy("Valor"),
        help_text=gettext_lazy("Con espacios, guiones o mayúsculas: se guarda en su forma normal."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        max_length=2 * MAXIMUM_VALUE_LENGTH,
    )
    flow = forms.ChoiceField(
        label=gettext_lazy("Flujo"),
        choices=[("", gettext_lazy("El del tipo")), *list_choices(FLOWS)],
        required=False,
    )
    is_confirmed = forms.BooleanField(label=gettext_lazy("Sí, agregarla de todos modos"), required=False)
    field_order = ("type", "value", "severity", "flow", "reason", "expires_date", "is_confirmed")

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, now=now, **kwargs)
        self.fields["expires_date"].initial = (now + DEFAULT_LIFE).astimezone(ZoneInfo(zone)).date()

    def clean(self) -> dict[str, Any]:
        """Put the value into its type's canonical form. Raises ValidationError beside the field."""
        given = super().clean() or {}
        if "type" in given and "value" in given:
            try:
                given["value"] = normalize(ListType(given["type"]), given["value"])
            except InvalidIdentifier:
                self.add_error("value", _say_shape(given["type"], given["value"]))
        return given

    @property
    def is_asked_about(self) -> bool:
        """Say whether there is a type and a value to tell the effect of, whatever else is wrong."""
        return self.is_bound and {"type", "value"} <= self.cleaned_data.keys()

    @property
    def list_type(self) -> ListType:
        return ListType(self.cleaned_data["type"])

    @property
    def scope(self) -> FlowScope:
        """Return the flow that was chosen, else the type's own."""
        given = self.cleaned_data.get("flow")
        return FlowScope(given) if given else default_scope(self.list_type)

    def read_entry(self) -> NewEntry:
        """Return the entry as the service takes it."""
        given = self.cleaned_data
        return NewEntry(
            list_type=self.list_type,
            value=given["value"],
            flow_scope=self.scope,
            severity=Severity(given["severity"]),
            reason=given["reason"],
            expires_at=given["expires_date"],
        )


def _say_shape(list_type: str, value: str) -> str:
    if list_type == ListType.IP_RANGE.value and value.strip().endswith(_ALL_ADDRESSES):
        return _("Una red con todas las direcciones (/0) coincidiría con todos los pagos: no se puede agregar.")
    if list_type in HINTS:
        return _("No tiene la forma de este tipo. Se escribe así: %(hint)s") % {"hint": HINTS[list_type]}
    return _("No tiene la forma de este tipo.")
