"""What is asked about an entry."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocklists.import_types import MAXIMUM_REASON
from blocklists.rules.reasons import normalize_reason
from blocklists.types import LAST_YEAR, EntryChanges, EntryFacts, FlowScope, Severity
from blocklists.web.words import EFFECTS, FLOWS, SEVERITIES, list_choices
from core.web.formats import place_in_zone
from core.web.forms import DateInput

SEVERITY_HINTS = EFFECTS


class ReasonField(forms.CharField):
    """A reason, put into its form before its length is looked at: a browser sends two characters for an end of line."""

    def to_python(self, value: Any) -> str:
        """Return the reason as it is kept."""
        return normalize_reason(super().to_python(value) or "")


class EndForm(forms.Form):
    """A form that asks, as `expires_date`, for the last day on which entries act."""

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone, self._now = ZoneInfo(zone), now

    def clean_expires_date(self) -> datetime | None:
        """Return the end of that day where the organization is."""
        day: date | None = self.cleaned_data["expires_date"]
        if day is None:
            return None
        if not self._now.astimezone(self._zone).date() <= day or day.year > LAST_YEAR:
            raise _refuse_day()
        end = datetime.combine(day, time(23, 59, 59), tzinfo=self._zone).astimezone(UTC)
        if end.year > LAST_YEAR:
            raise _refuse_day()
        return end


def _refuse_day() -> forms.ValidationError:
    return forms.ValidationError(_("Elija un día que no haya pasado, o déjelo vacío."))


class TermsForm(EndForm):
    """How an entry acts, and why."""

    severity = forms.ChoiceField(
        label=gettext_lazy("Qué hace con un pago que coincide"),
        choices=list_choices(SEVERITIES),
        widget=forms.RadioSelect,
        initial=Severity.BLOCK.value,
    )
    flow = forms.ChoiceField(label=gettext_lazy("Flujo"), choices=list_choices(FLOWS))
    reason = ReasonField(
        label=gettext_lazy("Motivo"),
        help_text=gettext_lazy("Para quien la revise después: qué pasó y quién lo confirmó."),
        widget=forms.Textarea({"rows": 2}),
        max_length=MAXIMUM_REASON,
        required=False,
    )
    expires_date = forms.DateField(
        label=gettext_lazy("Vence"),
        help_text=gettext_lazy("Vale hasta el final de ese día. Vacío: sin vencimiento."),
        widget=DateInput,
        required=False,
    )


class EntryForm(TermsForm):
    """An entry that there is, as it was when it was read."""

    seen = forms.CharField(widget=forms.HiddenInput)
    is_active = forms.BooleanField(
        label=gettext_lazy("Activa"),
        help_text=gettext_lazy("Sin la marca, la entrada queda guardada y no hace nada."),
        required=False,
    )
    field_order = ("severity", "flow", "reason", "expires_date", "is_active")

    def __init__(self, *args: Any, entry: EntryFacts, zone: str, now: datetime, **kwargs: Any) -> None:
        """Fill in what the entry has."""
        self._entry = entry
        self._day = entry.expires_at and place_in_zone(entry.expires_at, zone=zone).date()
        initial = {
            "severity": entry.severity.value,
            "flow": entry.flow_scope.value,
            "reason": entry.reason,
            "expires_date": self._day,
            "is_active": entry.is_active,
            "seen": entry.updated_at.isoformat(),
        }
        super().__init__(*args, zone=zone, now=now, initial=initial, **kwargs)

    def clean_expires_date(self) -> datetime | None:
        """Return the moment that the entry has while the day is still its own."""
        if self._day is not None and self.cleaned_data["expires_date"] == self._day:
            return self._entry.expires_at
        return super().clean_expires_date()

    def clean_seen(self) -> datetime:
        return read_moment(self.cleaned_data["seen"])

    def read_changes(self) -> EntryChanges:
        """Return what was sent as the service takes it."""
        given = self.cleaned_data
        return EntryChanges(
            severity=Severity(given["severity"]),
            flow_scope=FlowScope(given["flow"]),
            reason=given["reason"],
            expires_at=given["expires_date"],
            is_active=given["is_active"],
        )


def read_moment(text: str) -> datetime:
    """Return the moment that a page wrote into its form. Raises ValidationError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise forms.ValidationError(_("Vuelva a abrir la página.")) from None
    if moment.tzinfo is None:
        raise forms.ValidationError(_("Vuelva a abrir la página."))
    return moment
