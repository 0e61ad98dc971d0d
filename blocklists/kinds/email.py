"""E-mail addresses: lower case, the domain in ASCII (IDNA)."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind, only
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import email


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.email)


KIND = Kind(
    list_type=ListType.EMAIL,
    flows=BOTH_FLOWS,
    normalize=email.validate,
    compact=email.compact,
    find_candidates=_find_candidates,
)
