"""IBAN in upper case without spaces; wrong check digits may be listed."""

from functools import partial

from blocklists.kinds.kind import PAYOUT, Kind, only
from blocklists.kinds.lenient import require_shape
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import iban


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.iban)


KIND = Kind(
    list_type=ListType.IBAN,
    flows=PAYOUT,
    normalize=partial(require_shape, validate=iban.validate, compact=iban.compact),
    compact=iban.compact,
    find_candidates=_find_candidates,
)
