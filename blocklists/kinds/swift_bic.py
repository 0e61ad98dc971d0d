"""BIC in 11 characters: 8 means the head office, branch `XXX`. An unknown country code may be listed."""

from functools import partial

from blocklists.kinds.kind import PAYOUT, Kind, only
from blocklists.kinds.lenient import require_shape
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import bic


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.swift_bic)


KIND = Kind(
    list_type=ListType.SWIFT_BIC,
    flows=PAYOUT,
    normalize=partial(require_shape, validate=bic.validate, compact=bic.compact),
    compact=bic.compact,
    find_candidates=_find_candidates,
)
