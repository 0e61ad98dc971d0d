"""What differs between two policies, leaf by leaf. Pure; the words are the pages'."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from assess.policy import Policy, encode_policy

RULES = "rules"


class PolicyChange(msgspec.Struct, frozen=True, kw_only=True):
    """One value that differs: where it stands, and both of its forms; None on a side that does not have it.

    `path` is (flow, "bands", name), (flow, "weights", code), (flow, "disabled", code), (flow, "parameters", code,
    name), ("rules", id), where a whole rule came or went, ("rules", id, field), or ("rules",) for their order.
    """

    path: tuple[str, ...]
    before: Any
    after: Any

    @property
    def is_personal(self) -> bool:
        """Say whether it may name somebody: a rule's condition and name are free text."""
        return self.path[0] == RULES and (len(self.path) == 2 or self.path[-1] in {"condition", "name"})


def list_changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return what differs, in the order of the document."""
    old, new = encode_policy(before), encode_policy(after)
    flows = [change for flow in ("payin", "payout") for change in _compare_flow(flow, old[flow], new[flow])]
    return (*flows, *_compare_rules(old[RULES], new[RULES]))


def _compare_flow(flow: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[PolicyChange]:
    for part in ("bands", "weights"):
        yield from _compare(old[part], new[part], (flow, part))
    off, now_off = set(old["disabled"]), set(new["disabled"])
    for code in sorted(off ^ now_off):
        yield PolicyChange(path=(flow, "disabled", code), before=code in off, after=code in now_off)
    for code in {**old["parameters"], **new["parameters"]}:
        was, would_be = old["parameters"].get(code, {}), new["parameters"].get(code, {})
        yield from _compare(was, would_be, (flow, "parameters", code))


def _compare_rules(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[PolicyChange]:
    was, is_now = {rule["id"]: rule for rule in old}, {rule["id"]: rule for rule in new}
    for code in {**was, **is_now}:
        if code in was and code in is_now:
            yield from _compare(was[code], is_now[code], (RULES, code))
        else:
            yield PolicyChange(path=(RULES, code), before=was.get(code), after=is_now.get(code))
    kept = [code for code in was if code in is_now]
    moved = [code for code in is_now if code in was]
    if kept != moved:
        yield PolicyChange(path=(RULES,), before=kept, after=moved)


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[PolicyChange]:
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before != after:
            yield PolicyChange(path=(*path, name), before=before, after=after)
