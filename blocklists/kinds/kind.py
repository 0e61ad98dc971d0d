"""The anatomy of a list type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blocklists.types import ListType, PaymentIdentifiers
from transactions.types import Flow

type Normalizer = Callable[[str], str]
type Candidates = Callable[[PaymentIdentifiers], Sequence[str]]

PAYIN = frozenset({Flow.PAYIN})
PAYOUT = frozenset({Flow.PAYOUT})
BOTH_FLOWS = PAYIN | PAYOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One list type.

    `normalize` gives the canonical form of an entry's value, or raises InvalidIdentifier, whose text never holds the
    value; `compact` gives it as far as it can and never raises. `find_candidates` gives the values under which an entry
    may lie that concerns the payment; it is asked in these `flows` only.
    """

    list_type: ListType
    flows: frozenset[Flow]
    normalize: Normalizer
    compact: Normalizer
    find_candidates: Candidates


def only(value: str | None) -> tuple[str, ...]:
    """Return the value as the only candidate, or none when the payment has it not."""
    return (value,) if value else ()
