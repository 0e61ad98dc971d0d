from clausum.datasets.ledger import Decided, Ledger
from clausum.datasets.rows import Truth
from clausum.datasets.worth import OverAmount, Ranking, judge

FRAUD, GOOD = Truth.FRAUD, Truth.GOOD


def make_ledger(*groups: tuple[int, Truth, int, int, tuple[str, ...]]) -> Ledger:
    """Return a ledger of so many payments of each truth, amount, score and signals."""
    ledger = Ledger()
    for times, truth, amount, score, signals in groups:
        for _ in range(times):
            ledger.add(Decided(truth, "MXN", amount, score, signals))
    return ledger


def test_a_signal_that_follows_the_amount_adds_nothing_to_it() -> None:
    """Two strata: of 100 small payments 10 are frauds, of 100 large ones 40; the signal fires on every large one."""
    worth = judge(
        make_ledger((10, FRAUD, 1, 0, ()), (90, GOOD, 1, 0, ()), (40, FRAUD, 9, 20, ("x",)), (60, GOOD, 9, 20, ("x",)))
    )

    assert worth.signals == {"x": OverAmount(expected=40.0, odds_ratio=None)}
    assert worth.base_rate == 0.25
    assert worth.ranking == Ranking(
        score_auc=0.7,
        score_average_precision=0.37,
        amount_auc=0.7,
        amount_average_precision=0.37,
        within_amount_auc=0.5,
    )


def test_a_signal_that_finds_fraud_among_equal_amounts_adds_to_it() -> None:
    """In each stratum it fires on 20 payments, half of them frauds; the rest of a stratum has 10 frauds in 80."""
    worth = judge(
        make_ledger(
            *((10, FRAUD, amount, 20, ("x",)) for amount in (1, 9)),
            *((10, GOOD, amount, 20, ("x",)) for amount in (1, 9)),
            *((10, FRAUD, amount, 0, ()) for amount in (1, 9)),
            *((70, GOOD, amount, 0, ()) for amount in (1, 9)),
        )
    )

    assert worth.signals == {"x": OverAmount(expected=8.0, odds_ratio=7.0)}
    assert worth.ranking.amount_auc == 0.5
    assert worth.ranking.within_amount_auc == worth.ranking.score_auc == 0.6875


def test_unlabelled_payments_shape_the_strata_and_count_nowhere_else() -> None:
    worth = judge(make_ledger((1, FRAUD, 1, 20, ("x",)), (1, GOOD, 9, 0, ()), (198, Truth.UNKNOWN, 5, 90, ("y",))))

    assert worth.base_rate == 0.5
    assert worth.signals == {"x": OverAmount(expected=1.0, odds_ratio=None)}
    assert worth.ranking.within_amount_auc is None


def test_nothing_is_worth_nothing() -> None:
    worth = judge(Ledger())

    assert (worth.base_rate, worth.signals, worth.ranking.score_auc) == (None, {}, None)
