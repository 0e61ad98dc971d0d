"""What a payment met on the organization's lists: one signal per list type (contract §7, §9)."""

from collections.abc import Callable

from assess.signals.base import BOTH, HARD_BLOCK_WEIGHT, PAYIN, PAYOUT, Parameters, Signal, Weight
from assess.types import Facts, Finding, Language, Lookup
from blocklists.types import PAYOUT_TYPES, ListType, Severity
from transactions.types import Decision, Flow

_CARD_TYPES = frozenset({ListType.CARD_BIN, ListType.CARD_HASH})
_NAMES: dict[ListType, tuple[str, str]] = {
    ListType.EMAIL: ("E-mail", "Correo"),
    ListType.EMAIL_DOMAIN: ("E-mail domain", "Dominio del correo"),
    ListType.IP_ADDRESS: ("IP address", "Dirección IP"),
    ListType.IP_RANGE: ("IP range", "Rango de IP"),
    ListType.DEVICE_FINGERPRINT: ("Device", "Dispositivo"),
    ListType.CARD_BIN: ("Card BIN", "BIN de la tarjeta"),
    ListType.CARD_HASH: ("Card", "Tarjeta"),
    ListType.COUNTRY: ("Country", "País"),
    ListType.PHONE: ("Phone", "Teléfono"),
    ListType.CUSTOMER_ID: ("Customer", "Cliente"),
    ListType.CLABE: ("CLABE", "CLABE"),
    ListType.IBAN: ("IBAN", "IBAN"),
    ListType.ACCOUNT_HASH: ("Account", "Cuenta"),
    ListType.SWIFT_BIC: ("BIC", "BIC"),
    ListType.BENEFICIARY_ID: ("Beneficiary", "Beneficiario"),
}


class BlocklistParameters(Parameters, frozen=True):
    """What a hit weighs that does not block."""

    flag_weight: Weight = 40
    review_weight: Weight = 20


def _make_evaluate(list_type: ListType) -> Callable[[Facts, BlocklistParameters], Finding | None]:
    def evaluate(facts: Facts, parameters: BlocklistParameters) -> Finding | None:
        """Fire with the heaviest severity; a review entry demands its review also beside a heavier one."""
        if not facts.list_hits:
            return None
        severities = {hit.severity for hit in facts.list_hits if hit.list_type is list_type}
        return _make_finding(list_type, severities, parameters) if severities else None

    return evaluate


def _make_finding(list_type: ListType, severities: set[Severity], parameters: BlocklistParameters) -> Finding:
    if Severity.BLOCK in severities:
        return Finding(weight=HARD_BLOCK_WEIGHT, blocks=f"blocklist:{list_type}")
    weights = {Severity.FLAG: parameters.flag_weight, Severity.REVIEW: parameters.review_weight}
    return Finding(
        weight=max(weights[severity] for severity in severities),
        floor=Decision.REVIEW if Severity.REVIEW in severities else None,
    )


def _flows_of(list_type: ListType) -> frozenset[Flow]:
    """Return where the contract's table of §9 compares the type with something."""
    if list_type in _CARD_TYPES:
        return PAYIN
    return PAYOUT if list_type in PAYOUT_TYPES else BOTH


def _make_signal(list_type: ListType) -> Signal[BlocklistParameters]:
    english, spanish = _NAMES[list_type]
    return Signal(
        code=f"blocklist_{list_type}",
        flows=_flows_of(list_type),
        default_weight=HARD_BLOCK_WEIGHT,
        meaning={
            Language.ENGLISH: f"{english} on a blocklist: 100 and declined, or the weight of a flag or a review entry",
            Language.SPANISH: f"{spanish} en una lista de bloqueo: 100 y rechazo, o el peso de una marca o revisión",
        },
        descriptions={
            Language.ENGLISH: f"{english} on a blocklist",
            Language.SPANISH: f"{spanish} en una lista de bloqueo",
        },
        parameters=BlocklistParameters,
        evaluate=_make_evaluate(list_type),
        needs=frozenset({Lookup.BLOCKLISTS}),
        can_block=True,
    )


SIGNALS = tuple(_make_signal(list_type) for list_type in ListType)
