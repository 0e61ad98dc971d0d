"""When the data's clock makes something of a payment known: reviews are decided, frauds confirmed, days closed.

Nothing is told before its time, and nothing that is known late: before a payment of the time T is sent, every payment
sent earlier has its answer, and whatever was due by T has been told. So also with several lanes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import Lock

from clausum.datasets.answers import Answer, End
from clausum.datasets.bank import Bank
from clausum.datasets.calls import Call
from clausum.datasets.rows import Truth
from transactions.types import Decision, Flow

WAITING = frozenset({Decision.REVIEW, Decision.CHALLENGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What the bank does, and how long after a payment; None for never."""

    confirms_after: timedelta | None = None
    decides_after: timedelta | None = None
    closes_days: bool = False

    @property
    def delays(self) -> tuple[timedelta, ...]:
        return tuple(delay for delay in (self.confirms_after, self.decides_after) if delay is not None)


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: datetime
    place: int
    tell: Callable[[], None] = field(compare=False)


class Aftermath:
    """`note` is for the lanes' threads, the rest for the one that feeds them."""

    def __init__(self, *, habits: Habits, bank: Bank) -> None:
        self._habits = habits
        self._bank = bank
        self._lock = Lock()
        self._due: list[_Due] = []
        self._noted = 0
        self._met: dict[Flow, str] = {}
        self._caught_up_at: datetime | None = None

    def note(self, call: Call, answer: Answer) -> None:
        """Remember an answer that something will be told about."""
        if answer.end is not End.DECIDED:
            return
        with self._lock:
            self._met.setdefault(call.flow, answer.transaction_id)
            self._expect_decision(call, answer)
            self._expect_label(call, answer)

    def is_due(self, at: datetime) -> bool:
        """Say whether something may be due by then; a payment still under way may itself be what it is about."""
        if self._caught_up_at is None:
            self._caught_up_at = at
        with self._lock:
            is_known = bool(self._due) and self._due[0].at <= at
        is_possible = any(self._caught_up_at + delay <= at for delay in self._habits.delays)
        return is_known or is_possible or (self._habits.closes_days and self._is_day_over(at))

    def catch_up(self, at: datetime) -> None:
        """Tell all that is due by then, in the order of its times. Raises NotOurPayment, AppError.

        Must be called while no payment is under way.
        """
        while self._due and self._due[0].at <= at:
            heappop(self._due).tell()
        if self._habits.closes_days:
            self._bank.close_days(at)
        self._caught_up_at = at

    def _is_day_over(self, at: datetime) -> bool:
        for flow, transaction_id in list(self._met.items()):
            self._bank.meet(flow=flow, transaction_id=transaction_id)
        return self._bank.is_day_over(at)

    def _expect_decision(self, call: Call, answer: Answer) -> None:
        """An analyst finds out what the label says; of a payment without one nothing is ever found out."""
        delay = self._habits.decides_after
        if delay is None or answer.decision not in WAITING or call.truth is Truth.UNKNOWN:
            return
        flow, transaction_id, is_fraud = call.flow, answer.transaction_id, call.truth is Truth.FRAUD
        self._push(
            call.at + delay, lambda: self._bank.decide(flow=flow, transaction_id=transaction_id, is_fraud=is_fraud)
        )

    def _expect_label(self, call: Call, answer: Answer) -> None:
        """A declined payment moved no money, so nobody will complain of it; that one was good is never confirmed."""
        delay = self._habits.confirms_after
        if delay is None or answer.decision is Decision.DECLINE or call.truth is not Truth.FRAUD:
            return
        flow, transaction_id, at = call.flow, answer.transaction_id, call.at + delay
        self._push(at, lambda: self._bank.confirm_fraud(flow=flow, transaction_id=transaction_id, at=at))

    def _push(self, at: datetime, tell: Callable[[], None]) -> None:
        self._noted += 1
        heappush(self._due, _Due(at, self._noted, tell))
