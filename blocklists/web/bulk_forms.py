"""What is asked about many entries at once."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocklists.rules.bulk import MOST_AT_ONCE
from blocklists.types import BulkAct, BulkOrder
from blocklists.web.entry_forms import EndForm
from blocklists.web.words import ACTS, list_choices
from core.web.forms import DateInput

_ID_LENGTH = 37


class BulkForm(EndForm):
    """An act, and for a new end its day."""

    act = forms.ChoiceField(label=gettext_lazy("Con las elegidas"), choices=list_choices(ACTS))
    expires_date = forms.DateField(
        label=gettext_lazy("Nuevo vencimiento"),
        help_text=gettext_lazy("Solo para «Poner vencimiento». Vacío: sin vencimiento."),
        widget=DateInput,
        required=False,
    )

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
