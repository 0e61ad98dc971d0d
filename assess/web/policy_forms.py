"""What is asked about the policy: its settings, one flow of a draft, and why and when it is to be published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec
from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.models import PolicySettings
from assess.policy import MAXIMUM_WEIGHT, FlowPolicy, PolicyInvalid
from assess.services.policy_drafts import MAXIMUM_TITLE_LENGTH
from assess.services.publish_policy import MAXIMUM_REASON_LENGTH
from assess.signals.base import Signal
from assess.signals.blocklist import BlocklistParameters
from assess.signals.table import list_signals
from assess.web.policy_fields import make_parameter_fields
from assess.web.policy_values import show_meaning
from assess.web.policy_words import BANDS, SIGNALS
from core.web.forms import MomentInput

_LARGEST_REVISION = 2**31 - 1
_BANDS, _WEIGHT, _ON, _PARAMETER = "bands", "weight", "on", "parameter"


class PolicySettingsForm(forms.Form):
    """From which impact on a second person must agree, and who may propose."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_REVISION)
    second_person_percent = forms.IntegerField(
        label=gettext_lazy("Segunda firma desde (% de decisiones que cambiarían)"),
        help_text=gettext_lazy("De 1 a 100. Vacío: nunca se pide, salvo a analistas."),
        min_value=1,
        max_value=100,
        required=False,
    )
    are_analysts_heard = forms.BooleanField(
        label=gettext_lazy("Los analistas pueden proponer cambios"),
        help_text=gettext_lazy("Lo que propongan siempre espera a que alguien de administración lo apruebe."),
        required=False,
    )

    @classmethod
    def of(cls, settings: PolicySettings) -> Self:
        """Return the form with what is set now."""
        return cls(initial={name: getattr(settings, name) for name in cls.base_fields})


class Section(StrEnum):
    """The parts of a flow's form: cut lines with weights and switches, parameters, and what entries of lists weigh."""

    WEIGHTS = "weights"
    PARAMETERS = "parameters"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal of the form; what may block has neither weight nor switch."""

    name: str | Promise
    meaning: str
    weight: BoundField | None
    switch: BoundField | None
    parameters: list[BoundField]

    @property
    def has_errors(self) -> bool:
        """Say whether something under the signal was refused, so that it is opened."""
        return any(each.errors for each in self.parameters)


class FlowForm(forms.Form):
    """One flow of a draft: its cut lines, and weight, switch and parameters of its signals.

    It comes in sections, as all of a flow at once would make the page heavier than a page may be; each leaves what the
    others hold as it is.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_REVISION)
    title = forms.CharField(label=gettext_lazy("Título del borrador"), max_length=MAXIMUM_TITLE_LENGTH)

    def __init__(
        self,
        data: Any = None,
        *,
        part: FlowPolicy,
        section: Section = Section.WEIGHTS,
        revision: int = 0,
        title: str = "",
    ) -> None:
        """`part` is the flow as the draft has it."""
        super().__init__(data, initial={"revision": revision, "title": title} | _list_initial(part))
        self._part = part
        self.section = section
        self._signals = [each for each in list_signals(flow=part.flow) if _is_in(section, each)]
        self.fields |= {name: _make_band(str(label)) for name, label in self._name_bands()}
        for signal in self._signals:
            make = _make_weight_fields if self.has_weights else _make_signal_parameters
            self.fields |= dict(make(signal))

    @property
    def has_weights(self) -> bool:
        """Say whether it is the section of cut lines, weights and switches."""
        return self.section is Section.WEIGHTS

    @property
    def bands(self) -> list[BoundField]:
        return [self[name] for name, _label in self._name_bands()]

    @property
    def rows(self) -> list[SignalRow]:
        return [self._make_row(signal) for signal in self._signals]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if not title.isprintable():
            raise forms.ValidationError(_("Use solo letras, números y signos que se puedan leer."))
        return title

    def clean(self) -> dict[str, Any]:
        """Refuse cut lines that are out of order."""
        given = super().clean() or self.cleaned_data
        lines = [given.get(name) for name, _label in self._name_bands()]
        known = [line for line in lines if line is not None]
        if known != sorted(known):
            self.add_error(f"{_BANDS}.review", _("Cada corte debe ser igual o mayor que el anterior."))
        return given

    def read_part(self) -> dict[str, Any]:
        """Return the flow as a policy's document has it."""
        given, part = self.cleaned_data, self._part
        switched = {
            signal.code: given[f"{_ON}.{signal.code}"]
            for signal in self._signals
            if self.has_weights and not signal.can_block
        }
        off = {code for code, is_on in switched.items() if not is_on}
        return {
            "bands": {name: given.get(f"{_BANDS}.{name}", getattr(part.bands, name)) for name in BANDS},
            "weights": part.weights | {code: given[f"{_WEIGHT}.{code}"] for code in switched},
            "disabled": sorted((part.disabled - switched.keys()) | off),
            "parameters": {code: msgspec.to_builtins(held, str_keys=True) for code, held in part.parameters.items()}
            | {
                signal.code: {
                    name: given[f"{_PARAMETER}.{signal.code}.{name}"] for name in signal.parameters.__struct_fields__
                }
                for signal in self._signals
                if not self.has_weights
            },
        }

    def tell(self, refusal: PolicyInvalid) -> None:
        """Put what no policy may be beside its field, or on top."""
        fields = refusal.details.get("fields")
        for path in fields if isinstance(fields, Mapping) else ():
            flow, _dot, rest = str(path).partition(".")
            name = rest.replace("weights.", f"{_WEIGHT}.").replace("parameters.", f"{_PARAMETER}.")
            known = name if flow == self._part.flow and name in self.fields else None
            self.add_error(known, _("Este valor no puede estar en una política."))

    def _name_bands(self) -> list[tuple[str, str | Promise]]:
        return [(f"{_BANDS}.{name}", label) for name, label in BANDS.items()] if self.has_weights else []

    def _make_row(self, signal: Signal[Any]) -> SignalRow:
        code = signal.code
        return SignalRow(
            name=SIGNALS[code],
            meaning=show_meaning(signal),
            weight=self[f"{_WEIGHT}.{code}"] if self.has_weights and not signal.can_block else None,
            switch=self[f"{_ON}.{code}"] if self.has_weights and not signal.can_block else None,
            parameters=[
                self[f"{_PARAMETER}.{code}.{name}"]
                for name in signal.parameters.__struct_fields__
                if not self.has_weights
            ],
        )


