from itertools import combinations
from typing import Any

import msgspec
import pytest

from accounts.types import FailPolicy
from assess.policy import Policy, decode_policy, default_policy, encode_policy
from assess.scoring import SignalDifference, explain_difference, list_unjudged, score
from assess.signals.table import SIGNALS, list_signals
from assess.types import (
    Behavior,
    Beneficiary,
    Facts,
    FiredSignal,
    Language,
    Lookup,
    Outcome,
    PairHistory,
    PayoutDetails,
)
from blocklists.types import ListHit, ListType, Severity
from tests.assess.signals.builders import make_facts, make_history, make_payin, make_payout
from transactions.types import Decision, Flow, IdentityKind

CATALOG = {signal.code: place for place, signal in enumerate(SIGNALS)}
KNOWN = PairHistory(is_known=True, is_seen_earlier=True)
ATTRIBUTED = PayoutDetails(initiated_by="maria.lopez")


def decide(facts: Facts, policy: Policy | None = None, language: Language = Language.ENGLISH) -> Outcome:
    return score(facts=facts, policy=policy or default_policy(), language=language)


def make_policy(flow: Flow = Flow.PAYIN, **changes: Any) -> Policy:
    """Return the default with a flow's document changed: `weights={…}`, `bands={…}`, `parameters={…}`, `disabled=[…]`."""
    document = encode_policy(default_policy())
    part = document[flow.value]
    for name, value in changes.items():
        part[name] = value if name == "disabled" else part[name] | value
    return decode_policy(document, version=1)


def make_hit(list_type: ListType, severity: Severity = Severity.BLOCK) -> ListHit:
    return ListHit(entry_id="018f", list_type=list_type, severity=severity)


def make_quiet_payout(**fields: Any) -> Facts:
    return make_facts(make_payout(payout=ATTRIBUTED), **({"pair": KNOWN} | fields))


def show(outcome: Outcome) -> list[tuple[str, int]]:
    return [(signal.code, signal.weight) for signal in outcome.signals]


CONTRACT_SAMPLE = make_facts(
    make_payin(email="ana@mailinator.com"), histories=(make_history(IdentityKind.EMAIL, events_1h=5),)
)


def test_the_contracts_sample_is_scored_as_it_says() -> None:
    assert decide(CONTRACT_SAMPLE) == Outcome(
        decision=Decision.CHALLENGE,
        risk_score=55,
        signals=(
            FiredSignal(code="high_velocity", weight=35, description="6 transactions in the last hour"),
            FiredSignal(code="disposable_email", weight=20, description="Disposable email domain"),
        ),
        blocked_by=None,
    )


def test_descriptions_follow_the_language() -> None:
    described = [signal.description for signal in decide(CONTRACT_SAMPLE, language=Language.SPANISH).signals]
    assert described == ["6 operaciones en la última hora", "Dominio de correo desechable"]


def test_nothing_fired_is_an_approval_at_zero() -> None:
    nothing = Outcome(decision=Decision.APPROVE, risk_score=0, signals=(), blocked_by=None)
    assert decide(make_facts()) == nothing
    assert decide(make_quiet_payout()) == nothing


@pytest.mark.parametrize(
    ("total", "decision"),
    [
        (0, Decision.APPROVE),
        (29, Decision.APPROVE),
        (30, Decision.REVIEW),
        (49, Decision.REVIEW),
        (50, Decision.CHALLENGE),
        (79, Decision.CHALLENGE),
        (80, Decision.DECLINE),
        (100, Decision.DECLINE),
    ],
)
def test_a_band_is_reached_at_its_cut_off(total: int, decision: Decision) -> None:
    facts = make_facts(make_payin(email="ana@mailinator.com"))
    outcome = decide(facts, make_policy(weights={"disposable_email": total}))
    assert (outcome.decision, outcome.risk_score) == (decision, total)


def test_a_decline_by_score_is_not_blocked() -> None:
    outcome = decide(CONTRACT_SAMPLE, make_policy(bands={"decline": 55}))
    assert (outcome.decision, outcome.blocked_by) == (Decision.DECLINE, None)


