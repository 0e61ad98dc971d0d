"""What is asked about many entries at once."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocklists.rules.bulk import MOST_AT_ONCE
from blocklists.types import BulkAct, BulkOrder
from blocklists.web.words import ACTS, list_choices
from core.web.forms import DateInput

_ID_LENGTH = 37
_LAST_YEAR = 9998


class BulkForm(forms.Form):
    """An act, and for a new end its day."""

    act = forms.ChoiceField(label=gettext_lazy("Con las elegidas"), choices=list_choices(ACTS))
    expires_date = forms.DateField(
        label=gettext_lazy("Nuevo vencimiento"),
        help_text=gettext_lazy("Solo para «Poner vencimiento». Vacío: sin vencimiento."),
        widget=DateInput,
        required=False,
    )

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone, self._now = ZoneInfo(zone), now

    def clean_expires_date(self) -> datetime | None:
        """Return the end of that day where the organization is."""
        day: date | None = self.cleaned_data["expires_date"]
        if day is None:
            return None
        if not self._now.astimezone(self._zone).date() <= day or day.year > _LAST_YEAR:
            raise forms.ValidationError(_("Elija un día que no haya pasado, o déjelo vacío."))
        return datetime.combine(day, time(23, 59, 59), tzinfo=self._zone).astimezone(UTC)

    def read_order(self) -> BulkOrder:
        """Return the act as the service takes it."""
        return BulkOrder(act=BulkAct(self.cleaned_data["act"]), expires_at=self.cleaned_data["expires_date"])


class ChosenForm(BulkForm):
    """The act again, with the entries that its effect was shown of."""

    entries = forms.CharField(widget=forms.HiddenInput, max_length=MOST_AT_ONCE * _ID_LENGTH)

    def clean_entries(self) -> list[uuid.UUID]:
        """Return the ids."""
        return read_ids(self.cleaned_data["entries"].split(","))


def read_ids(words: list[str]) -> list[uuid.UUID]:
    """Return the ids, each once. Raises ValidationError for what is none."""
    try:
        return list(dict.fromkeys(uuid.UUID(word) for word in words))
    except ValueError:
        raise forms.ValidationError(_("Vuelva a elegir las entradas.")) from None
