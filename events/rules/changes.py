"""What an event says, field by field: what was before and what is after, or simply what was the case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SIDES = frozenset({"before", "after"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field; `has_before` is False for a fact, which stands in `after`. `field` "" is the subject itself."""

    field: str
    before: Any
    after: Any
    has_before: bool = True


def list_changes(said: Mapping[str, Any]) -> list[Change]:
    """Return the fields of a payload, or of personal data, in their order.

    Two shapes are known: `{field: {"before", "after"}}`, and `{"before", "after"}` of one value or of several fields.
    """
    return [*_list_facts(said), *_compare(said)]


def _list_facts(said: Mapping[str, Any]) -> Iterator[Change]:
    is_whole = "after" in said or isinstance(said.get("before"), Mapping)
    for field, value in said.items():
        if is_whole and field in _SIDES:
            continue
        if isinstance(value, Mapping) and value and value.keys() <= _SIDES:
            yield Change(field, value.get("before"), value.get("after"))
        else:
            yield Change(field, None, value, has_before=False)


def _compare(said: Mapping[str, Any]) -> Iterator[Change]:
    before, after = said.get("before"), said.get("after")
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        sides = before or {}, after or {}
        for field in dict.fromkeys([*sides[0], *sides[1]]):
            yield Change(field, sides[0].get(field), sides[1].get(field))
    elif "after" in said:
        yield Change("", before, after)
