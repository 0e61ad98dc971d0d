"""Countries, ISO 3166-1 alpha-2 in upper case; any one country of the payment matches."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import country


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return tuple(dict.fromkeys(payment.countries))


KIND = Kind(
    list_type=ListType.COUNTRY,
    flows=BOTH_FLOWS,
    normalize=country.validate,
    compact=country.compact,
    find_candidates=_find_candidates,
)
