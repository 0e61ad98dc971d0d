"""What of the audit trail is wanted: the address of the page says it, so that it can be kept and sent."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor_names import PersonName
from accounts.web.company_forms import ENVIRONMENTS
from core.environments import Environment
from core.web.forms import DateInput
from events.kinds import KINDS, PAYMENT_KINDS
from events.trail import TrailFilter
from events.web.words import KIND_WORDS

PAYMENT_DAYS = 1
"""How far back payments are listed when nobody says how far."""
_LONGEST_TEXT = 128
_LAST_YEAR = 9998


class TrailForm(forms.Form):
    """The filters, all optional."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Quién"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Id o folio"),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
        max_length=_LONGEST_TEXT,
        required=False,
    )
    since = forms.DateField(label=gettext_lazy("Desde"), widget=DateInput, required=False)
    until = forms.DateField(label=gettext_lazy("Hasta"), widget=DateInput, required=False)
    environment = forms.ChoiceField(
        label=gettext_lazy("Entorno"),
        choices=[("", gettext_lazy("Ambos")), *ENVIRONMENTS.items()],
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[PersonName], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        kinds = sorted(((kind, str(KIND_WORDS[kind])) for kind in KINDS), key=lambda choice: choice[1])
        names = [(str(person.user_id), person.shown) for person in people]
        self._choices("kind").choices = [("", _("Todo, salvo los pagos evaluados")), *kinds]
        self._choices("person").choices = [("", _("Todas las personas y claves")), *names]

    def _choices(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError for a period that ends before it begins."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("El periodo termina antes de empezar."))
        return given

    def read_filter(self, *, organization_id: uuid.UUID, now: datetime) -> TrailFilter:
        """Return the filter; days are those of the organization's zone, the last one whole."""
        given = self.cleaned_data
        since = self._begin(given["since"])
        if since is None and given["kind"] in PAYMENT_KINDS:
            since = now - timedelta(days=PAYMENT_DAYS)
        return TrailFilter(
            organization_id=organization_id,
            environments=(Environment(given["environment"]),) if given["environment"] else tuple(Environment),
            kind=given["kind"],
            actor_id=uuid.UUID(given["person"]) if given["person"] else None,
            text=given["text"],
            since=since,
            until=self._begin(given["until"], days=1),
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
        if isinstance(field, forms.ChoiceField):
            return str(dict(cast(Any, field.choices))[value])
        return value.strftime(_("%d/%m/%Y")) if isinstance(value, date) else str(value)

    def _begin(self, day: date | None, *, days: int = 0) -> datetime | None:
        if day is None or not 1 < day.year < _LAST_YEAR:
            return None
        return datetime.combine(day + timedelta(days=days), time(), tzinfo=self._zone).astimezone(UTC)
