"""What an administrator is asked about the organization, a form for each part of the page."""

from datetime import datetime
from typing import Any, ClassVar, Self, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from accounts.rules.networks import normalize_networks
from accounts.rules.organization_settings import (
    MAXIMUM_NAME_LENGTH,
    MAXIMUM_REASON_LENGTH,
    MAXIMUM_RETENTION_DAYS,
    OrganizationSettings,
    RetentionFloors,
)
from accounts.rules.own_identifiers import normalize_own_identifiers, read_own_identifier
from accounts.types import FailPolicy, Language
from core.environments import Environment
from core.errors import ValidationFailed
from core.web.formats import format_offset

type Words = dict[str, str | Promise]

LANGUAGES: Words = {
    Language.SPANISH.value: gettext_lazy("Español (México)"),
    Language.ENGLISH.value: gettext_lazy("Inglés"),
}
ENVIRONMENTS: Words = {
    Environment.PRODUCTION.value: gettext_lazy("Producción"),
    Environment.SANDBOX.value: gettext_lazy("Pruebas"),
}
FAIL_POLICIES: Words = {
    FailPolicy.CLOSED.value: gettext_lazy("Detener el pago"),
    FailPolicy.OPEN.value: gettext_lazy("Dejar pasar el pago"),
}
ZONES = (
    "America/Mexico_City", "America/Cancun", "America/Chihuahua", "America/Ciudad_Juarez", "America/Hermosillo",
    "America/Matamoros", "America/Mazatlan", "America/Merida", "America/Monterrey", "America/Ojinaga",
    "America/Tijuana", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas",
    "America/Costa_Rica", "America/El_Salvador", "America/Guatemala", "America/Guayaquil", "America/Havana",
    "America/La_Paz", "America/Lima", "America/Managua", "America/Montevideo", "America/Panama",
    "America/Puerto_Rico", "America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo", "America/Tegucigalpa",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/New_York", "Europe/Madrid", "UTC",
)  # fmt: skip
"""Those of Mexico first, then where its neighbours live; another that is set already is offered too."""

_LARGEST_REVISION = 2**31 - 1


class PartForm(forms.Form):
    """One part of the organization's settings, as it was when it was read."""

    settings: ClassVar[tuple[str, ...]]
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_REVISION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several stand on one page, and no two fields may share an id.
        super().__init__(*args, **kwargs)
        self.auto_id = f"{type(self).__name__.lower()}_%s"

    @classmethod
    def of(cls, organization: Organization, **context: Any) -> Self:
        """Return the form with what is set now."""
        given = {name: cls.show(name, getattr(organization, name)) for name in cls.settings}
        return cls(initial=given | {"revision": organization.revision}, **context)

    @classmethod
    def show(cls, _name: str, value: Any) -> Any:
        """Return a setting as its field takes it."""
        return value

    def read_settings(self) -> OrganizationSettings:
        """Return the settings as the service takes them."""
        return cast(OrganizationSettings, {name: self.cleaned_data[name] for name in self.settings})


