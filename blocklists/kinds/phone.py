"""Telephone numbers in E.164."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind, only
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import phone


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.phone)


KIND = Kind(
    list_type=ListType.PHONE,
    flows=BOTH_FLOWS,
    normalize=phone.validate,
    compact=phone.compact,
    find_candidates=_find_candidates,
)
