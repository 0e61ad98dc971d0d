"""Which entries are wanted: the address of the page says it, so that it can be kept and sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from blocklists.types import (
    MAXIMUM_VALUE_LENGTH,
    EntryFilter,
    EntrySource,
    EntryState,
    FlowScope,
    ListType,
    Severity,
)
from blocklists.web.words import FLOWS, SEVERITIES, SOURCES, STATES, TYPES, Words, list_choices


def _choose(label: Any, every: Any, words: Words) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", every), *list_choices(words)], required=False)


def _read_word[W: StrEnum](given: str, words: type[W]) -> W | None:
    return words(given) if given else None


class EntryFilterForm(forms.Form):
    """The filters of the list, all optional."""

    search = forms.CharField(
        label=gettext_lazy("Buscar"),
        help_text=gettext_lazy("El valor completo, su inicio o su final; con espacios o con máscara: **** 1234."),
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        max_length=MAXIMUM_VALUE_LENGTH,
        required=False,
    )
    type = _choose(gettext_lazy("Tipo"), gettext_lazy("Todos"), TYPES)
    severity = _choose(gettext_lazy("Severidad"), gettext_lazy("Todas"), SEVERITIES)
    flow = _choose(gettext_lazy("Flujo"), gettext_lazy("Todos"), FLOWS)
    source = _choose(gettext_lazy("Origen"), gettext_lazy("Todos"), SOURCES)
    state = _choose(gettext_lazy("Estado"), gettext_lazy("Todos"), STATES)

    def read_filter(self, *, now: datetime, limit: int, offset: int = 0) -> EntryFilter:
        """Return the filter as the queries take it."""
        given = self.cleaned_data
        return EntryFilter(
            list_type=_read_word(given["type"], ListType),
            severity=_read_word(given["severity"], Severity),
            flow_scope=_read_word(given["flow"], FlowScope),
            source=_read_word(given["source"], EntrySource),
            state=_read_word(given["state"], EntryState),
            at=now,
            search=given["search"],
            limit=limit,
            offset=offset,
        )

    def list_chosen(self) -> list[tuple[str, str, str]]:
        """Return the name, the label and the words of each filter that is on."""
        return [
            (name, str(field.label), self._say(name, field))
            for name, field in self.fields.items()
            if self.cleaned_data.get(name)
        ]

    def _say(self, name: str, field: forms.Field) -> str:
        value = self.cleaned_data[name]
        return str(dict(cast(Any, field.choices))[value]) if isinstance(field, forms.ChoiceField) else str(value)

    def keep(self, *, without: str = "") -> dict[str, str]:
        """Return the filters that are on as a query has them, but one."""
        return {name: self.data[name] for name, _label, _said in self.list_chosen() if name != without}

    def make_query(self, *, without: str = "") -> str:
        """Return the address of the same list without one filter."""
        query = QueryDict(mutable=True)
        query.update(self.keep(without=without))
        return f"?{query.urlencode()}"
