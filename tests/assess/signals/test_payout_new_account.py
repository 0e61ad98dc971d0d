from assess.signals.payout_new_account import SIGNAL
from assess.types import AmountStatistics, Facts
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityHistory, IdentityKind

# Median 1,000.00, MAD 200.00: a robust z above 6 from 2,779.10 on.
USUAL = AmountStatistics(events=50, median_doubled=200_000, mad_doubled=40_000)


def make_case(*histories: IdentityHistory, amount_minor: int = 277_910) -> Facts:
    return make_facts(make_payout(amount_minor=amount_minor), histories=histories, organization_amounts=USUAL)


def test_fires_for_an_unusual_amount_without_any_event_in_thirty_days() -> None:
    assert tell(SIGNAL, make_case(make_history(IdentityKind.BENEFICIARY))) == (
        "First payout to this account in 30 days, far above MXN 1,000.00 (robust z 6.0)",
        "Primer pago a esta cuenta en 30 días, muy por encima de MXN 1,000.00 (z robusta 6.0)",
    )


def test_one_event_in_thirty_days_is_enough_to_be_silent() -> None:
    assert judge(SIGNAL, make_case(make_history(IdentityKind.BENEFICIARY, events_30d=1))) is None


def test_a_usual_amount_is_nothing_new() -> None:
    assert judge(SIGNAL, make_case(make_history(IdentityKind.BENEFICIARY), amount_minor=277_909)) is None


def test_the_other_side_says_nothing() -> None:
    assert judge(SIGNAL, make_case(make_history(IdentityKind.ORIGIN))) is None


def test_is_silent_with_nothing_to_compare() -> None:
    facts = make_facts(make_payout(amount_minor=10**9), histories=(make_history(IdentityKind.BENEFICIARY),))
    assert judge(SIGNAL, facts) is None
