import pytest

from clausum.datasets.ranking import Scored, measure_auc, measure_average_precision


def scored(*values: tuple[float, int], stratum: int = 0) -> list[Scored]:
    return [Scored(value, bool(is_fraud), ("MXN", stratum)) for value, is_fraud in values]


@pytest.mark.parametrize(
    ("payments", "area"),
    [
        (scored((1, 0), (2, 1)), 1.0),
        (scored((1, 1), (2, 0)), 0.0),
        (scored((1, 0), (1, 1)), 0.5),
        (scored((1, 0), (2, 1), (3, 0), (4, 1)), 0.75),
        (scored((1, 1)), None),
        (scored((1, 0)), None),
        ([], None),
    ],
)
def test_the_area_counts_pairs_in_the_right_order(payments: list[Scored], area: float | None) -> None:
    assert measure_auc(payments) == area


def test_only_payments_of_one_stratum_are_compared() -> None:
    """Two pairs in one stratum, one right; one pair in the other, right. Across strata, four of six would be wrong."""
    payments = [*scored((9, 0), (7, 0), (8, 1), stratum=1), *scored((1, 0), (2, 1), stratum=0)]

    assert measure_auc(payments) == 0.6667


@pytest.mark.parametrize(
    ("payments", "precision"),
    [
        (scored((2, 1), (1, 0)), 1.0),
        (scored((2, 0), (1, 1)), 0.5),
        (scored((3, 1), (2, 0), (1, 1)), 0.8333),
        (scored((1, 1), (1, 0), (1, 0), (1, 0)), 0.25),
        (scored((1, 0)), None),
    ],
)
def test_average_precision_weighs_each_threshold_by_the_frauds_it_adds(
    payments: list[Scored], precision: float | None
) -> None:
    assert measure_average_precision(payments) == precision
