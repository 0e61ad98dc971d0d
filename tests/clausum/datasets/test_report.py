import pytest

from clausum.datasets.answers import Answer, End
from clausum.datasets.calls import Call, make_call
from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.report import SignalWorth, StoppedAmount, Threshold, choose_percentile, make_report
from clausum.datasets.rows import Truth
from clausum.datasets.table import format_report
from clausum.datasets.tally import Tally, add_up
from clausum.datasets.worth import OverAmount
from tests.clausum.datasets.rows import make_row
from transactions.types import Decision, Flow

KEYS = {Flow.PAYOUT: "key", Flow.PAYIN: "key"}
LABELS = {Truth.FRAUD: "1", Truth.GOOD: "0", Truth.UNKNOWN: ""}


def call_of(truth: Truth, *, amount_minor: int = 100, currency: str = "MXN") -> Call:
    row = make_row(label=LABELS[truth], amount_minor=str(amount_minor), currency=currency)
    return make_call(row=row, mapping=MAPPINGS["paysim"], keys=KEYS)


def decided(
    decision: Decision,
    *signals: str,
    risk_score: int = 0,
    latency_ms: float = 10.0,
    tries: int = 1,
    is_replay: bool = False,
) -> Answer:
    return Answer(
        status=200,
        end=End.DECIDED,
        decision=decision,
        signals=signals,
        risk_score=risk_score,
        latency_ms=latency_ms,
        tries=tries,
        is_replay=is_replay,
    )


@pytest.fixture
def tally() -> Tally:
    """Four frauds, five good and one unlabelled payment, one refused, two failed."""
    fraud, good = call_of(Truth.FRAUD, amount_minor=1000), call_of(Truth.GOOD)
    counted = Tally()
    counted.add(fraud, decided(Decision.DECLINE, "velocity", "new", latency_ms=40))
    counted.add(fraud, decided(Decision.CHALLENGE, "velocity", latency_ms=30))
    counted.add(fraud, decided(Decision.APPROVE, latency_ms=20))
    counted.add(call_of(Truth.FRAUD, amount_minor=7, currency="CLP"), decided(Decision.REVIEW, "new"))
    counted.add(good, decided(Decision.REVIEW, "new", tries=3))
    for _ in range(4):
        counted.add(good, decided(Decision.APPROVE, is_replay=True))
    counted.add(call_of(Truth.UNKNOWN), decided(Decision.DECLINE, "new"))
    counted.add(good, Answer(status=400, code="VALIDATION_ERROR", end=End.REFUSED))
    counted.add(good, Answer(status=504, code="ASSESS_TIMEOUT", tries=8))
    counted.add(good, Answer(status=0, tries=8))
    return counted


def test_the_totals_count_every_end(tally: Tally) -> None:
    report = make_report(tally=tally, seconds=2.0)

    assert (report.payments, report.decided) == (13, 10)
    assert report.refused == {"400 VALIDATION_ERROR": 1}
    assert report.failures == {"504 ASSESS_TIMEOUT": 1, "no answer": 1}
    assert (report.retries, report.replays, report.per_second) == (16, 4, 6.5)


def test_the_matrix_sets_decisions_beside_labels(tally: Tally) -> None:
    decisions = make_report(tally=tally, seconds=1.0).decisions

    assert {truth: list(counts.values()) for truth, counts in decisions.items()} == {
        Truth.FRAUD: [1, 1, 1, 1],
        Truth.GOOD: [4, 1, 0, 0],
        Truth.UNKNOWN: [0, 0, 0, 1],
    }


def test_rates_are_over_the_labelled_payments_alone(tally: Tally) -> None:
    assert make_report(tally=tally, seconds=1.0).thresholds == (
        Threshold(
            least=Decision.REVIEW,
            frauds_caught=3,
            good_flagged=1,
            precision=0.75,
            recall=0.75,
            false_positive_rate=0.2,
        ),
        Threshold(
            least=Decision.CHALLENGE,
            frauds_caught=2,
            good_flagged=0,
            precision=1.0,
            recall=0.5,
            false_positive_rate=0.0,
        ),
        Threshold(
            least=Decision.DECLINE,
            frauds_caught=1,
            good_flagged=0,
            precision=1.0,
            recall=0.25,
            false_positive_rate=0.0,
        ),
    )


