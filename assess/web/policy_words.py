"""The policy in words: flows, bands, signals and every parameter, with the unit that its value has."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assess.signals.payout_high_risk_country import LISTS
from events.web.words import VALUE_WORDS
from feeds.web.words import BUILTIN_TITLES
from transactions.types import Flow

type Words = dict[str, str | Promise]

FLOWS: Words = {flow.value: VALUE_WORDS["flow"][flow.value] for flow in Flow}
BANDS: Words = {"review": _("Revisión desde"), "challenge": _("Verificación desde"), "decline": _("Rechazo desde")}
DRAFT_STATES: Words = {
    "draft": _("Borrador"),
    "proposed": _("Espera segunda firma"),
    "scheduled": _("Programado"),
    "published": _("Publicado"),
    "discarded": _("Descartado"),
    "stale": _("No se pudo publicar a su hora"),
}
DRAFT_TONES = {"proposed": "accent", "scheduled": "accent", "published": "accent"}

SIGNALS: Words = {
    "high_velocity": _("Alta velocidad"),
    "velocity_amount": _("Suma diaria inusual"),
    "disposable_email": _("Correo desechable"),
    "suspicious_tld": _("Dominio sospechoso"),
    "short_session": _("Sesión muy corta"),
    "no_mouse_movement": _("Sin movimiento del ratón"),
    "copy_paste_detected": _("Datos pegados"),
    "bot_pattern": _("Programa automático"),
    "amount_outlier": _("Importe inusual"),
    "amount_far_outlier": _("Importe fuera de toda proporción"),
    "amount_below_min": _("Importe bajo el mínimo"),
    "amount_limit": _("Importe sobre el máximo"),
    "ip_list_hit": _("Dirección IP en una lista externa"),
    "country_mismatch": _("País de la tarjeta distinto"),
    "payer_prior_fraud": _("Fraude previo de quien paga"),
    "blocklist_email": _("Lista: correo"),
    "blocklist_email_domain": _("Lista: dominio de correo"),
    "blocklist_ip_address": _("Lista: dirección IP"),
    "blocklist_ip_range": _("Lista: rango de IP"),
    "blocklist_device_fingerprint": _("Lista: dispositivo"),
    "blocklist_card_bin": _("Lista: BIN de tarjeta"),
    "blocklist_card_hash": _("Lista: tarjeta"),
    "blocklist_country": _("Lista: país"),
    "blocklist_phone": _("Lista: teléfono"),
    "blocklist_customer_id": _("Lista: cliente"),
    "blocklist_clabe": _("Lista: CLABE"),
    "blocklist_iban": _("Lista: IBAN"),
    "blocklist_account_hash": _("Lista: cuenta"),
    "blocklist_swift_bic": _("Lista: BIC"),
    "blocklist_beneficiary_id": _("Lista: beneficiario"),
    "payout_first_beneficiary": _("Primer pago a la cuenta"),
    "payout_new_account": _("Cuenta nueva con importe inusual"),
    "payout_dormant_origin": _("Origen inactivo con importe inusual"),
    "payout_beneficiary_prior_fraud": _("Cuenta con fraude previo"),
    "payout_high_risk_country": _("País de riesgo"),
    "payout_cross_border_high_amount": _("Importe alto a otro país"),
    "payout_unattributed_initiator": _("Iniciador sin nombre propio"),
    "payout_beneficiary_fan_in": _("Muchos orígenes a una cuenta"),
    "payout_origin_fan_out": _("Un origen a muchas cuentas nuevas"),
    "payout_structuring": _("Pagos justo bajo un límite"),
    "payout_name_mismatch": _("Nombre distinto de la cuenta"),
    "payout_invalid_account": _("Cuenta imposible"),
    "payout_over_user_limit": _("Sobre el límite del usuario"),
    "payout_off_hours": _("Hora inusual"),
}


@dataclass(frozen=True, slots=True)
class ParameterWords:
    """What a parameter is called; `unit` follows its number, and is empty where the name says it or money does."""

    label: str | Promise
    unit: str | Promise = ""


_TIMES = _("veces")
_PAYMENTS = _("pagos")
_PER_HOUR = _("pagos por hora")

PARAMETERS: dict[str, ParameterWords] = {
    "payer_limit": ParameterWords(_("Máximo de quien paga, su dispositivo o su tarjeta"), _PER_HOUR),
    "beneficiary_limit": ParameterWords(_("Máximo de una cuenta beneficiaria"), _PER_HOUR),
    "origin_limit": ParameterWords(_("Máximo de una cuenta de origen"), _PER_HOUR),
    "origin_peak_factor": ParameterWords(_("Máximo de una cuenta de origen, según su propia hora más activa"), _TIMES),
    "peak_factor": ParameterWords(_("Máximo, según su propio día de mayor suma"), _TIMES),
    "minimum_events": ParameterWords(_("Historia necesaria para juzgar"), _PAYMENTS),
    "copy_paste_detected.minimum_events": ParameterWords(_("Desde cuántas veces que se pega"), _TIMES),
    "limit_minor": ParameterWords(_("Suma máxima en 24 horas")),
    "minimum_ms": ParameterWords(_("Duración de la sesión más corta que es normal"), "ms"),
    "keystrokes_per_second": ParameterWords(_("Lo más que una persona teclea"), _("teclas por segundo")),
    "z_score": ParameterWords(_("Distancia de lo usual que aún es normal (z)")),
    "mad_floor_percent": ParameterWords(_("Variación que se supone como mínimo"), _("% de la mediana")),
    "minimum_recent": ParameterWords(_("Historia propia necesaria para juzgar"), _PAYMENTS),
    "minimum_snapshot": ParameterWords(_("Historia de la organización necesaria para juzgar"), _PAYMENTS),
    "minimum_minor": ParameterWords(_("Importe mínimo usual")),
    "maximum_minor": ParameterWords(_("Importe máximo que puede pasar")),
    "flag_weight": ParameterWords(_("Peso de una entrada que marca"), _("puntos")),
    "review_weight": ParameterWords(_("Peso de una entrada que manda a revisión"), _("puntos")),
    "lists": ParameterWords(_("Listas que cuentan")),
    "threshold_minor": ParameterWords(_("Importe más grande que aún no es alto")),
    "also_generic": ParameterWords(_("Otros nombres de usuario que no son de nadie")),
    "minimum_origins": ParameterWords(_("Desde cuántos orígenes distintos"), _("orígenes")),
    "minimum_accounts": ParameterWords(_("Desde cuántas cuentas nuevas"), _("cuentas")),
    "limits_minor": ParameterWords(_("Límites que alguien querría eludir")),
    "near_percent": ParameterWords(_("Qué tan cerca del límite cuenta"), _("% del límite o más")),
    "minimum_payouts": ParameterWords(_("Desde cuántos pagos"), _PAYMENTS),
    "similarity_percent": ParameterWords(_("Parecido de dos nombres que aún es normal"), "%"),
    "share_percent": ParameterWords(_("Parte de su historia que hace usual una hora"), "%"),
}
"""By name; where a signal means another thing by it, by `signal.name`."""

RISK_LISTS: Words = {code: BUILTIN_TITLES[code] for code in LISTS}

RULE_ACTIONS: Words = dict(VALUE_WORDS["action"])
RULE_STAGES: Words = {"shadow": _("Sombra"), "active": _("Activa")}
RULE_FLOWS: Words = dict(VALUE_WORDS["flow"])
RULE_FIELDS: Words = {
    "name": _("Nombre"),
    "revision": _("Revisión del texto"),
    "flow": _("Flujo"),
    "condition": _("Condición"),
    "action": _("Acción"),
    "stage": _("Estado"),
    "weight": _("Peso"),
    "guard_percent": _("Guardia (% de los pagos de una hora)"),
}


def words_of_parameter(code: str, name: str) -> ParameterWords:
    """Return what a signal's parameter is called."""
    return PARAMETERS.get(f"{code}.{name}") or PARAMETERS[name]
