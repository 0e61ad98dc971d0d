"""What the form asks about a payment: each question stands for one field of the API's body (contract §2, §3)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transactions.types import Flow

SEPARATOR = "__"
"""Between the parts of a name in the form, where the body has a point."""


class Answer(StrEnum):
    """What a field takes."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its place in the body and its words. A `personal` value of a stored payment is never shown."""

    path: str
    label: str | Promise
    answer: Answer = Answer.TEXT
    is_personal: bool = False
    help: str | Promise = ""

    @property
    def name(self) -> str:
        """Its name in the form."""
        return self.path.replace(".", SEPARATOR)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading; those that seldom matter are folded away."""

    title: str | Promise
    fields: tuple[Asked, ...]
    is_folded: bool = False


_TWO_LETTERS = _("Dos letras (ISO 3166): MX, US.")
_AMOUNT = Asked("amount", _("Importe"), Answer.MONEY, help=_("En unidades de la moneda, como 1500.50."))
_CURRENCY = Asked("currency", _("Moneda"), help=_("Tres letras (ISO 4217): MXN, USD."))
_REFERENCES = (
    Asked("transaction_type", _("Tipo de operación")),
    Asked("order_id", _("Orden (order_id)")),
    Asked("payment_id", _("Pago (payment_id)")),
    Asked("session_id", _("Sesión del navegador")),
    Asked("submerchant_id", _("Subcomercio")),
)
_BEHAVIOR = (
    Asked("behavior.session_duration_ms", _("Duración de la sesión, ms"), Answer.COUNT),
    Asked("behavior.mouse_movements", _("Movimientos del ratón"), Answer.COUNT),
    Asked("behavior.keystrokes", _("Teclas"), Answer.COUNT),
    Asked("behavior.copy_paste_events", _("Pegados"), Answer.COUNT),
)
_IP = Asked("device.ip", _("Dirección IP"), is_personal=True)
_FINGERPRINT = Asked("device.fingerprint", _("Huella del dispositivo"), is_personal=True)
_USER_AGENT = Asked("device.user_agent", _("Navegador (user agent)"))

GROUPS: dict[Flow, tuple[Group, ...]] = {
    Flow.PAYOUT: (
        Group(_("Importe"), (_AMOUNT, _CURRENCY)),
        Group(
            _("Beneficiario"),
            (
                Asked("beneficiary.name", _("Nombre"), is_personal=True),
                Asked("beneficiary.clabe", _("CLABE"), is_personal=True, help=_("18 dígitos.")),
                Asked("beneficiary.country", _("País"), help=_TWO_LETTERS),
            ),
        ),
        Group(
            _("Origen"),
            (
                Asked("origin.account_id", _("Cuenta de origen"), is_personal=True),
                Asked("origin.country", _("País de origen"), help=_TWO_LETTERS),
                Asked("payout.channel", _("Canal"), help=_("spei, wire, internal, api.")),
                Asked("payout.initiated_by", _("Iniciado por")),
            ),
        ),
        Group(
            _("Más datos del beneficiario y del pago"),
            (
                Asked("beneficiary.iban", _("IBAN"), is_personal=True),
                Asked("beneficiary.account_hash", _("Cuenta (hash)"), is_personal=True),
                Asked("beneficiary.swift_bic", _("BIC")),
                Asked("beneficiary.id", _("Identificador del beneficiario"), is_personal=True),
                Asked("beneficiary.email", _("Correo del beneficiario"), is_personal=True),
                Asked("beneficiary.phone", _("Teléfono del beneficiario"), is_personal=True),
                Asked("payout.rail", _("Riel (payout.rail)")),
                Asked("origin.user_limit", _("Límite del usuario (MTU)"), Answer.MONEY),
                Asked("payout.first_to_beneficiary", _("Primer pago a este beneficiario"), Answer.FLAG),
                Asked("customer_id", _("Cliente"), is_personal=True),
                _IP,
                _FINGERPRINT,
                _USER_AGENT,
                *_REFERENCES,
            ),
            is_folded=True,
        ),
    ),
    Flow.PAYIN: (
        Group(_("Importe"), (_AMOUNT, _CURRENCY)),
        Group(
            _("Quién paga"),
            (
                Asked("email", _("Correo"), is_personal=True),
                Asked("customer_id", _("Cliente"), is_personal=True),
                _IP,
                _FINGERPRINT,
            ),
        ),
        Group(
            _("Tarjeta"),
            (
                Asked("payment_method.card_bin", _("BIN"), help=_("De 6 a 8 dígitos.")),
                Asked("payment_method.card_last4", _("Últimos cuatro")),
                Asked("payment_method.card_country", _("País de la tarjeta"), help=_TWO_LETTERS),
                Asked("billing.country", _("País de facturación"), help=_TWO_LETTERS),
            ),
        ),
        Group(
            _("Sesión, navegador y referencias"),
            (
                *_BEHAVIOR,
                _USER_AGENT,
                Asked("phone", _("Teléfono"), is_personal=True),
                Asked("payment_method.card_hash", _("Tarjeta (hash)"), is_personal=True),
                *_REFERENCES,
            ),
            is_folded=True,
        ),
    ),
}


def list_asked(flow: Flow) -> tuple[Asked, ...]:
    """Return every question about a payment of that flow."""
    return tuple(asked for group in GROUPS[flow] for asked in group.fields)
