"""The first 6 to 8 digits of cards; an entry matches every payment whose BIN begins with it."""

from blocklists.kinds.kind import PAYIN, Kind
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import card

_LENGTHS = (6, 7, 8)


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    digits = payment.card_bin or ""
    return tuple([digits[:length] for length in _LENGTHS if length <= len(digits)])


KIND = Kind(
    list_type=ListType.CARD_BIN,
    flows=PAYIN,
    normalize=card.validate_bin,
    compact=card.compact_bin,
    find_candidates=_find_candidates,
)
