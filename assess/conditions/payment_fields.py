"""Fields that stand in the payment itself, as it was asked about."""

from assess.conditions.field import PAYIN, PAYOUT, Field, Kind, of_payment, say
from assess.types import Payment
from core.identifiers import clabe


def _domain_of(email: str | None) -> str | None:
    return email.rpartition("@")[2] or None if email else None


def _bank_of(payment: Payment) -> str | None:
    given = payment.beneficiary.clabe if payment.beneficiary else None
    return clabe.bank_code(given) if given and clabe.has_shape(given) else None


def _beneficiary(name: str, words: tuple[str, str], attribute: str, *, is_personal: bool = True) -> Field:
    return of_payment(
        f"beneficiary.{name}",
        Kind.TEXT,
        words,
        lambda payment: getattr(payment.beneficiary, attribute) if payment.beneficiary else None,
        flows=PAYOUT,
        is_personal=is_personal,
    )


def _has_flaw(payment: Payment) -> bool | None:
    return bool(payment.beneficiary.flaws) if payment.beneficiary else None


def _list_countries(payment: Payment) -> list[str] | None:
    return list(payment.beneficiary.countries) or None if payment.beneficiary else None


_PAYMENT = (
    of_payment("payment.amount", Kind.NUMBER, ("Amount", "Importe"), lambda p: p.amount_minor, is_amount=True),
    of_payment("payment.currency", Kind.TEXT, ("Currency (ISO 4217)", "Moneda (ISO 4217)"), lambda p: p.currency),
    of_payment("payment.flow", Kind.TEXT, ("Flow: payin or payout", "Flujo: payin o payout"), lambda p: p.flow.value),
    of_payment("payment.type", Kind.TEXT, ("Type of transaction", "Tipo de operación"), lambda p: p.transaction_type),
    Field(
        name="payment.hour",
        kind=Kind.NUMBER,
        meaning=say("Hour of the day, 0 to 23", "Hora del día, 0 a 23"),
        read=lambda facts, _: facts.local_hour,
    ),
    of_payment("payment.customer_id", Kind.TEXT, ("Customer", "Cliente"), lambda p: p.customer_id, is_personal=True),
    of_payment("device.ip", Kind.TEXT, ("IP address", "Dirección IP"), lambda p: p.device.ip, is_personal=True),
    of_payment(
        "device.fingerprint",
        Kind.TEXT,
        ("Device fingerprint", "Huella del dispositivo"),
        lambda p: p.device.fingerprint,
        is_personal=True,
    ),
    of_payment("device.user_agent", Kind.TEXT, ("User agent", "Navegador (user agent)"), lambda p: p.device.user_agent),
    of_payment(
        "device.timezone",
        Kind.TEXT,
        ("Device's time zone", "Zona horaria del dispositivo"),
        lambda p: p.device.timezone,
    ),
    of_payment(
        "behavior.duration_ms",
        Kind.NUMBER,
        ("Length of the session, milliseconds", "Duración de la sesión, milisegundos"),
        lambda p: p.behavior.session_duration_ms if p.behavior else None,
    ),
    of_payment(
        "behavior.pastes",
        Kind.NUMBER,
        ("Pastes in the session", "Pegados en la sesión"),
        lambda p: p.behavior.copy_paste_events if p.behavior else None,
    ),
)