class DataForm(PartForm):
    """Who the organization is, where and in which language it works."""

    settings = ("name", "timezone", "language", "default_environment")

    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=MAXIMUM_NAME_LENGTH)
    timezone = forms.ChoiceField(
        label=gettext_lazy("Zona horaria"),
        help_text=gettext_lazy("Con ella se muestran las horas y se cuentan los días."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Idioma"),
        help_text=gettext_lazy("El de los correos; cada persona elige el suyo para las páginas."),
        choices=list(LANGUAGES.items()),
    )
    default_environment = forms.ChoiceField(
        label=gettext_lazy("Entorno predeterminado"),
        help_text=gettext_lazy("En el que empieza a trabajar cada persona al iniciar sesión."),
        choices=list(ENVIRONMENTS.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, now: datetime, zone: str, **kwargs: Any) -> None:
        """`zone` is the one that is set now."""
        super().__init__(*args, **kwargs)
        zones = ZONES if zone in ZONES else (zone, *ZONES)
        cast(forms.ChoiceField, self.fields["timezone"]).choices = [(each, show_zone(each, now=now)) for each in zones]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError(_("Use solo letras, números y signos que se puedan leer."))
        return name


class AccessForm(PartForm):
    """How people prove who they are, and from where they may work."""

    settings = ("requires_mfa", "allowed_ips")

    requires_mfa = forms.BooleanField(
        label=gettext_lazy("Exigir segundo factor a todas las personas"),
        help_text=gettext_lazy("Quien no tenga uno deberá configurarlo antes de seguir trabajando."),
        required=False,
    )
    allowed_ips = forms.CharField(
        label=gettext_lazy("Direcciones IP desde las que se puede trabajar"),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        max_length=10_000,
        required=False,
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        """`address` is the reader's own."""
        super().__init__(*args, **kwargs)
        self.address = address or "?"
        self.fields["allowed_ips"].help_text = _(
            "Una dirección o red por renglón, como 203.0.113.0/24. Vale para las páginas y para las sesiones de la "
            "API; las claves tienen su propia lista. Vacío: desde cualquiera. Usted trabaja desde %(address)s."
        ) % {"address": self.address}

    @classmethod
    def show(cls, name: str, value: Any) -> Any:
        """Return a list as lines."""
        return "\n".join(value) if name == "allowed_ips" else value

    def clean_allowed_ips(self) -> list[str]:
        """Return the list in canonical form."""
        text: str = self.cleaned_data["allowed_ips"]
        items = [item.strip() for item in text.replace(",", "\n").splitlines() if item.strip()]
        try:
            return normalize_networks(items, field="allowed_ips")
        except ValidationFailed:
            raise forms.ValidationError(
                _("Escriba como máximo cien direcciones o redes, una por renglón, como 203.0.113.7 o 203.0.113.0/24.")
            ) from None

    def tell_lock_out(self) -> None:
        """Say that the list would keep out the one who writes it."""
        self.add_error(
            "allowed_ips",
            _("Agregue la dirección desde la que usted trabaja (%(address)s): sin ella se quedaría fuera.")
            % {"address": self.address},
        )


class OwnForm(PartForm):
    """What is the organization's own, and should not end up on a list."""

    settings = ("own_identifiers",)

    own_identifiers = forms.CharField(
        label=gettext_lazy("CLABE, IBAN y dominios propios"),
        help_text=gettext_lazy(
            "Uno por renglón. Clausum avisa antes de que alguien agregue uno de ellos a una lista de bloqueo."
        ),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        max_length=30_000,
        required=False,
    )

    @classmethod
    def show(cls, _name: str, value: Any) -> Any:
        """Return the list as lines."""
        return "\n".join(value)

    def clean_own_identifiers(self) -> list[str]:
        """Return the list in canonical form."""
        text: str = self.cleaned_data["own_identifiers"]
        lines = [_split(line) for line in text.splitlines()]
        try:
            return normalize_own_identifiers([item for line in lines for item in line], field="own_identifiers")
        except ValidationFailed:
            raise forms.ValidationError(_say_wrong(lines)) from None


def _split(line: str) -> list[str]:
    return [item.strip() for item in line.split(",") if item.strip()]


def _say_wrong(lines: list[list[str]]) -> str:
    wrong = next((number for number, line in enumerate(lines, start=1) if None in map(read_own_identifier, line)), None)
    if wrong is None:
        return _("Escriba cien como máximo.")
    if len(lines) == 1:
        return _("No es una CLABE, un IBAN ni un dominio de correo.")
    return _("El renglón %(number)s no es una CLABE, un IBAN ni un dominio de correo.") % {"number": wrong}


class _FailPolicyForm(PartForm):
    """What clients are told to do when no answer comes in time, and why; one flow a form, each approved by itself."""

    flow: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields[self.settings[1]]
        reason.widget.attrs |= {"rows": 2}
        reason.help_text = _("Quién lo acordó y cuándo; queda en la auditoría con su nombre.")


def _make_policy_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Si no hay respuesta a tiempo"),
        choices=list(FAIL_POLICIES.items()),
        widget=forms.RadioSelect,
    )


def _make_reason_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Motivo"), widget=forms.Textarea, max_length=MAXIMUM_REASON_LENGTH, strip=True
    )


class PayinPolicyForm(_FailPolicyForm):
    """Of payments that come in."""

    settings = ("fail_policy_payin", "fail_policy_payin_reason")
    fail_policy_payin = _make_policy_field()
    fail_policy_payin_reason = _make_reason_field()


class PayoutPolicyForm(_FailPolicyForm):
    """Of payments that go out."""

    settings = ("fail_policy_payout", "fail_policy_payout_reason")
    fail_policy_payout = _make_policy_field()
    fail_policy_payout_reason = _make_reason_field()


class RetentionForm(PartForm):
    """How long records are kept."""

    settings = ("transaction_retention_days", "personal_data_retention_days")

    transaction_retention_days = forms.IntegerField(
        label=gettext_lazy("Pagos y decisiones, días"), max_value=MAXIMUM_RETENTION_DAYS
    )
    personal_data_retention_days = forms.IntegerField(
        label=gettext_lazy("Datos personales de la auditoría, días"), max_value=MAXIMUM_RETENTION_DAYS
    )

    def __init__(self, *args: Any, floors: RetentionFloors, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bound_below("transaction_retention_days", floors.transaction_days)
        self._bound_below("personal_data_retention_days", floors.personal_data_days)

    def _bound_below(self, name: str, days: int) -> None:
        field = cast(forms.IntegerField, self.fields[name])
        self.fields[name] = forms.IntegerField(
            label=field.label,
            min_value=days,
            max_value=MAXIMUM_RETENTION_DAYS,
            help_text=_("Mínimo %(days)s. Diez años son 3653 días.") % {"days": days},
        )


def show_zone(zone: str, *, now: datetime) -> str:
    """Return `Mexico City (UTC-6)`, with a true minus sign and what holds today."""
    place = zone.rpartition("/")[2].replace("_", " ")
    offset = format_offset(now.astimezone(ZoneInfo(zone)))
    return place if place == offset else f"{place} ({offset})"
