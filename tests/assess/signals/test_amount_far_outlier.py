from assess.signals.amount_far_outlier import SIGNAL
from assess.types import AmountStatistics
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell

# Median 1,000.00, MAD 200.00.
USUAL = AmountStatistics(events=8, median_doubled=200_000, mad_doubled=40_000)


def test_fires_above_a_robust_z_of_twelve() -> None:
    # 0.6745 x (amount - 100,000) / 20,000 > 12 from 455,820 on.
    assert judge(SIGNAL, make_facts(make_payin(amount_minor=455_819), recent_amounts=USUAL)) is None
    assert tell(SIGNAL, make_facts(make_payin(amount_minor=455_820), recent_amounts=USUAL)) == (
        "The amount is out of all proportion to the median of MXN 1,000.00 (robust z 12.0)",
        "El monto es desproporcionado para la mediana de MXN 1,000.00 (z robusta 12.0)",
    )


def test_the_snapshot_stands_in_where_the_identity_is_unknown() -> None:
    facts = make_facts(
        make_payout(amount_minor=455_820),
        organization_amounts=AmountStatistics(events=50, median_doubled=200_000, mad_doubled=40_000),
    )
    assert judge(SIGNAL, facts) is not None


def test_is_silent_with_nothing_to_compare() -> None:
    assert judge(SIGNAL, make_facts(make_payin(amount_minor=10**9))) is None