class ProposeForm(forms.Form):
    """Why, and when."""

    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        help_text=gettext_lazy("Queda en la historia y en la auditoría con su nombre."),
        widget=forms.Textarea({"rows": 2}),
        max_length=MAXIMUM_REASON_LENGTH,
    )
    publish_at = forms.DateTimeField(
        label=gettext_lazy("Publicar más tarde"),
        widget=MomentInput,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        required=False,
    )

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        """`zone` is the organization's, in which the moment is written."""
        super().__init__(*args, **kwargs)
        self._zone, self._now = ZoneInfo(zone), now
        self.fields["publish_at"].help_text = _("Hora de %(zone)s. Vacío: en cuanto se apruebe.") % {"zone": zone}

    def clean_publish_at(self) -> datetime | None:
        """Return the moment, which Django read in a zone of its own."""
        given: datetime | None = self.cleaned_data["publish_at"]
        if given is None:
            return None
        moment = given.replace(tzinfo=self._zone)
        if moment <= self._now:
            raise forms.ValidationError(_("Elija un momento que aún no haya pasado."))
        return moment


def _is_in(section: Section, signal: Signal[Any]) -> bool:
    if signal.parameters is BlocklistParameters:
        return section is Section.LISTS
    return section is Section.WEIGHTS or (section is Section.PARAMETERS and bool(signal.parameters.__struct_fields__))


def _make_band(label: str) -> forms.Field:
    return forms.IntegerField(label=label, min_value=1, max_value=100)


def _make_weight_fields(signal: Signal[Any]) -> Iterator[tuple[str, forms.Field]]:
    name = str(SIGNALS[signal.code])
    if not signal.can_block:
        weight = forms.IntegerField(
            label=_("Peso de %(signal)s") % {"signal": name}, min_value=0, max_value=MAXIMUM_WEIGHT
        )
        yield f"{_WEIGHT}.{signal.code}", weight
        switch = forms.BooleanField(label=_("%(signal)s encendida") % {"signal": name}, required=False)
        yield f"{_ON}.{signal.code}", switch


def _make_signal_parameters(signal: Signal[Any]) -> Iterator[tuple[str, forms.Field]]:
    for parameter, field in make_parameter_fields(signal).items():
        yield f"{_PARAMETER}.{signal.code}.{parameter}", field


def _list_initial(part: FlowPolicy) -> dict[str, Any]:
    """Return what the draft says, by field."""
    known: dict[str, Any] = {f"{_BANDS}.{name}": getattr(part.bands, name) for name in BANDS}
    for signal in list_signals(flow=part.flow):
        code, held = signal.code, part.parameters[signal.code]
        known |= {f"{_WEIGHT}.{code}": part.weights[code], f"{_ON}.{code}": code not in part.disabled}
        known |= {f"{_PARAMETER}.{code}.{name}": getattr(held, name) for name in held.__struct_fields__}
    return known
