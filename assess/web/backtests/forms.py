"""What is asked of whoever wants a policy tried."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.models import PolicyDraft
from assess.services.request_backtest import MAXIMUM_NAME_LENGTH
from assess.types import Baseline, NewBacktest
from core.web.forms import DateInput

DRAFT, VERSION = "draft", "version"
DATES = "dates"
_LARGEST_REVISION = 2**31 - 1
_NO_DAY = gettext_lazy("Elija un día de los años 1970 a 9998.")
_DAYS = (MinValueValidator(date(1970, 1, 1), _NO_DAY), MaxValueValidator(date(9998, 12, 31), _NO_DAY))
"""Those that have a next day, and of which payments can be (`EARLIEST`)."""


class NewBacktestForm(forms.Form):
    """Which policy, on which payments, against what."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        help_text=gettext_lazy("Para encontrarlo después: «Umbral de revisión a 25»."),
        max_length=MAXIMUM_NAME_LENGTH,
    )
    tried = forms.ChoiceField(
        label=gettext_lazy("Política que se prueba"),
        help_text=gettext_lazy("Se copia tal como está ahora: lo que cambie después no cambia el resultado."),
    )
    baseline = forms.ChoiceField(
        label=gettext_lazy("Se compara con"),
        choices=[
            (Baseline.STORED.value, gettext_lazy("Lo que se decidió entonces")),
            (Baseline.CURRENT.value, gettext_lazy("La política vigente, aplicada a los mismos datos")),
        ],
        initial=Baseline.STORED.value,
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Periodo"),
        choices=[
            ("7", gettext_lazy("Últimos 7 días")),
            ("30", gettext_lazy("Últimos 30 días")),
            ("90", gettext_lazy("Últimos 90 días")),
            (DATES, gettext_lazy("Entre dos fechas")),
        ],
        initial="30",
    )
    since_date = forms.DateField(
        label=gettext_lazy("Desde"),
        help_text=gettext_lazy("Solo si eligió «Entre dos fechas»."),
        widget=DateInput,
        required=False,
        validators=_DAYS,
    )
    until_date = forms.DateField(
        label=gettext_lazy("Hasta"),
        help_text=gettext_lazy("Ese día incluido, en la hora de su empresa."),
        widget=DateInput,
        required=False,
        validators=_DAYS,
    )

    def __init__(
        self,
        *args: Any,
        drafts: Iterable[PolicyDraft],
        versions: Iterable[int],
        timezone: str,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._zone, self._now = ZoneInfo(timezone), now
        choices = [(f"{DRAFT}:{draft.id}", _("Borrador «%(title)s»") % {"title": draft.title}) for draft in drafts]
        choices += [
            (f"{VERSION}:{version}", _("Versión %(version)s de la política") % {"version": version})
            for version in versions
        ]
        cast(forms.ChoiceField, self.fields["tried"]).choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("period") == DATES:
            since, until = given.get("since_date"), given.get("until_date")
            if since is None and "since_date" not in self.errors:
                self.add_error("since_date", _("Elija el primer día."))
            if until is None and "until_date" not in self.errors:
                self.add_error("until_date", _("Elija el último día."))
            if since and until and since > until:
                self.add_error("until_date", _("Elija un día que no sea anterior al primero."))
        return given

    def make_wanted(self) -> NewBacktest:
        """Return what was asked for."""
        given = self.cleaned_data
        since, until = self._find_period()
        kind, _colon, value = given["tried"].partition(":")
        return NewBacktest(
            name=given["name"],
            draft_id=uuid.UUID(value) if kind == DRAFT else None,
            version=int(value) if kind == VERSION else None,
            baseline=Baseline(given["baseline"]),
            since=since,
            until=until,
        )

    def _find_period(self) -> tuple[datetime, datetime]:
        given = self.cleaned_data
        if given["period"] != DATES:
            return self._now - timedelta(days=int(given["period"])), self._now
        return self._begin(given["since_date"]), self._begin(given["until_date"] + timedelta(days=1))

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._zone)


class BacktestNameForm(forms.Form):
    """Another name."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_REVISION)
    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=MAXIMUM_NAME_LENGTH)


class MinutesForm(forms.Form):
    """How long one review takes."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutos por revisión"), min_value=1, max_value=240, initial=6, required=False
    )
