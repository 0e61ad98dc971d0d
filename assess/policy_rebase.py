"""Puts the changes of one policy on another: what a draft changed of its base, on the version in force. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from assess.policy import Policy, encode_policy
from assess.policy_difference import RULES, PolicyChange, list_changes

_ABSENT = object()

type _Rule = dict[str, Any]
type _Rules = Mapping[str, _Rule]


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """What both sides changed otherwise: the change that is in force, and the draft's."""

    theirs: PolicyChange
    mine: PolicyChange


def list_conflicts(*, base: Policy, mine: Policy, theirs: Policy) -> tuple[Conflict, ...]:
    """Return where both changed the base and disagree; a rule that one removed conflicts with any change of it."""
    others = list_changes(base, theirs)
    return tuple(
        Conflict(theirs=other, mine=change)
        for change in list_changes(base, mine)
        for other in others
        if _meet(change, other)
    )


def rebase(*, base: Policy, mine: Policy, theirs: Policy) -> dict[str, Any]:
    """Return the document of `theirs` with what `mine` changed of the base; where both did, mine stands.

    The document may be none that a policy can have, as when one side lowered a band under which the other stayed.
    """
    old, own, new = encode_policy(base), encode_policy(mine), encode_policy(theirs)
    merged = {flow: _merge_flow(old[flow], own[flow], new[flow]) for flow in ("payin", "payout")}
    return {"engine": new["engine"], **merged, RULES: _merge_rules(old[RULES], own[RULES], new[RULES])}


def _meet(mine: PolicyChange, theirs: PolicyChange) -> bool:
    if mine.path == theirs.path:
        return bool(mine.after != theirs.after)
    shorter, longer = sorted((mine.path, theirs.path), key=len)
    return len(shorter) > 1 and longer[: len(shorter)] == shorter


def _merge_flow(old: Mapping[str, Any], own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    off = [set(each["disabled"]) for each in (old, own, new)]
    codes = {**old["parameters"], **own["parameters"], **new["parameters"]}
    return {
        "bands": _merge(old["bands"], own["bands"], new["bands"]),
        "weights": _merge(old["weights"], own["weights"], new["weights"]),
        "disabled": sorted((off[2] | (off[1] - off[0])) - (off[0] - off[1])),
        "parameters": {code: _merge(*(each["parameters"].get(code, {}) for each in (old, own, new))) for code in codes},
    }


def _merge(old: Mapping[str, Any], own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return every value of the new mapping but those that the draft changed."""
    return dict(_merge_values(old, own, new))


def _merge_values(old: Mapping[str, Any], own: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in {**new, **own}:
        value = (own if own.get(name, _ABSENT) != old.get(name, _ABSENT) else new).get(name, _ABSENT)
        if value is not _ABSENT:
            yield name, value


def _merge_rules(old: list[Any], own: list[Any], new: list[Any]) -> list[dict[str, Any]]:
    was, kept, current = ({rule["id"]: rule for rule in rules} for rules in (old, own, new))
    merged = {code: rule for code in {**current, **kept} if (rule := _merge_rule(code, was, kept, current))}
    order = [code for code in was if code in kept] == [code for code in kept if code in was]
    first, second = (current, kept) if order else (kept, current)
    return [merged[code] for code in _interleave([*first], [*second]) if code in merged]


def _merge_rule(code: str, was: _Rules, kept: _Rules, current: _Rules) -> _Rule | None:
    """Return the rule; a removal stands unless the draft changed what the others removed."""
    before, own, new = was.get(code), kept.get(code), current.get(code)
    if own is None or new is None:
        return own if own != before else new
    return _merge(before or {}, own, new)


def _interleave(first: list[str], second: list[str]) -> list[str]:
    """Return the first order, with what only the second has behind what stands before it there."""
    order = list(first)
    for place, code in enumerate(second):
        if code not in order:
            order.insert(order.index(second[place - 1]) + 1 if place else 0, code)
    return order
