from typing import Any

from assess.signals.amount_outlier import SIGNAL
from assess.types import AmountStatistics
from tests.assess.signals.builders import judge, make_facts, make_payin, tell

# Median 1,000.00, MAD 200.00.
USUAL = AmountStatistics(events=8, median_doubled=200_000, mad_doubled=40_000)


def judge_amount(amount_minor: int, **fields: Any) -> object:
    return judge(SIGNAL, make_facts(make_payin(amount_minor=amount_minor), **fields))


def test_fires_above_a_robust_z_of_six() -> None:
    # 0.6745 x (amount - 100,000) / 20,000 > 6 from 277,910 on.
    assert judge_amount(277_909, recent_amounts=USUAL) is None
    assert tell(SIGNAL, make_facts(make_payin(amount_minor=277_910), recent_amounts=USUAL)) == (
        "The amount is far above the median of MXN 1,000.00 (robust z 6.0)",
        "El monto está muy por encima de la mediana de MXN 1,000.00 (z robusta 6.0)",
    )


def test_is_silent_for_low_amounts_however_far() -> None:
    assert judge_amount(0, recent_amounts=USUAL) is None


def test_the_deviation_counts_as_five_percent_of_the_median_at_least() -> None:
    constant = AmountStatistics(events=200, median_doubled=200_000, mad_doubled=0)
    # 0.6745 x (amount - 100,000) / 5,000 > 6 from 144,478 on.
    assert judge_amount(144_477, recent_amounts=constant) is None
    assert judge_amount(144_478, recent_amounts=constant) is not None


def test_is_silent_when_there_is_no_scale() -> None:
    assert judge_amount(10**9, recent_amounts=AmountStatistics(events=200, median_doubled=0, mad_doubled=0)) is None


def test_the_snapshot_stands_in_for_fewer_than_eight_recent_amounts() -> None:
    few = AmountStatistics(events=7, median_doubled=2, mad_doubled=2)
    snapshot = AmountStatistics(events=50, median_doubled=200_000, mad_doubled=40_000)
    assert judge_amount(277_909, recent_amounts=few, organization_amounts=snapshot) is None
    assert judge_amount(277_910, recent_amounts=few, organization_amounts=snapshot) is not None
    assert judge_amount(277_910, organization_amounts=snapshot) is not None


def test_recent_amounts_go_before_the_snapshot() -> None:
    snapshot = AmountStatistics(events=5_000, median_doubled=2, mad_doubled=2)
    assert judge_amount(100_000, recent_amounts=USUAL, organization_amounts=snapshot) is None


def test_is_silent_with_too_little_to_compare() -> None:
    thin = AmountStatistics(events=49, median_doubled=2, mad_doubled=2)
    assert judge_amount(10**9) is None
    assert judge_amount(10**9, recent_amounts=AmountStatistics(events=7, median_doubled=2, mad_doubled=2)) is None
    assert judge_amount(10**9, organization_amounts=thin) is None
