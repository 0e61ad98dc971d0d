"""What a simulation shows: the decision, how the signals add up, and what would change it."""

from dataclasses import dataclass
from typing import Any

from assess.counterfactuals import Removal, Turn, find_turns, list_removals, list_what_ifs
from assess.other_policies import OtherPolicy
from assess.policies import bands_of
from assess.scoring import score
from assess.services.simulate_payment import Simulated
from assess.types import Outcome
from assess.web.simulation_words import SUPPOSED, list_facts
from core.web.waterfall import Step, Threshold, Waterfall
from transactions.types import Decision


@dataclass(frozen=True, slots=True)
class Under:
    """What another policy decides of the same facts; `is_blind` when it counts near other limits than were counted."""

    other: OtherPolicy
    outcome: Outcome
    is_blind: bool


def make_result(simulated: Simulated, *, others: list[OtherPolicy], timezone: str) -> dict[str, Any]:
    """Return what the page shows of one simulation."""
    outcome = simulated.outcome
    given: Any = {"facts": simulated.facts, "policy": simulated.policy, "language": simulated.envelope.language}
    removals = list_removals(outcome=outcome, **given)
    return {
        "simulated": simulated,
        "outcome": outcome,
        "decision": outcome.decision.value,
        "currency": simulated.facts.payment.currency,
        "waterfall": make_waterfall(simulated),
        "facts": list_facts(simulated.facts, timezone=timezone),
        "warnings": simulated.envelope.field_warnings,
        "what_ifs": [(SUPPOSED[each.supposition], each.outcome) for each in list_what_ifs(**given)],
        "removals": removals,
        "lightest": find_lightest(removals, outcome.decision),
        "turns": [(_is_above(turn, simulated), turn) for turn in find_turns(**given)],
        "others": [_judge_under(simulated, other) for other in others],
    }


def make_waterfall(simulated: Simulated) -> Waterfall:
    """Return the signals as steps from nothing to the score."""
    outcome, bands = simulated.outcome, simulated.policy.of(simulated.facts.payment.flow).bands
    return Waterfall(
        steps=[Step(signal.description, signal.weight, signal.code) for signal in outcome.signals],
        thresholds=[
            Threshold(Decision.REVIEW.value, bands.review),
            Threshold(Decision.CHALLENGE.value, bands.challenge),
            Threshold(Decision.DECLINE.value, bands.decline),
        ],
        score=outcome.risk_score,
        decision=outcome.decision.value,
    )


def find_lightest(removals: list[Removal], decision: Decision) -> Removal | None:
    """Return the lightest signal without which another decision would be taken."""
    return next((removal for removal in removals if removal.outcome.decision is not decision), None)


def _is_above(turn: Turn, simulated: Simulated) -> bool:
    return turn.amount_minor > simulated.facts.payment.amount_minor


def _judge_under(simulated: Simulated, other: OtherPolicy) -> Under:
    facts = simulated.facts
    outcome = score(facts=facts, policy=other.policy, language=simulated.envelope.language)
    return Under(other, outcome, bands_of(other.policy, facts.payment) != facts.near_limit_bands)
