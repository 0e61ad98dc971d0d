"""What the score and each signal tell of fraud, and what of it the amount alone does not."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from clausum.datasets.ledger import Decided, Ledger
from clausum.datasets.ranking import Scored, measure_auc, measure_average_precision
from clausum.datasets.rows import Truth
from clausum.datasets.strata import rank_amounts

type Stratum = tuple[str, int]


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """How well the labelled payments were ordered; `within_amount_auc` compares payments of equal amount alone."""

    score_auc: float | None
    score_average_precision: float | None
    amount_auc: float | None
    amount_average_precision: float | None
    within_amount_auc: float | None


class OverAmount(msgspec.Struct, frozen=True, kw_only=True):
    """What a signal adds over the amount.

    `expected` frauds would be among as many payments of the same amounts, chosen blindly; `odds_ratio` is Mantel and
    Haenszel's over the strata of amount, None where it has no denominator.
    """

    expected: float
    odds_ratio: float | None


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """`signals` has every code that fired on a labelled payment; `base_rate` is the share of frauds among these."""

    base_rate: float | None
    ranking: Ranking
    signals: dict[str, OverAmount]


class _Stratified:
    """Labelled payments per stratum of amount, all of them and those on which each signal fired."""

    def __init__(self) -> None:
        self.frauds: Counter[Stratum] = Counter()
        self.good: Counter[Stratum] = Counter()
        self.fired: dict[str, tuple[Counter[Stratum], Counter[Stratum]]] = {}

    def add(self, payment: Decided, stratum: Stratum) -> None:
        is_fraud = payment.truth is Truth.FRAUD
        (self.frauds if is_fraud else self.good)[stratum] += 1
        for code in payment.signals:
            frauds, good = self.fired.setdefault(code, (Counter(), Counter()))
            (frauds if is_fraud else good)[stratum] += 1

    def weigh(self, code: str) -> OverAmount:
        fired_frauds, fired_good = self.fired[code]
        expected = above = below = 0.0
        for stratum in {*fired_frauds, *fired_good}:
            frauds, good = self.frauds[stratum], self.good[stratum]
            on_fraud, on_good = fired_frauds[stratum], fired_good[stratum]
            expected += (on_fraud + on_good) * frauds / (frauds + good)
            above += on_fraud * (good - on_good) / (frauds + good)
            below += on_good * (frauds - on_fraud) / (frauds + good)
        return OverAmount(expected=round(expected, 2), odds_ratio=round(above / below, 2) if below else None)


def judge(ledger: Ledger) -> Worth:
    """Return what the answers were worth. Strata are made of all payments, the unlabelled ones too."""
    payments = list(ledger)
    ranks = rank_amounts([(payment.currency, payment.amount_minor) for payment in payments])
    labelled = [pair for pair in zip(payments, ranks, strict=True) if pair[0].truth is not Truth.UNKNOWN]
    stratified = _Stratified()
    for payment, rank in labelled:
        stratified.add(payment, rank.stratum)
    frauds = sum(stratified.frauds.values())
    return Worth(
        base_rate=round(frauds / len(labelled), 6) if labelled else None,
        ranking=_rank(
            by_score=[Scored(float(it.risk_score), it.truth is Truth.FRAUD, rank.stratum) for it, rank in labelled],
            by_amount=[Scored(rank.share, it.truth is Truth.FRAUD) for it, rank in labelled],
        ),
        signals={code: stratified.weigh(code) for code in sorted(stratified.fired)},
    )


def _rank(*, by_score: list[Scored], by_amount: list[Scored]) -> Ranking:
    return Ranking(
        score_auc=measure_auc(_in_one_stratum(by_score)),
        score_average_precision=measure_average_precision(by_score),
        amount_auc=measure_auc(by_amount),
        amount_average_precision=measure_average_precision(by_amount),
        within_amount_auc=measure_auc(by_score),
    )


def _in_one_stratum(payments: Iterable[Scored]) -> Iterable[Scored]:
    return (Scored(payment.value, payment.is_fraud) for payment in payments)
