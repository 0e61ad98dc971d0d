from clausum.datasets.ledger import Decided, Ledger
from clausum.datasets.rows import Truth

FIRST = Decided(Truth.FRAUD, "MXN", 10**15, 100, ("high_velocity", "bot_pattern"))
SECOND = Decided(Truth.UNKNOWN, "CLP", 1, 0, ())
THIRD = Decided(Truth.GOOD, "MXN", 7, 20, ("bot_pattern",))


def test_what_was_added_comes_back_in_order() -> None:
    ledger = Ledger()
    for decided in (FIRST, SECOND, THIRD):
        ledger.add(decided)

    assert list(ledger) == [FIRST, SECOND, THIRD]
    assert len(ledger) == 3


def test_ledgers_of_lanes_add_up_whatever_each_met_first() -> None:
    ledger, other = Ledger(), Ledger()
    ledger.add(FIRST)
    other.add(SECOND)
    other.add(THIRD)

    ledger.absorb(other)

    assert list(ledger) == [FIRST, SECOND, THIRD]
    assert list(other) == [SECOND, THIRD]