def test_the_flows_have_bands_and_weights_of_their_own() -> None:
    policy = make_policy(Flow.PAYOUT, weights={"disposable_email": 99})
    payout = make_payout(payout=ATTRIBUTED, beneficiary=Beneficiary(email="x@mailinator.com"))
    assert decide(make_facts(payout, pair=KNOWN), policy).risk_score == 99
    assert decide(make_facts(make_payin(email="x@mailinator.com")), policy).risk_score == 20


def test_the_sum_is_cut_at_a_hundred() -> None:
    facts = msgspec.structs.replace(CONTRACT_SAMPLE, prior_fraud=(IdentityKind.EMAIL,))
    outcome = decide(facts)
    assert show(outcome) == [("payer_prior_fraud", 60), ("high_velocity", 35), ("disposable_email", 20)]
    assert (outcome.risk_score, outcome.decision, outcome.blocked_by) == (100, Decision.DECLINE, None)


def test_equal_weights_keep_the_catalogs_order() -> None:
    behavior = Behavior(session_duration_ms=1, mouse_movements=0, copy_paste_events=2)
    outcome = decide(make_facts(make_payin(behavior=behavior, email="a@mailinator.com")))
    assert show(outcome) == [
        ("disposable_email", 20),
        ("short_session", 8),
        ("no_mouse_movement", 8),
        ("copy_paste_detected", 6),
    ]


def test_a_signal_that_weighs_nothing_is_listed() -> None:
    outcome = decide(CONTRACT_SAMPLE, make_policy(weights={"high_velocity": 0}))
    assert show(outcome) == [("disposable_email", 20), ("high_velocity", 0)]
    assert outcome.risk_score == 20


def test_a_disabled_signal_is_not() -> None:
    assert show(decide(CONTRACT_SAMPLE, make_policy(disabled=["high_velocity"]))) == [("disposable_email", 20)]


def test_parameters_are_the_policys() -> None:
    policy = make_policy(parameters={"high_velocity": {"payer_limit": 6}})
    assert show(decide(CONTRACT_SAMPLE, policy)) == [("disposable_email", 20)]


def test_a_block_entry_declines_at_a_hundred() -> None:
    outcome = decide(make_facts(list_hits=(make_hit(ListType.EMAIL),)))
    assert outcome == Outcome(
        decision=Decision.DECLINE,
        risk_score=100,
        signals=(FiredSignal(code="blocklist_email", weight=100, description="E-mail on a blocklist"),),
        blocked_by="blocklist:email",
    )


@pytest.mark.parametrize("flow", Flow)
def test_of_several_blocks_the_contracts_first_list_type_is_named(flow: Flow) -> None:
    codes = {signal.code for signal in list_signals(flow=flow)}
    types = [list_type for list_type in ListType if f"blocklist_{list_type}" in codes]
    payment = make_payin() if flow is Flow.PAYIN else make_payout(payout=ATTRIBUTED)
    assert len(types) == {Flow.PAYIN: 10, Flow.PAYOUT: 13}[flow]
    for first, second in combinations(types, 2):
        outcome = decide(make_facts(payment, pair=KNOWN, list_hits=(make_hit(second), make_hit(first))))
        assert outcome.blocked_by == f"blocklist:{first}"
        assert show(outcome) == [(f"blocklist_{first}", 100), (f"blocklist_{second}", 100)]


def test_a_list_blocks_before_the_amount_limit_though_the_catalog_names_it_later() -> None:
    policy = make_policy(parameters={"amount_limit": {"maximum_minor": {"MXN": 1}}})
    outcome = decide(make_facts(list_hits=(make_hit(ListType.CUSTOMER_ID),)), policy)
    assert outcome.blocked_by == "blocklist:customer_id"
    assert show(outcome) == [("amount_limit", 100), ("blocklist_customer_id", 100)]


def test_the_amount_limit_blocks_alone() -> None:
    outcome = decide(make_facts(), make_policy(parameters={"amount_limit": {"maximum_minor": {"MXN": 149_999}}}))
    assert (outcome.decision, outcome.risk_score, outcome.blocked_by) == (Decision.DECLINE, 100, "amount_limit")
    assert outcome.signals[0].description == "The amount exceeds the maximum of MXN 1,499.99"


def test_a_review_entry_raises_an_approval_to_a_review_and_not_the_score() -> None:
    outcome = decide(make_facts(list_hits=(make_hit(ListType.EMAIL, Severity.REVIEW),)))
    assert (outcome.decision, outcome.risk_score, outcome.blocked_by) == (Decision.REVIEW, 20, None)


