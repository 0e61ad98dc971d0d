"""What would change a decision."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.counterfactuals import find_turns, list_removals, list_what_ifs, without
from assess.policy import Policy, default_policy
from assess.scoring import score
from assess.suppositions import Supposition, with_amount
from assess.types import Beneficiary, Facts, Language, Origin, Outcome, PairHistory, PayoutDetails
from blocklists.types import ListHit, ListType, Severity
from tests.assess.signals.builders import make_facts, make_history, make_payin, make_payout
from tests.assess.test_custom_rules import make_policy, make_rule
from tests.assess.test_scoring_properties import any_facts
from transactions.types import Decision, Flow, IdentityKind

ENGLISH = Language.ENGLISH


def decide(facts: Facts, policy: Policy | None = None) -> Outcome:
    return score(facts=facts, policy=policy or default_policy(), language=ENGLISH)


def make_risky() -> Facts:
    """Return a first payout to an account that ten others paid today: 50 points, to be challenged."""
    payment = make_payout(
        amount_minor=100_000,
        beneficiary=Beneficiary(clabe="646180111800000004", countries=("MX",)),
        origin=Origin(account_id="a", user_limit_minor=150_000),
        payout=PayoutDetails(initiated_by="maria.lopez"),
    )
    return make_facts(
        payment,
        histories=(
            make_history(IdentityKind.BENEFICIARY, counterparties_24h=10, events_30d=10),
            make_history(IdentityKind.ORIGIN, events_30d=3),
        ),
        near_limit_bands=((4_500_000, 4_999_999),),
        pair=PairHistory(),
    )


def removals(facts: Facts, policy: Policy | None = None) -> list[tuple[str, int, Decision]]:
    used = policy or default_policy()
    found = list_removals(outcome=decide(facts, used), facts=facts, policy=used, language=ENGLISH)
    return [(each.signal.code, each.outcome.risk_score, each.outcome.decision) for each in found]


def test_each_signal_is_taken_away_alone_the_lightest_first() -> None:
    assert decide(make_risky()).decision is Decision.CHALLENGE
    assert removals(make_risky()) == [
        ("payout_first_beneficiary", 30, Decision.REVIEW),
        ("payout_beneficiary_fan_in", 20, Decision.APPROVE),
    ]


def test_a_hard_block_can_be_taken_away_although_no_policy_turns_it_off() -> None:
    hit = ListHit(entry_id="e", list_type=ListType.EMAIL, severity=Severity.BLOCK)
    assert removals(make_facts(list_hits=(hit,))) == [("blocklist_email", 0, Decision.APPROVE)]


def test_a_custom_rule_is_taken_away_like_a_signal() -> None:
    policy = make_policy(make_rule("0000000a", weight=40), make_rule("0000000b", weight=-5))
    assert removals(make_risky(), policy) == [
        ("custom_rule:0000000b", 90, Decision.DECLINE),
        ("payout_first_beneficiary", 65, Decision.CHALLENGE),
        ("payout_beneficiary_fan_in", 55, Decision.CHALLENGE),
        ("custom_rule:0000000a", 45, Decision.REVIEW),
    ]


def test_nothing_else_of_a_policy_changes_without_a_signal() -> None:
    policy = default_policy()
    assert {each.signal.code for each in policy.payout.active} - {
        each.signal.code for each in without(policy, Flow.PAYOUT, "payout_structuring").payout.active
    } == {"payout_structuring"}
    assert without(policy, Flow.PAYOUT, "payout_structuring").payin == policy.payin


def test_what_ifs_are_only_those_that_mean_something_for_the_payment() -> None:
    found = list_what_ifs(facts=make_risky(), policy=default_policy(), language=ENGLISH)
    shown = {each.supposition: (each.outcome.risk_score, each.outcome.decision) for each in found}
    assert shown[Supposition.DOUBLE_AMOUNT] == (80, Decision.DECLINE)
    assert shown[Supposition.KNOWN_BENEFICIARY] == (30, Decision.REVIEW)
    assert Supposition.UNLISTED not in shown
    assert Supposition.HUMAN not in shown


def test_the_amount_at_which_the_decision_turns_is_exact() -> None:
    turns = find_turns(facts=make_risky(), policy=default_policy(), language=ENGLISH)
    assert [(turn.amount_minor, turn.outcome.decision) for turn in turns] == [(150_001, Decision.DECLINE)]


def test_a_decision_turns_below_and_above() -> None:
    near = make_history(IdentityKind.ORIGIN, events_30d=3, near_limit_24h=(2,))
    paid = make_payout(
        amount_minor=4_700_000,
        beneficiary=Beneficiary(clabe="646180111800000004", countries=("MX",)),
        payout=PayoutDetails(initiated_by="maria.lopez"),
    )
    facts = make_facts(paid, histories=(near,), near_limit_bands=((4_500_000, 4_999_999),), pair=PairHistory())
    assert decide(facts).decision is Decision.REVIEW
    turns = find_turns(facts=facts, policy=default_policy(), language=ENGLISH)
    told = [(turn.amount_minor, turn.outcome.decision) for turn in turns]
    assert told == [(4_499_999, Decision.APPROVE), (5_000_000, Decision.APPROVE)]


def test_a_decision_that_no_amount_changes_does_not_turn() -> None:
    facts = make_facts(make_payin(amount_minor=0))
    assert find_turns(facts=facts, policy=default_policy(), language=ENGLISH) == []


@settings(deadline=None, max_examples=40)
@given(any_facts, st.integers(0, 10**8))
def test_a_turn_is_next_to_an_amount_that_keeps_the_decision(facts: Facts, amount: int) -> None:
    facts = with_amount(facts, amount)
    decision = decide(facts).decision
    for turn in find_turns(facts=facts, policy=default_policy(), language=ENGLISH):
        assert turn.outcome == decide(with_amount(facts, turn.amount_minor))
        assert turn.outcome.decision is not decision
        back = turn.amount_minor + (1 if turn.amount_minor < amount else -1)
        assert decide(with_amount(facts, back)).decision is decision


@settings(deadline=None, max_examples=40)
@given(any_facts)
def test_a_removal_takes_away_that_signal_and_no_other(facts: Facts) -> None:
    outcome = decide(facts)
    for removal in list_removals(outcome=outcome, facts=facts, policy=default_policy(), language=ENGLISH):
        left = [signal for signal in outcome.signals if signal != removal.signal]
        assert list(removal.outcome.signals) == left