def test_amounts_stopped_are_kept_by_currency(tally: Tally) -> None:
    assert make_report(tally=tally, seconds=1.0).amounts == (
        StoppedAmount(
            currency="CLP", fraud=7, stopped={Decision.REVIEW: 7, Decision.CHALLENGE: 0, Decision.DECLINE: 0}
        ),
        StoppedAmount(
            currency="MXN",
            fraud=3000,
            stopped={Decision.REVIEW: 2000, Decision.CHALLENGE: 2000, Decision.DECLINE: 1000},
        ),
    )


def test_signals_tell_what_they_fired_on(tally: Tally) -> None:
    assert make_report(tally=tally, seconds=1.0).signals == (
        SignalWorth(
            code="velocity",
            fraud=2,
            good=0,
            unknown=0,
            precision=1.0,
            lift=2.25,
            over_amount=OverAmount(expected=0.75, odds_ratio=None),
        ),
        SignalWorth(
            code="new",
            fraud=2,
            good=1,
            unknown=1,
            precision=0.666667,
            lift=1.5,
            over_amount=OverAmount(expected=1.75, odds_ratio=2.0),
        ),
    )


def test_the_score_is_ranked_beside_the_amount() -> None:
    counted = Tally()
    counted.add(call_of(Truth.FRAUD, amount_minor=100), decided(Decision.REVIEW, risk_score=40))
    counted.add(call_of(Truth.GOOD, amount_minor=900), decided(Decision.APPROVE, risk_score=20))

    report = make_report(tally=counted, seconds=1.0)

    assert report.base_rate == 0.5
    assert (report.ranking.score_auc, report.ranking.amount_auc) == (1.0, 0.0)


def test_latency_is_measured_on_decisions_alone(tally: Tally) -> None:
    assert make_report(tally=tally, seconds=1.0).latency_ms == {"p50": 10.0, "p95": 40.0, "p99": 40.0}


@pytest.mark.parametrize(("percent", "value"), [(50, 2.0), (75, 3.0), (76, 4.0), (99, 4.0)])
def test_a_percentile_is_the_nearest_rank(percent: int, value: float) -> None:
    assert choose_percentile([1.0, 2.0, 3.0, 4.0], percent) == value


def test_tallies_of_lanes_add_up(tally: Tally) -> None:
    other = Tally()
    other.add(call_of(Truth.GOOD), decided(Decision.APPROVE, "new"))

    total = add_up([tally, other])

    assert (total.ended, total.decided, total.retries, total.replays) == (14, 11, 16, 4)
    assert total.signals["new", Truth.GOOD] == 2
    assert tally.ended == 13


def test_a_run_without_answers_has_no_rates() -> None:
    report = make_report(tally=Tally(), seconds=0.0)

    assert (report.latency_ms, report.amounts, report.signals, report.per_second) == ({}, (), (), 0.0)
    assert {threshold.precision for threshold in report.thresholds} == {None}
    assert format_report(report) == "Payments   0 in 0.0 s, 0.0 a second\nDecided    0"


def test_the_table_shows_all_of_it(tally: Tally) -> None:
    assert format_report(make_report(tally=tally, seconds=2.0)) == TABLE


TABLE = """\
Payments   13 in 2.0 s, 6.5 a second
Latency    p50 10.0 ms, p95 40.0 ms, p99 40.0 ms (at the client, last try)
Decided    10
Replayed   4 of them are answers of an earlier run
Retries    16
Refused    1 x 400 VALIDATION_ERROR (currency)
Failed     1 x 504 ASSESS_TIMEOUT
Failed     1 x no answer

            approve  review  challenge  decline
fraud             1       1          1        1
good              4       1          0        0
unlabelled        0       0          0        1

              precision  recall  false positives  frauds caught  good flagged
>= review        75.00%  75.00%           20.00%              3             1
>= challenge    100.00%  50.00%            0.00%              2             0
decline         100.00%  25.00%            0.00%              1             0

amount of fraud, stopped at  >= review  >= challenge  decline
MXN 30.00                       66.67%        66.67%   33.33%
CLP 7                          100.00%         0.00%    0.00%

order by                       AUC  average precision
risk_score                  0.5000             0.4444
amount alone                1.0000             1.0000
risk_score at equal amount  0.5000                  -
(frauds among labelled)          -             0.4444

signal fired on  fraud  good  unlabelled  precision  lift  by amount  x amount  odds ratio
velocity             2     0           0    100.00%  2.25        0.8      2.67           -
new                  2     1           1     66.67%  1.50        1.8      1.14        2.00"""
