"""The words by which people know roles, invitations' states and permissions; in Spanish, the reader's by gettext."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.types import InvitationState, Role

ROLE_LABELS: Mapping[Role, Promise] = {
    Role.ADMIN: _("Administrador"),
    Role.ANALYST: _("Analista"),
    Role.COMPLIANCE_OFFICER: _("Cumplimiento"),
    Role.VIEWER: _("Visor"),
}

ROLE_SUMMARIES: Mapping[Role, Promise] = {
    Role.ADMIN: _("Administra la organización, su gente y sus claves, además de todo lo demás."),
    Role.ANALYST: _("Revisa pagos y mantiene las listas de bloqueo."),
    Role.COMPLIANCE_OFFICER: _("Revisa pagos y datos personales, lee la auditoría y la configuración."),
    Role.VIEWER: _("Solo ve; no cambia nada."),
}

INVITATION_LABELS: Mapping[InvitationState, Promise] = {
    InvitationState.PENDING: _("Pendiente"),
    InvitationState.EXPIRED: _("Vencida"),
    InvitationState.ACCEPTED: _("Aceptada"),
    InvitationState.REVOKED: _("Retirada"),
    InvitationState.CLOSED: _("Cerrada: ya tenía acceso"),
}

PERMISSION_WORDS: Mapping[str, Promise] = {
    "dashboard:read": _("Ver el panel"),
    "transactions:read": _("Ver transacciones"),
    "personal_data:read": _("Ver datos personales completos"),
    "cases:read": _("Ver expedientes"),
    "rules:read": _("Ver reglas"),
    "rules:propose": _("Proponer reglas y políticas, si la empresa lo permite"),
    "rules:write": _("Crear y cambiar reglas"),
    "policy:read": _("Ver la política de pesos y umbrales"),
    "policy:write": _("Publicar la política de pesos y umbrales"),
    "feeds:read": _("Ver listas externas"),
    "feeds:write": _("Agregar, activar y revisar listas externas"),
    "blocklists:read": _("Ver listas de bloqueo"),
    "blocklists:add": _("Agregar a listas de bloqueo"),
    "blocklists:edit": _("Cambiar entradas de listas de bloqueo"),
    "blocklists:weaken": _("Suavizar o desactivar entradas de listas de bloqueo"),
    "blocklists:delete": _("Eliminar entradas de listas de bloqueo"),
    "simulation:run": _("Correr simulaciones"),
    "keys:read": _("Ver claves API"),
    "keys:write": _("Crear, rotar y eliminar claves API"),
    "submerchants:read": _("Ver subcomercios"),
    "submerchants:write": _("Dar de alta y cambiar subcomercios"),
    "team:read": _("Ver el equipo"),
    "team:write": _("Invitar, suspender y quitar personas, y cambiar roles"),
    "team:export": _("Exportar la revisión de accesos"),
    "organization:read": _("Ver los datos de la organización"),
    "organization:write": _("Cambiar los datos de la organización"),
    "audit:read": _("Leer la auditoría"),
    "account:manage": _("Administrar su propia cuenta"),
    "token:end": _("Cerrar su propia sesión de API"),
}
"""In the order of the table of roles: each permission that a role may have."""
