"""E-mail domains; an entry matches its sub-domains too. A public suffix such as `com` cannot be listed."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import email


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return email.registrable_parents(email.domain_of(payment.email)) if payment.email else ()


KIND = Kind(
    list_type=ListType.EMAIL_DOMAIN,
    flows=BOTH_FLOWS,
    normalize=email.validate_domain,
    compact=email.compact_domain,
    find_candidates=_find_candidates,
)
