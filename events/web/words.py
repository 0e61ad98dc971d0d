"""The trail in words: what was done, to what, and which field."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = Mapping[str, str | Promise]

KIND_WORDS: Words = MappingProxyType(
    {
        "organization.created": _("Se dio de alta la organización"),
        "organization.changed": _("Se cambió la configuración de la empresa"),
        "member.added": _("Se dio acceso a una persona"),
        "modules.changed": _("Cambiaron los módulos contratados"),
        "key.created": _("Se creó una clave API"),
        "key.changed": _("Se cambió una clave API"),
        "key.rotated": _("Se rotó una clave API"),
        "key.revoked": _("Se revocó una clave API"),
        "submerchant.added": _("Se registró un subcomercio"),
        "submerchant.changed": _("Se cambió un subcomercio"),
        "token.issued": _("Una persona inició sesión por la API"),
        "token.ended": _("Terminó una sesión de la API"),
        "session.started": _("Una persona inició sesión"),
        "session.ended": _("Terminó una sesión del navegador"),
        "sign_in.refused": _("Se negó la entrada a una persona conocida"),
        "account.changed": _("Una persona cambió su contraseña o su segundo factor"),
        "blocklist_entry.added": _("Se agregó un valor a una lista"),
        "blocklist_entry.changed": _("Se cambió un valor de una lista"),
        "blocklist_entry.removed": _("Se quitó un valor de una lista"),
        "transaction.created": _("Se evaluó un pago"),
        "transaction.blocked": _("Se rechazó un pago"),
        "transaction.released": _("Se abandonó un pago o terminó su revisión"),
        "transaction.labelled": _("Se dijo si un pago fue fraude"),
        "transaction.outcome": _("Se supo qué fue de un pago"),
        "history.loaded": _("Se cargaron pagos anteriores"),
        "policy.published": _("Se publicaron pesos o umbrales"),
        "maintenance.switched": _("Un flujo entró en mantenimiento o salió de él"),
        "audit.exported": _("Se exportó la auditoría"),
        "audit.check_requested": _("Se pidió verificar la cadena de eventos"),
        "personal_data.erased": _("Se borraron los datos personales de un evento"),
    }
)

SUBJECT_WORDS: Words = MappingProxyType(
    {
        "access_token": _("Sesión de la API"),
        "api_key": _("Clave API"),
        "blocklist_entry": _("Valor de una lista"),
        "chain_check": _("Verificación"),
        "event": _("Evento"),
        "invitation": _("Invitación"),
        "membership": _("Miembro"),
        "organization": _("Empresa"),
        "session": _("Sesión"),
        "submerchant": _("Subcomercio"),
        "trail": _("Auditoría"),
        "transaction": _("Pago"),
        "user": _("Persona"),
    }
)

FIELD_WORDS: Words = MappingProxyType(
    {
        "allowed_ips": _("Direcciones permitidas"),
        "allowed_origins": _("Orígenes permitidos"),
        "before": _("Antes"),
        "country": _("País"),
        "decision": _("Decisión"),
        "default_environment": _("Entorno predeterminado"),
        "duplicates": _("Repetidos"),
        "email": _("Correo"),
        "environment": _("Entorno"),
        "expires_at": _("Caduca"),
        "external_id": _("Identificador externo"),
        "fail_policy_payin": _("Si no hay respuesta, cobros"),
        "fail_policy_payin_reason": _("Motivo, cobros"),
        "fail_policy_payout": _("Si no hay respuesta, pagos"),
        "fail_policy_payout_reason": _("Motivo, pagos"),
        "filters": _("Filtros"),
        "first_at": _("Desde"),
        "flow": _("Flujo"),
        "format": _("Formato"),
        "is_active": _("Activo"),
        "is_enabled": _("Habilitada"),
        "is_fraudulent": _("Es fraude"),
        "is_on": _("En mantenimiento"),
        "labelled_at": _("Dicho el"),
        "language": _("Idioma"),
        "last_at": _("Hasta"),
        "list_type": _("Lista"),
        "loaded": _("Cargados"),
        "mcc": _("Giro (MCC)"),
        "modules": _("Módulos"),
        "name": _("Nombre"),
        "outcome": _("Resultado"),
        "overlap_hours": _("Horas de traslape"),
        "permissions": _("Permisos"),
        "personal_data_retention_days": _("Días que se conservan los datos personales"),
        "policy_version": _("Versión de la política"),
        "public_id": _("Clave"),
        "rate_limit_per_day": _("Llamadas por día"),
        "rate_limit_per_minute": _("Llamadas por minuto"),
        "reason": _("Motivo"),
        "require_origin": _("Exige origen"),
        "requires_mfa": _("Exige segundo factor"),
        "risk_score": _("Puntaje"),
        "role": _("Rol"),
        "session_id": _("Sesión"),
        "severity": _("Severidad"),
        "successor_id": _("Clave nueva"),
        "switch": _("Interruptor"),
        "timezone": _("Zona horaria"),
        "transaction_retention_days": _("Días que se conservan los pagos"),
        "type": _("Tipo"),
        "user_id": _("Persona"),
        "value": _("Valor"),
    }
)
"""Of the fields that events tell of; one without words is shown by its name, so that nothing recorded is hidden."""
