"""Which values to look up for a payment: the contract's table of what each list type is matched against (§9)."""

from blocklists.kinds.table import KINDS
from blocklists.types import ListType, PaymentIdentifiers
from transactions.types import Flow

_KINDS_BY_FLOW = {flow: tuple(kind for kind in KINDS.values() if flow in kind.flows) for flow in Flow}


def make_candidates(*, flow: str, payment: PaymentIdentifiers) -> list[tuple[ListType, str]]:
    """Return every (list type, value) under which an entry may lie that concerns this payment.

    At most about 280 (a v6 address alone has 129 networks, an e-mail at most 126 domains), usually some forty. What
    cannot be read gives no candidate. Raises ValueError for an unknown flow.
    """
    candidates: list[tuple[ListType, str]] = []
    for kind in _KINDS_BY_FLOW[Flow(flow)]:
        list_type = kind.list_type
        candidates += [(list_type, value) for value in kind.find_candidates(payment)]
    return candidates
