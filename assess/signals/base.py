"""What a signal is: a code, where it applies, what it weighs by default, when it fires and what it says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from assess.types import Facts, Finding, Language, Lookup
from core.money import MAX_AMOUNT_MINOR, format_amount, is_currency
from transactions.types import Flow

PAYIN = frozenset({Flow.PAYIN})
PAYOUT = frozenset({Flow.PAYOUT})
BOTH = frozenset(Flow)
HARD_BLOCK_WEIGHT = 100

type Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
type Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
type Weight = Annotated[int, msgspec.Meta(ge=0, le=100)]
type AmountMinor = Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT_MINOR)]


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signal's thresholds, as a policy holds them; every one has a default. Percentages are whole numbers.

    Every mapping is by currency. A parameter added later must default to what the signal did without it, so that
    older policies keep their meaning.
    """

    def __post_init__(self) -> None:
        """Raise ValueError for a mapping by something that is no currency: its threshold would never be met."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, dict) and not all(code.isupper() and is_currency(code) for code in value):
                raise ValueError(f"{name} is by currency: ISO 4217 codes in upper case")


class NoParameters(Parameters, frozen=True):
    """For signals that have nothing to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal[P: Parameters]:
    """One entry of the catalog. `evaluate` is pure: facts and parameters in, a finding or None out.

    `needs` are the look-ups without which it must stay silent; a signal that `judges_without_needs` is asked all the
    same, since the payment alone may prove it. `descriptions` are format strings over the finding's values, `meaning`
    is for the catalog; both in every language. A signal that `can_block` keeps its weight of 100 when it blocks, and
    no policy turns it off: its entries and limits are what an organization changes.
    """

    code: str
    flows: frozenset[Flow]
    default_weight: int
    meaning: dict[Language, str]
    descriptions: dict[Language, str]
    parameters: type[P]
    evaluate: Callable[[Facts, P], Finding | None]
    needs: frozenset[Lookup] = field(default_factory=frozenset)
    judges_without_needs: bool = False
    can_block: bool = False

    def describe(self, finding: Finding, language: Language) -> str:
        """Return the finding in words."""
        values = {
            name: value
            if isinstance(value, int | str)
            else format_amount(amount_minor=value.amount_minor, currency=value.currency, language=language.value)
            for name, value in finding.values.items()
        }
        return self.descriptions[language].format_map(values)
