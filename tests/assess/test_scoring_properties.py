"""What must hold of every score, whatever the facts and the policy."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.types import FailPolicy
from assess.policy import Bands, FlowPolicy, Policy, decode_policy, default_policy, encode_policy
from assess.scoring import explain_difference, list_unjudged, score
from assess.signals.table import SIGNALS, list_signals
from assess.types import (
    AccountFlaw,
    AmountStatistics,
    Behavior,
    Beneficiary,
    Billing,
    Device,
    Facts,
    Language,
    Lookup,
    Origin,
    Outcome,
    PairHistory,
    PaymentMethod,
    PayoutDetails,
)
from blocklists.types import ListHit, ListType, Severity
from tests.assess.signals.builders import make_payin, make_payout
from transactions.types import Decision, Flow, IdentityHistory, IdentityKind

CATALOG = {signal.code: place for place, signal in enumerate(SIGNALS)}
unhurried = settings(deadline=None)


def decide(facts: Facts, policy: Policy, language: Language = Language.ENGLISH) -> Outcome:
    return score(facts=facts, policy=policy, language=language)


def show(outcome: Outcome) -> list[tuple[str, int]]:
    return [(signal.code, signal.weight) for signal in outcome.signals]


COUNTS = st.integers(0, 60)
AMOUNTS = st.integers(0, 10**9)
COUNTRIES = st.sampled_from(["MX", "US", "IR", "MM"])
EMAILS = st.sampled_from([None, "ana@example.com", "ana@mailinator.com", "ana@shop.xyz"])
NAMES = st.sampled_from([None, "Juan Pérez", "Proveedor Norte SA de CV", "María Ruiz"])
BAND = (4_500_000, 4_999_999)

histories = st.builds(
    IdentityHistory,
    kind=st.sampled_from(IdentityKind),
    events_1h=COUNTS,
    sum_24h_minor=AMOUNTS,
    hourly_peak=COUNTS,
    daily_peak_minor=AMOUNTS,
    closed_day_events=COUNTS,
    events_30d=COUNTS,
    hour_events=st.integers(0, 2),
    counterparties_24h=st.integers(0, 20),
    new_counterparties_24h=st.integers(0, 20),
    near_limit_24h=st.tuples(st.integers(0, 4)),
)
statistics = st.builds(AmountStatistics, events=COUNTS, median_doubled=AMOUNTS, mad_doubled=AMOUNTS)
behaviors = st.builds(
    Behavior,
    session_duration_ms=st.none() | st.integers(0, 6_000),
    mouse_movements=st.none() | st.integers(0, 3),
    keystrokes=st.none() | COUNTS,
    copy_paste_events=st.none() | st.integers(0, 4),
)
devices = st.builds(
    Device, user_agent=st.sampled_from([None, "curl/8.5.0", "Mozilla/5.0", "Mozilla/5.0 (iPhone) Mobile"])
)
payins = st.builds(
    make_payin,
    amount_minor=AMOUNTS,
    currency=st.sampled_from(["MXN", "CLP"]),
    email=EMAILS,
    device=devices,
    behavior=st.none() | behaviors,
    payment_method=st.builds(PaymentMethod, card_country=st.none() | COUNTRIES),
    billing=st.builds(Billing, country=st.none() | COUNTRIES),
)
payouts = st.builds(
    make_payout,
    amount_minor=AMOUNTS | st.integers(*BAND),
    device=devices,
    behavior=st.none() | behaviors,
    beneficiary=st.builds(
        Beneficiary,
        name=NAMES,
        email=EMAILS,
        countries=st.lists(COUNTRIES, max_size=2, unique=True).map(tuple),
        flaws=st.dictionaries(st.sampled_from(["clabe", "iban", "swift_bic"]), st.sampled_from(AccountFlaw)),
    ),
    origin=st.builds(Origin, country=st.none() | COUNTRIES, user_limit_minor=st.none() | AMOUNTS),
    payout=st.builds(
        PayoutDetails,
        initiated_by=st.sampled_from([None, "admin", "maria.lopez"]),
        first_to_beneficiary=st.none() | st.booleans(),
    ),
)
hits = st.builds(
    ListHit, entry_id=st.uuids().map(str), list_type=st.sampled_from(ListType), severity=st.sampled_from(Severity)
)
any_facts = st.builds(
    Facts,
    payment=payins | payouts,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    local_hour=st.integers(0, 23),
    fail_policy=st.sampled_from(FailPolicy),
    list_hits=st.lists(hits, max_size=2).map(tuple),
    histories=st.lists(histories, max_size=5, unique_by=lambda history: history.kind).map(tuple),
    near_limit_bands=st.just((BAND,)),
    recent_amounts=st.none() | statistics,
    organization_amounts=st.none() | statistics,
    pair=st.none()
    | st.builds(PairHistory, is_known=st.booleans(), is_seen_24h=st.booleans(), is_seen_earlier=st.booleans()),
    earlier_names=st.lists(st.sampled_from(["juan perez", "proveedor norte"]), max_size=2, unique=True).map(tuple),
    prior_fraud=st.lists(st.sampled_from(IdentityKind), max_size=2, unique=True).map(tuple),
    failed_lookups=st.lists(st.sampled_from(Lookup), max_size=2, unique=True).map(tuple),
)


def make_random_part(draw: st.DrawFn, flow: Flow) -> FlowPolicy:
    part = default_policy().of(flow)
    bands = sorted(draw(st.lists(st.integers(1, 100), min_size=3, max_size=3)))
    free = [signal.code for signal in list_signals(flow=flow) if not signal.can_block]
    weights = draw(st.lists(st.integers(0, 100), min_size=len(free), max_size=len(free)))
    return msgspec.structs.replace(
        part,
        bands=Bands(review=bands[0], challenge=bands[1], decline=bands[2]),
        weights=part.weights | dict(zip(free, weights, strict=True)),
        disabled=draw(st.frozensets(st.sampled_from(free), max_size=5)),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    payin, payout = (make_random_part(draw, flow) for flow in (Flow.PAYIN, Flow.PAYOUT))
    return Policy(version=1, engine=default_policy().engine, payin=payin, payout=payout)


@unhurried
@given(facts=any_facts, policy=policies())
def test_the_sum_of_the_weights_explains_the_score(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy)
    assert outcome.risk_score == min(sum(signal.weight for signal in outcome.signals), 100)


@unhurried
@given(facts=any_facts, policy=policies())
def test_signals_are_heaviest_first_and_ties_in_the_catalogs_order(facts: Facts, policy: Policy) -> None:
    shown = [(-weight, CATALOG[code]) for code, weight in show(decide(facts, policy))]
    assert shown == sorted(shown)
    assert len({place for _, place in shown}) == len(shown)


@unhurried
@given(facts=any_facts, policy=policies())
def test_the_decision_is_at_least_what_the_score_reaches(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy)
    bands = policy.of(facts.payment.flow).bands
    reached = sum(outcome.risk_score >= cut for cut in (bands.review, bands.challenge, bands.decline))
    assert outcome.decision.severity >= reached
    assert outcome.decision.severity <= max(reached, Decision.REVIEW.severity) or outcome.blocked_by is not None


@unhurried
@given(facts=any_facts, policy=policies())
def test_only_a_hard_block_is_blocked_and_it_always_declines_at_a_hundred(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy)
    could_block = any(hit.severity is Severity.BLOCK for hit in facts.list_hits)
    assert could_block or outcome.blocked_by is None
    if outcome.blocked_by:
        assert (outcome.decision, outcome.risk_score) == (Decision.DECLINE, 100)
        assert outcome.blocked_by.replace(":", "_") in dict(show(outcome))


@unhurried
@given(facts=any_facts, policy=policies(), hit=hits)
def test_one_more_list_entry_never_lowers_a_decision(facts: Facts, policy: Policy, hit: ListHit) -> None:
    met = msgspec.structs.replace(facts, list_hits=(*facts.list_hits, hit))
    before, after = decide(facts, policy), decide(met, policy)
    assert after.decision.severity >= before.decision.severity
    assert after.risk_score >= before.risk_score


@unhurried
@given(facts=any_facts, policy=policies(), code=st.sampled_from(sorted(CATALOG)), weight=st.integers(0, 100))
def test_a_greater_weight_never_lowers_a_decision(facts: Facts, policy: Policy, code: str, weight: int) -> None:
    flow = facts.payment.flow
    part = policy.of(flow)
    if weight < part.weights.get(code, 101):
        return
    heavier = msgspec.structs.replace(part, weights=part.weights | {code: weight})
    before, after = decide(facts, policy), decide(facts, msgspec.structs.replace(policy, **{flow.value: heavier}))
    assert after.decision.severity >= before.decision.severity
    assert after.risk_score >= before.risk_score


@unhurried
@given(facts=any_facts, policy=policies())
def test_a_failed_look_up_under_fail_closed_is_never_approved_when_a_signal_missed_it(
    facts: Facts, policy: Policy
) -> None:
    closed = msgspec.structs.replace(facts, fail_policy=FailPolicy.CLOSED)
    if list_unjudged(facts=closed, policy=policy):
        assert decide(closed, policy).decision is not Decision.APPROVE


@unhurried
@given(facts=any_facts, policy=policies(), language=st.sampled_from(Language))
def test_stored_facts_and_policy_give_the_identical_outcome(facts: Facts, policy: Policy, language: Language) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(facts), type=Facts)
    document = msgspec.json.decode(msgspec.json.encode(encode_policy(policy)))
    first = decide(facts, policy, language)
    again = decide(stored, decode_policy(document, version=1), language)
    assert stored == facts
    assert msgspec.json.encode(again) == msgspec.json.encode(first)


@unhurried
@given(facts=any_facts, policy=policies())
def test_the_languages_decide_alike(facts: Facts, policy: Policy) -> None:
    spanish, english = (decide(facts, policy, language) for language in Language)
    assert show(spanish) == show(english)
    assert (spanish.decision, spanish.blocked_by) == (english.decision, english.blocked_by)


@unhurried
@given(before=any_facts, after=any_facts, policy=policies())
def test_the_changes_add_up_to_the_difference_of_the_sums(before: Facts, after: Facts, policy: Policy) -> None:
    first, second = decide(before, policy), decide(after, policy)
    changes = sum(difference.change for difference in explain_difference(first, second))
    assert changes == sum(s.weight for s in second.signals) - sum(s.weight for s in first.signals)
