"""CLABE, 18 digits; a wrong check digit may be listed."""

from functools import partial

from blocklists.kinds.kind import PAYOUT, Kind, only
from blocklists.kinds.lenient import require_shape
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import clabe


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.clabe)


KIND = Kind(
    list_type=ListType.CLABE,
    flows=PAYOUT,
    normalize=partial(require_shape, validate=clabe.validate, compact=clabe.compact),
    compact=clabe.compact,
    find_candidates=_find_candidates,
)
