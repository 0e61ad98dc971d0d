"""What is asked about keys."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiKey
from accounts.permissions import EVERYTHING
from accounts.rules.key_settings import MAXIMUM_NAME_LENGTH, MAXIMUM_RATE_LIMIT, KeySettings
from accounts.rules.networks import MAXIMUM_LIST_LENGTH
from accounts.rules.origins import normalize_origin
from accounts.types import DEFAULT_RATE_LIMIT_PER_MINUTE, ROTATION_OVERLAP_HOURS, KeyType
from accounts.web.key_words import ENVIRONMENTS, SCOPES, list_endpoints, list_scopes
from core.environments import Environment
from core.identifiers import ip
from core.identifiers.errors import InvalidIdentifier
from core.web.forms import DateInput

DEFAULT_LIFE = timedelta(days=365)
MAXIMUM_LIFE = timedelta(days=3653)
_LIST_LENGTH = 30_000
_OVERLAPS = {
    0: gettext_lazy("Termina al momento"),
    24: gettext_lazy("Sigue valiendo 24 horas"),
    168: gettext_lazy("Sigue valiendo 7 días"),
}


class KeySettingsForm(forms.Form):
    """What may be set of a key of one kind, when it is made and afterwards."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        help_text=gettext_lazy("Dónde se usará, para reconocerla después: «Núcleo bancario, nómina»."),
        max_length=MAXIMUM_NAME_LENGTH,
    )
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("Qué puede hacer"),
        help_text=gettext_lazy("Marque solo lo que necesita. Debajo de cada permiso están las direcciones que abre."),
        widget=forms.CheckboxSelectMultiple,
        initial=["assess"],
    )
    expires_date = forms.DateField(
        label=gettext_lazy("Vence"),
        help_text=gettext_lazy(
            "Vale hasta el final de ese día. Avisamos por correo 30, 7 y 1 días antes. Vacío: no vence."
        ),
        widget=DateInput,
        required=False,
    )
    allowed_ips = forms.CharField(
        label=gettext_lazy("Direcciones IP permitidas"),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        max_length=_LIST_LENGTH,
        required=False,
    )
    allowed_origins = forms.CharField(
        label=gettext_lazy("Orígenes permitidos"),
        help_text=gettext_lazy(
            "Uno por renglón, como https://pagos.ejemplo.mx, sin ruta. Sin ninguno, ningún navegador puede usarla."
        ),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        max_length=_LIST_LENGTH,
        required=False,
    )
    require_origin = forms.BooleanField(
        label=gettext_lazy("Exigir siempre un origen"),
        help_text=gettext_lazy("Rechaza también las llamadas sin origen, como las de una app."),
        required=False,
    )
    rate_limit_per_minute = forms.IntegerField(
        label=gettext_lazy("Llamadas por minuto"),
        help_text=gettext_lazy("Vacío: sin límite."),
        min_value=1,
        max_value=MAXIMUM_RATE_LIMIT,
        initial=DEFAULT_RATE_LIMIT_PER_MINUTE,
        required=False,
    )
    rate_limit_per_day = forms.IntegerField(
        label=gettext_lazy("Llamadas por día"),
        help_text=gettext_lazy("Vacío: sin límite. El día se cuenta en UTC."),
        min_value=1,
        max_value=MAXIMUM_RATE_LIMIT,
        required=False,
    )

    def __init__(
        self, *args: Any, key_type: KeyType, timezone: str, address: str, now: datetime, **kwargs: Any
    ) -> None:
        """`address` is the reader's own, to be offered."""
        super().__init__(*args, **kwargs)
        self._zone, self._now = ZoneInfo(timezone), now
        self._keep_fields_of(key_type)
        today = now.astimezone(self._zone).date()
        self.fields["expires_date"].initial = today + DEFAULT_LIFE
        self.fields["allowed_ips"].help_text = _(
            "Una dirección o red por renglón, como 203.0.113.7 o 203.0.113.0/24. Vacío: desde cualquiera. "
            "Su dirección actual: %(address)s."
        ) % {"address": address or "?"}

    def _keep_fields_of(self, key_type: KeyType) -> None:
        scopes = list_scopes(key_type)
        if scopes:
            self._choose_scopes(scopes, key_type)
        else:
            del self.fields["permissions"]
        if key_type is not KeyType.PUBLISHABLE:
            del self.fields["allowed_origins"], self.fields["require_origin"]

    def _choose_scopes(self, scopes: list[str], key_type: KeyType) -> None:
        cast(forms.MultipleChoiceField, self.fields["permissions"]).choices = [
            (scope, SCOPES[scope].label) for scope in scopes
        ]
        self.scope_hints = {scope: _hint(scope, key_type) for scope in scopes}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError(_("Use solo letras, números y signos que se puedan leer."))
        return name

    def clean_expires_date(self) -> datetime | None:
        """Return the end of that day where the organization is."""
        day: date | None = self.cleaned_data["expires_date"]
        if day is None:
            return None
        if day < self._now.astimezone(self._zone).date():
            raise forms.ValidationError(_("Elija un día que no haya pasado."))
        if day > (self._now + MAXIMUM_LIFE).date():
            raise forms.ValidationError(_("Elija un día dentro de los próximos diez años, o déjelo vacío."))
        return datetime.combine(day, time(23, 59, 59), tzinfo=self._zone).astimezone(UTC)

    def clean_allowed_ips(self) -> list[str]:
        return _read_lines(
            self.cleaned_data["allowed_ips"],
            lambda item: ip.validate_network(item) if "/" in item else ip.validate(item),
            refusal=_("«%(item)s» no es una dirección IP ni una red."),
        )

    def clean_allowed_origins(self) -> list[str]:
        return _read_lines(
            self.cleaned_data["allowed_origins"],
            normalize_origin,
            refusal=_("«%(item)s» no es un origen: escriba https:// y el dominio, sin ruta ni comodines."),
        )

    def read_settings(self) -> KeySettings:
        """Return the settings as the services take them."""
        given = {name: value for name, value in self.cleaned_data.items() if name in KeySettings.__optional_keys__}
        given["expires_at"] = self.cleaned_data["expires_date"]
        return cast(KeySettings, given)


