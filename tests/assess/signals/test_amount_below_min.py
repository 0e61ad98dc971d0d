from assess.signals.amount_below_min import SIGNAL
from tests.assess.signals.builders import judge, make_facts, make_payin, tell


def test_fires_under_the_minimum_of_the_currency() -> None:
    below, at = (make_facts(make_payin(amount_minor=amount)) for amount in (999, 1_000))
    assert judge(SIGNAL, at, minimum_minor={"MXN": 1_000}) is None
    assert tell(SIGNAL, below, minimum_minor={"MXN": 1_000}) == (
        "The amount is under the minimum of MXN 10.00",
        "El monto es menor que el mínimo de MXN 10.00",
    )


def test_there_is_no_minimum_by_default_or_for_another_currency() -> None:
    facts = make_facts(make_payin(amount_minor=0))
    assert judge(SIGNAL, facts) is None
    assert judge(SIGNAL, facts, minimum_minor={"USD": 1_000}) is None