def test_a_review_entry_lowers_no_decision() -> None:
    facts = msgspec.structs.replace(CONTRACT_SAMPLE, list_hits=(make_hit(ListType.EMAIL, Severity.REVIEW),))
    outcome = decide(facts)
    assert (outcome.decision, outcome.risk_score) == (Decision.CHALLENGE, 75)


def test_a_review_entry_beside_a_block_changes_nothing() -> None:
    hits = (make_hit(ListType.EMAIL, Severity.REVIEW), make_hit(ListType.PHONE))
    outcome = decide(make_facts(list_hits=hits))
    assert (outcome.decision, outcome.risk_score, outcome.blocked_by) == (Decision.DECLINE, 100, "blocklist:phone")


@pytest.mark.parametrize(
    ("fail_policy", "decision"), [(FailPolicy.OPEN, Decision.APPROVE), (FailPolicy.CLOSED, Decision.REVIEW)]
)
def test_a_failed_look_up_is_left_out_or_reviewed_by_the_fail_policy(
    fail_policy: FailPolicy, decision: Decision
) -> None:
    facts = msgspec.structs.replace(CONTRACT_SAMPLE, failed_lookups=(Lookup.HISTORY,), fail_policy=fail_policy)
    outcome = decide(facts)
    assert show(outcome) == [("disposable_email", 20)]
    assert (outcome.decision, outcome.risk_score, outcome.blocked_by) == (decision, 20, None)


def test_a_failed_look_up_that_no_signal_needs_demands_nothing() -> None:
    facts = make_facts(failed_lookups=(Lookup.NAMES,), fail_policy=FailPolicy.CLOSED)
    assert list_unjudged(facts=facts, policy=default_policy()) == ()
    assert decide(facts).decision is Decision.APPROVE


def test_the_signals_that_could_not_be_judged_are_named_in_the_catalogs_order() -> None:
    facts = make_quiet_payout(pair=None, failed_lookups=(Lookup.PAIR, Lookup.NAMES))
    assert list_unjudged(facts=facts, policy=default_policy()) == (
        "payout_first_beneficiary",
        "payout_beneficiary_fan_in",
        "payout_origin_fan_out",
        "payout_name_mismatch",
    )
    assert list_unjudged(facts=make_quiet_payout(), policy=default_policy()) == ()


def test_a_declared_first_payment_needs_no_look_up() -> None:
    declared = PayoutDetails(initiated_by="maria.lopez", first_to_beneficiary=True)
    facts = make_facts(make_payout(payout=declared), failed_lookups=(Lookup.PAIR,))
    assert show(decide(facts)) == [("payout_first_beneficiary", 20)]
    assert "payout_first_beneficiary" not in list_unjudged(facts=facts, policy=default_policy())


@pytest.mark.parametrize("signal", [signal for signal in SIGNALS if signal.needs], ids=lambda signal: signal.code)
def test_a_signal_is_silent_when_any_look_up_it_needs_failed(signal: Any) -> None:
    flow = next(iter(signal.flows))
    payment = make_payin() if flow is Flow.PAYIN else make_payout(payout=ATTRIBUTED)
    for lookup in signal.needs:
        facts = make_facts(payment, failed_lookups=(lookup,))
        assert signal.code in list_unjudged(facts=facts, policy=default_policy())


def test_a_difference_is_explained_signal_by_signal_greatest_change_first() -> None:
    before = decide(CONTRACT_SAMPLE)
    after = decide(
        msgspec.structs.replace(CONTRACT_SAMPLE, prior_fraud=(IdentityKind.EMAIL,)),
        make_policy(weights={"high_velocity": 30}, disabled=["disposable_email"]),
    )
    assert explain_difference(before, after) == [
        SignalDifference(code="payer_prior_fraud", weight_before=None, weight_after=60, change=60),
        SignalDifference(code="disposable_email", weight_before=20, weight_after=None, change=-20),
        SignalDifference(code="high_velocity", weight_before=35, weight_after=30, change=-5),
    ]


def test_equal_outcomes_differ_in_nothing() -> None:
    before = decide(CONTRACT_SAMPLE)
    assert [difference.change for difference in explain_difference(before, before)] == [0, 0]
