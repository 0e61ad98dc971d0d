"""One stored payment under the tested policy, beside what was decided of it. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assess.backtests.segments import list_segments
from assess.backtests.tally import Label, Move, Side, Tally
from assess.policies import bands_of
from assess.policy import ENGINE, Policy
from assess.scoring import score
from assess.signals import payout_structuring
from assess.stored import StoredDecision
from assess.types import Facts, Language, Outcome
from transactions.types import Flow

_STRUCTURING = payout_structuring.SIGNAL.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is compared: `before` None is what was decided at the time, else the policy that is scored for it.

    `version` is the published version that `after` is, None when it never was published. Days are those of `timezone`.
    """

    before: Policy | None
    after: Policy
    version: int | None
    timezone: str


class Counting:
    """Adds payments to a tally under one trial."""

    def __init__(self, trial: Trial, tally: Tally) -> None:
        self._trial = trial
        self._tally = tally
        self._zone = ZoneInfo(trial.timezone)
        both = (trial.before, trial.after)
        self._structuring = [each for each in both if each is not None and _STRUCTURING not in each.payout.disabled]

    def add(self, stored: StoredDecision) -> None:
        """Score the payment and count what comes of it."""
        outcome = _judge(stored.facts, self._trial.after)
        self._note(stored, outcome)
        payment = stored.facts.payment
        self._tally.add(
            Move(
                transaction_id=str(stored.transaction_id),
                flow=payment.flow,
                currency=stored.currency,
                amount_minor=stored.amount_minor,
                label=find_label(stored),
                day=stored.facts.at.astimezone(self._zone).date().isoformat(),
                before=self._find_before(stored),
                after=Side(decision=outcome.decision, risk_score=outcome.risk_score),
                segments=list_segments(payment),
                met=tuple(mark.rule_id for mark in outcome.rules if mark.is_met),
                untold=tuple(mark.rule_id for mark in outcome.rules if not mark.is_met),
            )
        )

    def _find_before(self, stored: StoredDecision) -> Side:
        if self._trial.before is None:
            return Side(decision=stored.decision, risk_score=stored.risk_score)
        outcome = _judge(stored.facts, self._trial.before)
        return Side(decision=outcome.decision, risk_score=outcome.risk_score)

    def _note(self, stored: StoredDecision, outcome: Outcome) -> None:
        """Count what limits the comparison, and whether the version that decided decides the same again."""
        tally, facts = self._tally, stored.facts
        is_same_engine = stored.engine == ENGINE
        tally.other_engine += not is_same_engine
        tally.failed_lookups += bool(facts.failed_lookups)
        if facts.payment.flow is Flow.PAYOUT:
            wanted = (bands_of(policy, facts.payment) for policy in self._structuring)
            tally.other_bands += any(bands != facts.near_limit_bands for bands in wanted)
        if is_same_engine and stored.policy_version == self._trial.version:
            tally.checked += 1
            tally.reproduced += is_reproduced(stored, outcome)


def _judge(facts: Facts, policy: Policy) -> Outcome:
    return score(facts=facts, policy=policy, language=Language.ENGLISH)


def is_reproduced(stored: StoredDecision, outcome: Outcome) -> bool:
    """Say whether the outcome is the stored one: decision, score, what blocked, and every signal in its order."""
    return (
        stored.decision is outcome.decision
        and stored.risk_score == outcome.risk_score
        and stored.blocked_by == outcome.blocked_by
        and stored.signals == tuple(signal.code for signal in outcome.signals)
    )


def find_label(stored: StoredDecision) -> Label:
    """Return what became known of the payment."""
    if stored.is_fraudulent is None:
        return Label.NONE
    return Label.FRAUD if stored.is_fraudulent else Label.GOOD
