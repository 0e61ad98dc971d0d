"""The anatomy of a field that a condition may speak of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from assess.types import Facts, Language, Lookup, Payment
from transactions.types import Flow


class Kind(StrEnum):
    """The types of the language. ANY is what a client put into `metadata`, known only when it is looked at."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    TEXTS = "texts"
    NUMBERS = "numbers"
    ANY = "any"


type Value = int | str | bool | float | list[str] | None


@dataclass(frozen=True, slots=True)
class Scored:
    """What the catalog's signals made of the payment before any rule is asked: their codes, and the sum, 0 to 100."""

    fired: tuple[str, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `read` returns None when the payment does not have it; `needs` is the look-up that it comes from."""

    name: str
    kind: Kind
    meaning: dict[Language, str]
    read: Callable[[Facts, Scored], Value]
    flows: frozenset[Flow] = field(default_factory=lambda: frozenset(Flow))
    needs: Lookup | None = None
    is_amount: bool = False
    is_personal: bool = False


PAYIN = frozenset({Flow.PAYIN})
PAYOUT = frozenset({Flow.PAYOUT})
BOTH = frozenset(Flow)


def say(english: str, spanish: str) -> dict[Language, str]:
    """Return the meaning in every language."""
    return {Language.ENGLISH: english, Language.SPANISH: spanish}


def of_payment(
    name: str,
    kind: Kind,
    words: tuple[str, str],
    read: Callable[[Payment], Value],
    *,
    flows: frozenset[Flow] = BOTH,
    is_amount: bool = False,
    is_personal: bool = False,
) -> Field:
    """Return a field that stands in the payment itself."""
    return Field(
        name=name,
        kind=kind,
        meaning=say(*words),
        read=lambda facts, _: read(facts.payment),
        flows=flows,
        is_amount=is_amount,
        is_personal=is_personal,
    )
