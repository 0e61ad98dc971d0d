"""How a field of conditions is distributed over stored payments. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from assess.conditions.field import Field, Kind, Scored, Value
from assess.stored import StoredDecision

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


def profile_field(field: Field, stored: Sequence[StoredDecision]) -> FieldProfile:
    """Return how the field is distributed over the payments that may have it."""
    asked = [each for each in stored if each.facts.payment.flow in field.flows]
    values = [value for each in asked if (value := field.read(each.facts, _score(each))) is not None]
    return FieldProfile(payments=len(asked), present=len(values), **_describe(field, values))


def _score(stored: StoredDecision) -> Scored:
    signals = tuple(code for code in stored.signals if not code.startswith("custom_rule:"))
    return Scored(fired=signals, total=stored.risk_score)


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
