"""Conditions asked of a payment. The tree is checked here, the CEL library evaluates it (docs/decisions/0050)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import cel

from assess.conditions.checking import list_paths, parse_condition
from assess.conditions.field import Field, Scored
from assess.conditions.fields import find_field
from assess.conditions.writing import write_condition
from assess.types import Facts, Lookup
from transactions.types import Flow


class Verdict(StrEnum):
    """What a condition says of a payment. UNKNOWN: something that it needs is absent or does not compute."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that is ready to be asked."""

    text: str
    program: Any
    fields: tuple[Field, ...]

    @property
    def needs(self) -> frozenset[Lookup]:
        """The look-ups that its fields come from."""
        return frozenset(each.needs for each in self.fields if each.needs is not None)


_KEPT = 1_024


def compile_condition(source: str, *, flows: frozenset[Flow]) -> Condition:
    """Return the condition in its canonical text, ready to be asked; raises ConditionFault.

    The last ones are kept: a policy's rules are checked when it is read, and asked in each of their flows.
    """
    return _compile(source, flows)


@lru_cache(maxsize=_KEPT)
def _compile(source: str, flows: frozenset[Flow]) -> Condition:
    tree = parse_condition(source, flows=flows)
    text = write_condition(tree)
    names = dict.fromkeys(path.name for path in list_paths(tree))
    fields = tuple(found for name in names if (found := find_field(name)) is not None)
    return Condition(text=text, program=cel.compile(text), fields=fields)


class Asked:
    """What one payment answers, to the conditions of one policy: its fields are read once."""

    __slots__ = ("_context",)

    def __init__(self, *, fields: Iterable[Field], facts: Facts, scored: Scored) -> None:
        groups: dict[str, dict[str, Any]] = {}
        for each in fields:
            group, _, name = each.name.partition(".")
            values = groups.setdefault(group, {})
            value = None if each.needs in facts.failed_lookups else each.read(facts, scored)
            if value is not None:
                values[name] = value
        self._context = cel.Context(groups)

    def ask(self, condition: Condition) -> Verdict:
        """Return what the condition says; what cannot be told is UNKNOWN, never a guess."""
        try:
            answer = condition.program.execute(self._context)
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            return Verdict.UNKNOWN
        if answer is True:
            return Verdict.TRUE
        return Verdict.FALSE if answer is False else Verdict.UNKNOWN
