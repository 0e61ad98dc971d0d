"""How a field of conditions is distributed over stored payments, as a rule of the policy would see them. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from assess.conditions.field import Field, Kind, Scored, Value
from assess.policy import Policy
from assess.scoring import score_signals
from assess.types import Facts

COMMON = 5


class FieldProfile(msgspec.Struct, frozen=True, kw_only=True):
    """`present` of `payments` have the field. Numbers have quantiles, the rest their commonest values.

    Of what may name somebody only the number of different values is told.
    """

    payments: int
    present: int
    least: int | None = None
    median: int | None = None
    high: int | None = None
    most: int | None = None
    common: tuple[tuple[str, int], ...] = ()
    different: int | None = None


class SeenPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as a condition sees it."""

    facts: Facts
    scored: Scored


def see_payments(*, payments: Iterable[Facts], policy: Policy) -> list[SeenPayment]:
    """Return the payments as the conditions of the policy see them."""
    return [SeenPayment(facts=facts, scored=score_signals(facts=facts, policy=policy)) for facts in payments]


def profile_field(field: Field, seen: Sequence[SeenPayment]) -> FieldProfile:
    """Return how the field is distributed over the payments that may have it."""
    asked = [each for each in seen if each.facts.payment.flow in field.flows]
    values = [value for each in asked if (value := _read(field, each)) is not None]
    return FieldProfile(payments=len(asked), present=len(values), **_describe(field, values))


def _read(field: Field, seen: SeenPayment) -> Value:
    return None if field.needs in seen.facts.failed_lookups else field.read(seen.facts, seen.scored)


def _describe(field: Field, values: Sequence[Value]) -> dict[str, Any]:
    if not values:
        return {}
    if field.kind is Kind.NUMBER:
        return _rank(sorted(value for value in values if isinstance(value, int)))
    words = [word for value in values for word in (value if isinstance(value, list) else [str(value)])]
    counted = Counter(words)
    if field.is_personal:
        return {"different": len(counted)}
    return {"common": tuple(counted.most_common(COMMON)), "different": len(counted)}


def _rank(numbers: list[int]) -> dict[str, int]:
    last = len(numbers) - 1
    return {
        "least": numbers[0],
        "median": numbers[last // 2],
        "high": numbers[last * 95 // 100],
        "most": numbers[-1],
    }
