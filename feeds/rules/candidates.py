"""Which values to look up for a payment."""

from core.identifiers import ip
from feeds.rules.initiators import fold_initiator
from feeds.types import Candidates, FeedKind


def make_candidates(
    *,
    address: str | None = None,
    domains: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    initiator: str | None = None,
) -> Candidates:
    """Return the values under which a list may hold something of the payment.

    `address` is the canonical IP address, `domains` the e-mail's domain and its parents down to the registered one.
    """
    tld = domains[0].rpartition(".")[2] if domains else ""
    name = fold_initiator(initiator) if initiator else ""
    found = {
        FeedKind.IP_THREAT: ip.containing_networks(address) if address and ip.is_valid(address) else (),
        FeedKind.DISPOSABLE_DOMAIN: domains,
        FeedKind.SUSPICIOUS_TLD: (tld,) if tld else (),
        FeedKind.RISK_COUNTRY: countries,
        FeedKind.GENERIC_INITIATOR: (name,) if name else (),
    }
    return {kind: values for kind, values in found.items() if values}
