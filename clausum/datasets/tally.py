"""Counting answers against the truth. One tally per lane, so that counting needs no lock; they are added at the end."""

from array import array
from collections import Counter
from collections.abc import Iterable

from clausum.datasets.answers import Answer, End
from clausum.datasets.calls import Call
from clausum.datasets.ledger import Decided, Ledger
from clausum.datasets.rows import Truth
from transactions.types import Decision

NO_ANSWER_NAME = "no answer"


class Tally:
    """What has come back so far. Amounts in minor units, never added across currencies."""

    def __init__(self) -> None:
        self.decisions: Counter[tuple[Truth, Decision]] = Counter()
        self.amounts: Counter[tuple[str, Decision]] = Counter()
        self.signals: Counter[tuple[str, Truth]] = Counter()
        self.refused: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.latencies_ms = array("f")
        self.ledger = Ledger()
        self.retries = 0
        self.replays = 0

    @property
    def ended(self) -> int:
        """How many calls have ended, whatever way."""
        return self.decided + self.refused.total() + self.failures.total()

    @property
    def decided(self) -> int:
        return len(self.latencies_ms)

    def add(self, call: Call, answer: Answer) -> None:
        """Count one answer. Amounts are kept of frauds alone, for what was stopped of them."""
        self.retries += answer.tries - 1
        if answer.end is End.DECIDED and answer.decision is not None:
            self._add_decision(call, answer, answer.decision)
        elif answer.end is End.REFUSED:
            self.refused[name_problem(answer)] += 1
        else:
            self.failures[name_problem(answer)] += 1

    def _add_decision(self, call: Call, answer: Answer, decision: Decision) -> None:
        self.decisions[call.truth, decision] += 1
        self.latencies_ms.append(answer.latency_ms)
        self.replays += answer.is_replay
        if call.truth is Truth.FRAUD:
            self.amounts[call.currency, decision] += call.amount_minor
        for code in answer.signals:
            self.signals[code, call.truth] += 1
        self.ledger.add(Decided(call.truth, call.currency, call.amount_minor, answer.risk_score, answer.signals))

    def absorb(self, other: "Tally") -> None:
        """Add what another lane counted."""
        self.decisions.update(other.decisions)
        self.amounts.update(other.amounts)
        self.signals.update(other.signals)
        self.refused.update(other.refused)
        self.failures.update(other.failures)
        self.latencies_ms.extend(other.latencies_ms)
        self.ledger.absorb(other.ledger)
        self.retries += other.retries
        self.replays += other.replays


def name_problem(answer: Answer) -> str:
    """Return a failure's name in the table: its status and code, or that nothing came back."""
    return f"{answer.status} {answer.code}".strip() if answer.status else NO_ANSWER_NAME


def add_up(tallies: Iterable[Tally]) -> Tally:
    """Return one tally of all lanes."""
    total = Tally()
    for tally in tallies:
        total.absorb(tally)
    return total
