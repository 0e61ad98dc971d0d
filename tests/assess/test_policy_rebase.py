"""Merging a draft's changes into the version in force."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from assess.custom_rules import PolicyRule, RuleAction, RuleFlow, RuleStage
from assess.policy import FlowPolicy, Policy, decode_policy, default_policy, encode_policy
from assess.policy_rebase import list_conflicts, rebase

CODES = ("high_velocity", "velocity_amount", "short_session", "amount_outlier")


def make_rule(code: str, weight: int) -> PolicyRule:
    return PolicyRule(
        id=code,
        name=f"Regla {code}",
        revision=1,
        flow=RuleFlow.PAYOUT,
        condition="payment.amount > 100",
        action=RuleAction.SCORE,
        stage=RuleStage.ACTIVE,
        weight=weight,
    )


def change(policy: Policy, weights: dict[str, int], off: set[str], rules: list[PolicyRule]) -> Policy:
    payout: FlowPolicy = msgspec.structs.replace(
        policy.payout, weights=policy.payout.weights | weights, disabled=frozenset(off)
    )
    return msgspec.structs.replace(policy, payout=payout, rules=tuple(rules))


WEIGHTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 100))
RULES = [make_rule(f"0000000{digit}", weight) for digit in range(5) for weight in (-5, 0, 5)]
policies = st.tuples(
    WEIGHTS,
    st.sets(st.sampled_from(CODES)),
    st.lists(st.sampled_from(RULES), unique_by=lambda rule: rule.id),
).map(lambda drawn: change(default_policy(), *drawn))


def merge(base: Policy, mine: Policy, theirs: Policy) -> dict[str, Any]:
    return rebase(base=base, mine=mine, theirs=theirs)


@given(base=policies, mine=policies)
def test_on_its_own_base_a_draft_stays_what_it_is(base: Policy, mine: Policy) -> None:
    assert merge(base, mine, base) == encode_policy(mine)
    assert list_conflicts(base=base, mine=mine, theirs=base) == ()


@given(base=policies, theirs=policies)
def test_a_draft_that_changes_nothing_becomes_what_is_in_force(base: Policy, theirs: Policy) -> None:
    assert merge(base, base, theirs) == encode_policy(theirs)
    assert list_conflicts(base=base, mine=base, theirs=theirs) == ()


@given(base=policies, mine=policies, theirs=policies)
def test_what_comes_out_is_a_policy_with_all_that_the_draft_changed(base: Policy, mine: Policy, theirs: Policy) -> None:
    merged = decode_policy(merge(base, mine, theirs), version=2)
    for code in CODES:
        own, was, new = (policy.payout.weights[code] for policy in (mine, base, theirs))
        assert merged.payout.weights[code] == (own if own != was else new)
        own_off, was_off, new_off = (code in policy.payout.disabled for policy in (mine, base, theirs))
        assert (code in merged.payout.disabled) == (own_off if own_off != was_off else new_off)


@given(base=policies, mine=policies)
def test_the_same_change_on_both_sides_is_no_conflict(base: Policy, mine: Policy) -> None:
    assert list_conflicts(base=base, mine=mine, theirs=mine) == ()
    assert merge(base, mine, mine) == encode_policy(mine)


def test_a_rule_that_was_removed_and_changed_is_a_conflict_and_the_draft_keeps_it() -> None:
    base = change(default_policy(), {}, set(), [make_rule("0000000a", 1), make_rule("0000000b", 1)])
    mine = change(default_policy(), {}, set(), [make_rule("0000000a", 5), make_rule("0000000b", 1)])
    theirs = change(default_policy(), {}, set(), [make_rule("0000000b", 1), make_rule("0000000c", 1)])
    (conflict,) = list_conflicts(base=base, mine=mine, theirs=theirs)
    assert (conflict.theirs.path, conflict.mine.path) == (("rules", "0000000a"), ("rules", "0000000a", "weight"))
    assert [(rule["id"], rule["weight"]) for rule in merge(base, mine, theirs)["rules"]] == [
        ("0000000a", 5),
        ("0000000b", 1),
        ("0000000c", 1),
    ]


def test_a_rule_that_nobody_changed_goes_when_they_removed_it() -> None:
    base = change(default_policy(), {}, set(), [make_rule("0000000a", 1), make_rule("0000000b", 1)])
    mine = change(default_policy(), {"high_velocity": 1}, set(), list(base.rules))
    theirs = change(default_policy(), {}, set(), [make_rule("0000000b", 1)])
    assert [rule["id"] for rule in merge(base, mine, theirs)["rules"]] == ["0000000b"]