class KeyForm(KeySettingsForm):
    """A new key; of which kind, the page has asked before."""

    request_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    environment = forms.ChoiceField(
        label=gettext_lazy("Entorno"),
        help_text=gettext_lazy("Pruebas y producción son dos mundos: nada de uno se ve en el otro."),
        choices=[(each.value, label) for each, label in ENVIRONMENTS.items()],
        widget=forms.RadioSelect,
        initial=Environment.SANDBOX.value,
    )


class KeyChangeForm(KeySettingsForm):
    """The settings of a key that there is."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, key: ApiKey, timezone: str, address: str, now: datetime) -> None:
        """Fill in what the key has."""
        self._key = key
        self._day = key.expires_at and key.expires_at.astimezone(ZoneInfo(timezone)).date()
        kind = KeyType(key.key_type)
        initial = {
            "revision": key.revision,
            "name": key.name,
            "permissions": list_scopes(kind) if EVERYTHING in key.permissions else key.permissions,
            "allowed_ips": "\n".join(key.allowed_ips),
            "allowed_origins": "\n".join(key.allowed_origins),
            "require_origin": key.require_origin,
            "rate_limit_per_minute": key.rate_limit_per_minute,
            "rate_limit_per_day": key.rate_limit_per_day,
        }
        super().__init__(*args, key_type=kind, timezone=timezone, address=address, now=now, initial=initial)
        self.fields["expires_date"].initial = self._day

    def clean_expires_date(self) -> datetime | None:
        """Return the moment that the key has while it is to come and the day is still its own."""
        moment = self._key.expires_at
        if moment is not None and moment > self._now and self.cleaned_data["expires_date"] == self._day:
            return moment
        return super().clean_expires_date()

    def clean_permissions(self) -> list[str]:
        """Return "all" where that is what the key had and nothing was taken away."""
        chosen: list[str] = self.cleaned_data["permissions"]
        had_all = EVERYTHING in self._key.permissions
        return [EVERYTHING] if had_all and set(chosen) == set(self.initial["permissions"]) else chosen


def _hint(scope: str, key_type: KeyType) -> str:
    endpoints = " · ".join(list_endpoints(scope, key_type=key_type))
    return f"{endpoints} ({_('aún no está abierta')})" if SCOPES[scope].is_coming else endpoints


def _read_lines(text: str, normalize: Callable[[str], str], *, refusal: str) -> list[str]:
    """Return each line or comma-separated item once, in canonical form."""
    given = [item.strip() for item in text.replace(",", "\n").splitlines() if item.strip()]
    if len(given) > MAXIMUM_LIST_LENGTH:
        raise forms.ValidationError(_("Escriba cien como máximo."))
    read: dict[str, None] = {}
    for item in given:
        try:
            read[normalize(item)] = None
        except InvalidIdentifier:
            raise forms.ValidationError(refusal % {"item": item[:60]}) from None
    return list(read)


class RotationForm(forms.Form):
    """How long the old key goes on."""

    overlap_hours = forms.TypedChoiceField(
        label=gettext_lazy("La clave anterior"),
        choices=[(hours, _OVERLAPS[hours]) for hours in ROTATION_OVERLAP_HOURS],
        coerce=int,
        widget=forms.RadioSelect,
        initial=24,
    )


class DeletionForm(forms.Form):
    """The key's name, typed, so that nobody ends a key by a slip of the hand."""

    name = forms.CharField(label=gettext_lazy("Nombre de la clave"), max_length=MAXIMUM_NAME_LENGTH, strip=True)

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected = expected
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self._expected:
            raise forms.ValidationError(_("No coincide. Escriba el nombre tal como aparece arriba."))
        return name