_PAYER = (
    of_payment(
        "payer.email",
        Kind.TEXT,
        ("Payer's e-mail", "Correo del pagador"),
        lambda p: p.email,
        flows=PAYIN,
        is_personal=True,
    ),
    of_payment(
        "payer.email_domain",
        Kind.TEXT,
        ("Domain of the payer's e-mail", "Dominio del correo del pagador"),
        lambda p: _domain_of(p.email),
        flows=PAYIN,
    ),
    of_payment(
        "payer.phone",
        Kind.TEXT,
        ("Payer's phone", "Teléfono del pagador"),
        lambda p: p.phone,
        flows=PAYIN,
        is_personal=True,
    ),
    of_payment(
        "card.bin", Kind.TEXT, ("Card BIN", "BIN de la tarjeta"), lambda p: p.payment_method.card_bin, flows=PAYIN
    ),
    of_payment(
        "card.country",
        Kind.TEXT,
        ("Country of the card", "País de la tarjeta"),
        lambda p: p.payment_method.card_country,
        flows=PAYIN,
    ),
    of_payment(
        "card.brand",
        Kind.TEXT,
        ("Card brand", "Marca de la tarjeta"),
        lambda p: p.payment_method.card_brand,
        flows=PAYIN,
    ),
    of_payment(
        "payment.method", Kind.TEXT, ("Payment method", "Método de pago"), lambda p: p.payment_method.type, flows=PAYIN
    ),
    of_payment(
        "billing.country",
        Kind.TEXT,
        ("Billing country", "País de facturación"),
        lambda p: p.billing.country,
        flows=PAYIN,
    ),
    of_payment(
        "billing.postal_code",
        Kind.TEXT,
        ("Billing postal code", "Código postal de facturación"),
        lambda p: p.billing.postal_code,
        flows=PAYIN,
    ),
)

_PAYEE = (
    _beneficiary("id", ("Beneficiary's id", "Id del beneficiario"), "id"),
    _beneficiary("name", ("Beneficiary's name", "Nombre del beneficiario"), "name"),
    _beneficiary("country", ("Beneficiary's country", "País del beneficiario"), "country", is_personal=False),
    _beneficiary("clabe", ("CLABE, 18 digits", "CLABE, 18 dígitos"), "clabe"),
    _beneficiary("iban", ("IBAN", "IBAN"), "iban"),
    _beneficiary("bic", ("BIC", "BIC"), "swift_bic", is_personal=False),
    _beneficiary("account_hash", ("Account hash", "Hash de la cuenta"), "account_hash"),
    _beneficiary("email", ("Beneficiary's e-mail", "Correo del beneficiario"), "email"),
    _beneficiary("phone", ("Beneficiary's phone", "Teléfono del beneficiario"), "phone"),
    of_payment(
        "beneficiary.bank",
        Kind.TEXT,
        ("Bank of the CLABE, its 3 digits", "Banco de la CLABE, sus 3 dígitos"),
        _bank_of,
        flows=PAYOUT,
    ),
    of_payment(
        "beneficiary.countries",
        Kind.TEXTS,
        ("All countries that the account speaks of", "Todos los países de los que habla la cuenta"),
        _list_countries,
        flows=PAYOUT,
    ),
    of_payment(
        "beneficiary.has_flaw",
        Kind.FLAG,
        ("The account cannot be right", "La cuenta no puede ser correcta"),
        _has_flaw,
        flows=PAYOUT,
    ),
    of_payment(
        "origin.account_id",
        Kind.TEXT,
        ("Origin account", "Cuenta de origen"),
        lambda p: p.origin.account_id,
        flows=PAYOUT,
        is_personal=True,
    ),
    of_payment(
        "origin.country", Kind.TEXT, ("Country of origin", "País de origen"), lambda p: p.origin.country, flows=PAYOUT
    ),
    of_payment(
        "origin.user_limit",
        Kind.NUMBER,
        ("Originator's own limit (MTU)", "Límite propio del ordenante (MTU)"),
        lambda p: p.origin.user_limit_minor,
        flows=PAYOUT,
        is_amount=True,
    ),
    of_payment("payout.channel", Kind.TEXT, ("Channel", "Canal"), lambda p: p.payout.channel, flows=PAYOUT),
    of_payment("payout.rail", Kind.TEXT, ("Rail", "Riel"), lambda p: p.payout.rail, flows=PAYOUT),
    of_payment(
        "payout.initiated_by",
        Kind.TEXT,
        ("Who initiated it", "Quién lo inició"),
        lambda p: p.payout.initiated_by,
        flows=PAYOUT,
        is_personal=True,
    ),
    of_payment(
        "payout.is_first",
        Kind.FLAG,
        (
            "The client says it is the first to this beneficiary",
            "El cliente dice que es el primero a este beneficiario",
        ),
        lambda p: p.payout.first_to_beneficiary,
        flows=PAYOUT,
    ),
)

PAYMENT_FIELDS: tuple[Field, ...] = (*_PAYMENT, *_PAYER, *_PAYEE)
