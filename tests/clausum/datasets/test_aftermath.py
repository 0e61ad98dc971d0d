from datetime import UTC, datetime, timedelta
from typing import Any

from clausum.datasets.aftermath import Aftermath, Habits
from clausum.datasets.answers import Answer, End
from clausum.datasets.bank import Bank
from clausum.datasets.calls import Call, make_call
from clausum.datasets.mappings import MAPPINGS
from tests.clausum.datasets.rows import make_row
from transactions.types import Decision, Flow

BOTH = Habits(confirms_after=timedelta(days=7), decides_after=timedelta(hours=4))


class NotingBank(Bank):
    """Writes down what it is told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[Any, ...]] = []

    def confirm_fraud(self, *, flow: Flow, transaction_id: str, at: datetime) -> None:
        self.heard.append(("fraud", transaction_id, at))

    def decide(self, *, flow: Flow, transaction_id: str, is_fraud: bool) -> None:
        self.heard.append(("cancel" if is_fraud else "release", transaction_id))


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2025, 1, day, hour, tzinfo=UTC)


def make_payment(when: datetime, *, label: str) -> Call:
    row = make_row(occurred_at=when.isoformat(), label=label)
    return make_call(row=row, mapping=MAPPINGS["paysim"], keys=dict.fromkeys(Flow, "key"))


def answer(decision: Decision, name: str) -> Answer:
    return Answer(status=200, end=End.DECIDED, decision=decision, transaction_id=name)


def test_a_fraud_is_confirmed_after_its_delay_and_as_of_it() -> None:
    bank = NotingBank()
    aftermath = Aftermath(habits=BOTH, bank=bank)
    aftermath.note(make_payment(at(1), label="1"), answer(Decision.APPROVE, "a"))

    aftermath.catch_up(at(7, 23))
    assert bank.heard == []

    aftermath.catch_up(at(8))
    aftermath.catch_up(at(9))
    assert bank.heard == [("fraud", "a", at(8))]


def test_what_waits_is_released_when_good_and_cancelled_when_fraud() -> None:
    bank = NotingBank()
    aftermath = Aftermath(habits=Habits(decides_after=timedelta(hours=4)), bank=bank)
    aftermath.note(make_payment(at(1, 1), label="0"), answer(Decision.CHALLENGE, "later"))
    aftermath.note(make_payment(at(1), label="1"), answer(Decision.REVIEW, "sooner"))
    for name, label, decision in (
        ("a", "", Decision.REVIEW),
        ("b", "0", Decision.APPROVE),
        ("c", "1", Decision.DECLINE),
    ):
        aftermath.note(make_payment(at(1), label=label), answer(decision, name))

    aftermath.catch_up(at(20))

    assert bank.heard == [("cancel", "sooner"), ("release", "later")]


def test_nobody_complains_of_what_was_declined_or_good() -> None:
    bank = NotingBank()
    aftermath = Aftermath(habits=BOTH, bank=bank)
    aftermath.note(make_payment(at(1), label="1"), answer(Decision.DECLINE, "a"))
    aftermath.note(make_payment(at(1), label="0"), answer(Decision.APPROVE, "b"))
    aftermath.note(make_payment(at(1), label=""), answer(Decision.APPROVE, "c"))
    aftermath.note(make_payment(at(1), label="1"), Answer(status=504, code="ASSESS_TIMEOUT"))

    aftermath.catch_up(at(20))

    assert bank.heard == []


def test_it_is_due_when_something_is_or_may_be() -> None:
    aftermath = Aftermath(habits=BOTH, bank=NotingBank())

    assert aftermath.is_due(at(1)) is False
    assert aftermath.is_due(at(1, 3)) is False
    assert aftermath.is_due(at(1, 4)) is True  # a payment of the first moment may wait, its answer still under way
    aftermath.catch_up(at(1, 4))
    assert aftermath.is_due(at(1, 7)) is False
    aftermath.note(make_payment(at(1, 2), label="0"), answer(Decision.REVIEW, "a"))
    assert aftermath.is_due(at(1, 5)) is False
    assert aftermath.is_due(at(1, 6)) is True


def test_without_habits_nothing_is_ever_due() -> None:
    aftermath = Aftermath(habits=Habits(), bank=NotingBank())
    aftermath.note(make_payment(at(1), label="1"), answer(Decision.REVIEW, "a"))

    assert aftermath.is_due(at(1)) is False
    assert aftermath.is_due(at(30)) is False
