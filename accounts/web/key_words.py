"""What keys are called on pages, in plain words: kinds, permissions with the endpoints they open, states."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import KEY_PERMISSIONS
from accounts.rules.key_states import KeyState
from accounts.types import KeyType
from core.environments import Environment

type Text = str | Promise


@dataclass(frozen=True)
class KindWords:
    """A kind of key: what it is for, where it may live, what becomes of it elsewhere."""

    label: Text
    creation: Text
    icon: str
    purpose: Text
    lives: Text
    never: Text


@dataclass(frozen=True)
class ScopeWords:
    """A permission: what it allows, and the endpoints that it opens."""

    label: Text
    endpoints: tuple[str, ...]
    is_coming: bool = False


KINDS: dict[KeyType, KindWords] = {
    KeyType.SECRET: KindWords(
        label=_("De servidor"),
        creation=_("Crear clave de servidor"),
        icon="lock",
        purpose=_("Su sistema pide decisiones sobre pagos y consulta transacciones."),
        lives=_("Vive en su servidor: en un gestor de secretos o en una variable de entorno."),
        never=_("Nunca en una página, en una app ni en el código. Quien la tenga actúa como su empresa."),
    ),
    KeyType.PUBLISHABLE: KindWords(
        label=_("De navegador"),
        creation=_("Crear clave de navegador"),
        icon="monitor",
        purpose=_("Su página de pago evalúa cobros y aporta datos del dispositivo. No evalúa pagos salientes."),
        lives=_("Puede ir en el código de su página o de su app: cualquiera la ve."),
        never=_("Solo funciona desde los orígenes que usted indique, y su palabra no basta: su servidor confirma."),
    ),
    KeyType.INGEST: KindWords(
        label=_("De ingesta"),
        creation=_("Crear clave de ingesta"),
        icon="inbox",
        purpose=_("Otro sistema entrega eventos de pago a Clausum. No lee ni decide nada."),
        lives=_("Vive en el servidor que envía los eventos."),
        never=_("La entrada de eventos aún no está abierta: puede preparar la clave desde hoy."),
    ),
}

SCOPES: dict[str, ScopeWords] = {
    "assess": ScopeWords(
        _("Pedir decisiones sobre pagos"),
        ("POST /api/v1/assess", "POST /api/v1/assess/payout", "POST /api/v1/assess/release"),
    ),
    "transactions:read": ScopeWords(
        _("Consultar transacciones"),
        ("GET /api/v1/merchant/transactions", "GET /api/v1/merchant/transactions/{transaction_id}"),
    ),
    "transactions:write": ScopeWords(
        _("Decir en qué terminó un pago"), ("POST /api/v1/merchant/transactions/{transaction_id}/outcome",)
    ),
    "submerchants:read": ScopeWords(
        _("Consultar subcomercios"), ("GET /api/v1/submerchants", "GET /api/v1/submerchants/{submerchant_id}")
    ),
    "submerchants:write": ScopeWords(
        _("Registrar y cambiar subcomercios"),
        (
            "POST /api/v1/submerchants",
            "PATCH /api/v1/submerchants/{submerchant_id}",
            "DELETE /api/v1/submerchants/{submerchant_id}",
        ),
    ),
    "fraud:report": ScopeWords(_("Reportar un fraude"), ("POST /api/v1/report-fraud",), is_coming=True),
}

PUBLISHABLE_ENDPOINTS = frozenset({"POST /api/v1/assess"})
"""Of those above, what a key of the browser opens."""

STATES: dict[KeyState, tuple[Text, str]] = {
    KeyState.ACTIVE: (_("Activa"), "accent"),
    KeyState.DISABLED: (_("Deshabilitada"), ""),
    KeyState.REPLACED: (_("Rotada"), "warning"),
    KeyState.EXPIRED: (_("Vencida"), "danger"),
    KeyState.REVOKED: (_("Revocada"), ""),
}
"""Each state's word and the tone of its badge."""

ENVIRONMENTS: dict[Environment, Text] = {
    Environment.SANDBOX: _("Pruebas"),
    Environment.PRODUCTION: _("Producción"),
}


def list_scopes(key_type: KeyType) -> list[str]:
    """Return the permissions that a key of that kind may have, in the order in which they are shown."""
    return [scope for scope in SCOPES if scope in KEY_PERMISSIONS[key_type]]


def list_endpoints(scope: str, *, key_type: KeyType) -> list[str]:
    """Return the endpoints that a permission opens to a key of that kind."""
    endpoints = SCOPES[scope].endpoints
    if key_type is KeyType.PUBLISHABLE:
        return [endpoint for endpoint in endpoints if endpoint in PUBLISHABLE_ENDPOINTS]
    return list(endpoints)
