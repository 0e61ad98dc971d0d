"""An organization's settings in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from accounts.types import Module, OrganizationType
from accounts.web.company_forms import ENVIRONMENTS, FAIL_POLICIES, LANGUAGES, Words, show_zone

NOTHING = "—"
TYPES: Words = {
    OrganizationType.BANK.value: gettext_lazy("Banco"),
    OrganizationType.PSP.value: gettext_lazy("Proveedor de servicios de pago (PSP)"),
    OrganizationType.MERCHANT.value: gettext_lazy("Comercio"),
}
MODULES: Words = {
    Module.PREVENTION.value: gettext_lazy("Prevención: cobros"),
    Module.OPERATIONS.value: gettext_lazy("Operaciones: expedientes y auditoría"),
    Module.INSTITUTIONAL.value: gettext_lazy("Institucional: pagos y red"),
    Module.INTELLIGENCE.value: gettext_lazy("Inteligencia: listas de amenazas"),
    Module.NETWORK_CONSUME.value: gettext_lazy("Red: consulta"),
}
FIELDS: Words = {
    "name": gettext_lazy("Nombre"),
    "timezone": gettext_lazy("Zona horaria"),
    "language": gettext_lazy("Idioma"),
    "default_environment": gettext_lazy("Entorno predeterminado"),
    "requires_mfa": gettext_lazy("Segundo factor para todas las personas"),
    "allowed_ips": gettext_lazy("Direcciones IP desde las que se puede trabajar"),
    "own_identifiers": gettext_lazy("CLABE, IBAN y dominios propios"),
    "fail_policy_payin": gettext_lazy("Si no hay respuesta a tiempo"),
    "fail_policy_payin_reason": gettext_lazy("Motivo"),
    "fail_policy_payout": gettext_lazy("Si no hay respuesta a tiempo"),
    "fail_policy_payout_reason": gettext_lazy("Motivo"),
    "transaction_retention_days": gettext_lazy("Pagos y decisiones"),
    "personal_data_retention_days": gettext_lazy("Datos personales de la auditoría"),
}


@dataclass(frozen=True, slots=True)
class Approval:
    """Who answers for a policy, and since when."""

    person: str
    at: datetime


def show_setting(setting: str, value: Any, *, now: datetime) -> str:
    """Return a setting as people read it."""
    showers: dict[str, Callable[[Any], object]] = {
        "timezone": lambda zone: show_zone(zone, now=now),
        "language": lambda code: LANGUAGES[code],
        "default_environment": lambda code: ENVIRONMENTS[code],
        "requires_mfa": lambda is_on: _("Obligatorio") if is_on else _("Opcional"),
        "allowed_ips": lambda networks: "\n".join(networks) or _("Desde cualquiera"),
        "own_identifiers": "\n".join,
        "fail_policy_payin": lambda code: FAIL_POLICIES[code],
        "fail_policy_payout": lambda code: FAIL_POLICIES[code],
        "transaction_retention_days": _show_days,
        "personal_data_retention_days": _show_days,
    }
    return str(showers[setting](value) if setting in showers else value) or NOTHING


def show_approval(organization: Organization, *, flow: str) -> Approval | None:
    """Return who approved the flow's policy, None while it is the one that everybody begins with."""
    person = getattr(organization, f"fail_policy_{flow}_approved_by")
    at: datetime | None = getattr(organization, f"fail_policy_{flow}_approved_at")
    return Approval(person.name or person.email, at) if person and at else None


def _show_days(days: int) -> str:
    return _("%(days)s días") % {"days": days}
