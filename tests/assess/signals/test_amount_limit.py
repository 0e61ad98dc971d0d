from assess.signals.amount_limit import SIGNAL
from assess.types import Finding, Money
from tests.assess.signals.builders import judge, make_facts, make_payout, tell


def test_blocks_over_the_maximum_of_the_currency() -> None:
    at, over = (make_facts(make_payout(amount_minor=amount)) for amount in (100_000, 100_001))
    assert judge(SIGNAL, at, maximum_minor={"MXN": 100_000}) is None
    assert judge(SIGNAL, over, maximum_minor={"MXN": 100_000}) == Finding(
        values={"maximum": Money(100_000, "MXN")}, weight=100, blocks="amount_limit"
    )
    assert tell(SIGNAL, over, maximum_minor={"MXN": 100_000}) == (
        "The amount exceeds the maximum of MXN 1,000.00",
        "El monto excede el máximo de MXN 1,000.00",
    )


def test_there_is_no_maximum_by_default_or_for_another_currency() -> None:
    facts = make_facts(make_payout(amount_minor=10**15))
    assert judge(SIGNAL, facts) is None
    assert judge(SIGNAL, facts, maximum_minor={"USD": 1}) is None
