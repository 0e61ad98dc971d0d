import pytest

from clausum.datasets.strata import AmountRank, rank_amounts


def test_an_amount_is_ranked_among_those_of_its_currency() -> None:
    ranks = rank_amounts([("MXN", 30), ("CLP", 1), ("MXN", 10), ("MXN", 30), ("MXN", 40)])

    assert ranks == [
        AmountRank("MXN", 1, 3, 4),
        AmountRank("CLP", 0, 1, 1),
        AmountRank("MXN", 0, 1, 4),
        AmountRank("MXN", 1, 3, 4),
        AmountRank("MXN", 3, 4, 4),
    ]
    assert [rank.share for rank in ranks] == [0.5, 0.5, 0.125, 0.5, 0.875]


@pytest.mark.parametrize(
    ("below", "of", "stratum"),
    [(0, 1, 0), (98, 99, 0), (199, 299, 1), (99, 200, 0), (100, 200, 1), (9_999, 10_000, 99), (999_999, 1_000_000, 99)],
)
def test_a_stratum_holds_a_hundred_payments_or_a_hundredth(below: int, of: int, stratum: int) -> None:
    assert AmountRank("MXN", below, below + 1, of).stratum == ("MXN", stratum)


def test_equal_amounts_share_a_stratum() -> None:
    ranks = rank_amounts([("MXN", 5)] * 250 + [("MXN", 6)] * 50)

    assert {rank.stratum for rank in ranks[:250]} == {("MXN", 0)}
    assert {rank.stratum for rank in ranks[250:]} == {("MXN", 2)}
