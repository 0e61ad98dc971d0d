from assess.signals.payout_over_user_limit import SIGNAL
from assess.types import Facts, Origin
from tests.assess.signals.builders import judge, make_facts, make_payout, tell


def facts_of(limit: int | None) -> Facts:
    return make_facts(make_payout(amount_minor=150_000, origin=Origin(user_limit_minor=limit)))


def test_fires_over_the_limit() -> None:
    assert judge(SIGNAL, facts_of(150_000)) is None
    assert tell(SIGNAL, facts_of(149_999)) == (
        "The amount exceeds the originator's limit of MXN 1,499.99",
        "El monto excede el MTU de MXN 1,499.99",
    )


def test_a_limit_of_nothing_is_a_limit() -> None:
    assert judge(SIGNAL, facts_of(0)) is not None


def test_is_silent_without_a_limit() -> None:
    assert judge(SIGNAL, facts_of(None)) is None
