"""The client's own hashes of cards. A card number is refused: the product never holds one."""

from blocklists.kinds import opaque
from blocklists.kinds.kind import PAYIN, Kind, only
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import card
from core.identifiers.errors import InvalidShape


def _validate(value: str) -> str:
    text = opaque.validate(value)
    if card.looks_like_card(text):
        raise InvalidShape("This looks like a card number; list its hash instead.")
    return text


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.card_hash)


KIND = Kind(
    list_type=ListType.CARD_HASH,
    flows=PAYIN,
    normalize=_validate,
    compact=opaque.compact,
    find_candidates=_find_candidates,
)
