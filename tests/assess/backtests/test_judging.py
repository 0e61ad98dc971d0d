"""A backtest scores what was stored: with the policy that decided it gives every decision again, to the last signal."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from assess.backtests.judging import Counting, Trial
from assess.backtests.tally import Tally, decode_tally, encode_tally
from assess.custom_rules import PolicyRule, decode_rules
from assess.policy import ENGINE, Policy, decode_policy, default_policy, encode_policy
from assess.scoring import score
from assess.stored import StoredDecision, decode_facts
from assess.types import Facts, Language
from core.ids import make_uuid7
from tests.assess.signals.builders import make_facts, make_payout
from tests.assess.test_custom_rules import make_rule
from tests.assess.test_scoring_properties import any_facts, policies, unhurried

CONDITIONS = (
    ("payout", "payment.amount > 4500000"),
    ("payin", "payment.currency == 'CLP'"),
    ("both", "signals.score >= 30"),
    ("payout", "history.origin_payments_1h > 3"),
    ("payout", "pair.is_known"),
)
ACTIONS = st.sampled_from(["score", "review", "challenge", "block"])


@st.composite
def rules(draw: st.DrawFn) -> tuple[PolicyRule, ...]:
    chosen = draw(st.lists(st.sampled_from(range(len(CONDITIONS))), max_size=3, unique=True))
    return decode_rules(
        [
            make_rule(
                f"0000000{place}",
                flow=CONDITIONS[place][0],
                condition=CONDITIONS[place][1],
                action=draw(ACTIONS),
                stage=draw(st.sampled_from(["active", "shadow"])),
            )
            for place in chosen
        ]
    )


@st.composite
def ruled_policies(draw: st.DrawFn) -> Policy:
    return msgspec.structs.replace(draw(policies()), version=draw(st.integers(1, 3)), rules=draw(rules()))


def store(facts: Facts, policy: Policy, **fields: Any) -> StoredDecision:
    """Return what a payment of these facts leaves behind, read back from its JSON."""
    outcome = score(facts=facts, policy=policy, language=Language.SPANISH)
    details = msgspec.json.encode(facts.payment).decode()
    rest = {name: value for name, value in msgspec.to_builtins(facts).items() if name != "payment"}
    given: dict[str, Any] = {
        "transaction_id": make_uuid7(at=facts.at),
        "decision": outcome.decision,
        "risk_score": outcome.risk_score,
        "blocked_by": outcome.blocked_by,
        "signals": tuple(signal.code for signal in outcome.signals),
        "amount_minor": facts.payment.amount_minor,
        "currency": facts.payment.currency,
        "is_fraudulent": None,
        "policy_version": policy.version,
        "engine": ENGINE,
        "language": "es-MX",
        "facts": decode_facts(facts=msgspec.json.encode(rest).decode(), details=details),
    }
    return StoredDecision(**(given | fields))


def run(stored: list[StoredDecision], after: Policy, *, before: Policy | None = None, version: int | None = 1) -> Tally:
    tally = Tally()
    counting = Counting(Trial(before=before, after=after, version=version, timezone="America/Mexico_City"), tally)
    for each in stored:
        counting.add(each)
    return tally


@unhurried
@given(facts=st.lists(any_facts, min_size=1, max_size=8), policy=ruled_policies())
def test_the_unchanged_policy_reproduces_every_stored_decision(facts: list[Facts], policy: Policy) -> None:
    again = decode_policy(msgspec.json.decode(msgspec.json.encode(encode_policy(policy))), version=policy.version)
    tally = run([store(each, policy) for each in facts], again, version=policy.version)
    assert (tally.payments, tally.checked, tally.reproduced) == (len(facts), len(facts), len(facts))
    assert all(cell.partition("|")[0].partition(">")[0] == _after(cell) for cell in tally.cells)
    assert all(before == after for before, after in tally.scores.values())


def _after(cell: str) -> str:
    return cell.partition("|")[0].partition(">")[2]


@unhurried
@given(facts=st.lists(any_facts, min_size=1, max_size=8), policy=ruled_policies(), other=ruled_policies())
def test_the_policy_in_force_scored_again_is_what_was_decided_by_it(
    facts: list[Facts], policy: Policy, other: Policy
) -> None:
    stored = [store(each, policy) for each in facts]
    assert run(stored, other, before=policy, version=None) == run(stored, other, version=None)


@unhurried
@given(
    facts=st.lists(any_facts, min_size=1, max_size=8),
    policy=ruled_policies(),
    other=ruled_policies(),
    cut=st.integers(0, 8),
)
def test_a_tally_kept_between_two_steps_ends_as_one_that_was_not(
    facts: list[Facts], policy: Policy, other: Policy, cut: int
) -> None:
    stored = [store(each, policy) for each in facts]
    kept = decode_tally(msgspec.json.decode(msgspec.json.encode(encode_tally(run(stored[:cut], other)))))
    counting = Counting(Trial(before=None, after=other, version=1, timezone="America/Mexico_City"), kept)
    for each in stored[cut:]:
        counting.add(each)
    assert encode_tally(kept) == encode_tally(run(stored, other))


def test_a_decision_that_is_not_the_same_again_is_told() -> None:
    stored = store(make_facts(make_payout()), default_policy(), policy_version=1)
    for fields in ({"risk_score": 99}, {"signals": ("high_velocity",)}, {"blocked_by": "amount_limit"}):
        tally = run([msgspec.structs.replace(stored, **fields)], default_policy())
        assert (tally.checked, tally.reproduced) == (1, 0)


def test_only_the_version_that_decided_is_held_to_its_decisions() -> None:
    stored = store(make_facts(make_payout()), default_policy(), policy_version=1)
    earlier = msgspec.structs.replace(stored, policy_version=2, risk_score=99)
    elsewhere = msgspec.structs.replace(stored, engine="2020.01", risk_score=99)
    tally = run([stored, earlier, elsewhere], default_policy())
    assert (tally.checked, tally.reproduced, tally.other_engine) == (1, 1, 1)
    assert run([stored], default_policy(), version=None).checked == 0


def test_payouts_counted_for_other_bands_are_told_unless_structuring_is_off() -> None:
    policy = default_policy()
    code = "payout_structuring"
    parameters = policy.payout.parameters[code]
    other = msgspec.structs.replace(
        policy,
        payout=msgspec.structs.replace(
            policy.payout,
            parameters=policy.payout.parameters | {code: msgspec.structs.replace(parameters, near_percent=80)},
        ),
    )
    off = msgspec.structs.replace(other, payout=msgspec.structs.replace(other.payout, disabled=frozenset({code})))
    stored = [store(make_facts(make_payout(), near_limit_bands=((4_500_000, 4_999_999),)), policy)]
    assert [run(stored, each).other_bands for each in (policy, other, off)] == [0, 1, 0]
    against = [(other, policy), (policy, other), (other, other), (policy, policy), (off, policy), (off, off)]
    assert [run(stored, after, before=before).other_bands for before, after in against] == [1, 1, 1, 0, 0, 0]
