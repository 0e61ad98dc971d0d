"""What a replay found, as figures: the answers beside the truth, how fast they came, what each signal was worth."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from clausum.datasets.rows import Truth
from clausum.datasets.tally import Tally
from clausum.datasets.worth import OverAmount, Ranking, Worth, judge
from transactions.types import Decision

THRESHOLDS = (Decision.REVIEW, Decision.CHALLENGE, Decision.DECLINE)
PERCENTILES = (50, 95, 99)


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions from `least` upwards taken as an alarm. A rate is null where nothing was there to divide by."""

    least: Decision
    frauds_caught: int
    good_flagged: int
    precision: float | None
    recall: float | None
    false_positive_rate: float | None


class StoppedAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Fraud in one currency, minor units: how much there was, and how much from each threshold upwards."""

    currency: str
    fraud: int
    stopped: dict[Decision, int]


class SignalWorth(msgspec.Struct, frozen=True, kw_only=True):
    """On how many frauds, good and unlabelled payments a signal fired; `precision` is over the labelled ones.

    `lift` is how many times the share of frauds among all labelled payments that is. `over_amount` compares with
    payments of equal amount.
    """

    code: str
    fraud: int
    good: int
    unknown: int
    precision: float | None
    lift: float | None
    over_amount: OverAmount | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one run. Times in seconds and milliseconds; `retries` are tries beyond each call's first.

    `told` counts what became known, or was done, between the payments (see `Bank`).
    """

    payments: int
    decided: int
    refused: dict[str, int]
    failures: dict[str, int]
    retries: int
    replays: int
    seconds: float
    per_second: float
    latency_ms: dict[str, float]
    decisions: dict[Truth, dict[Decision, int]]
    thresholds: tuple[Threshold, ...]
    amounts: tuple[StoppedAmount, ...]
    base_rate: float | None
    ranking: Ranking
    signals: tuple[SignalWorth, ...]
    told: dict[str, int] = {}


def make_report(*, tally: Tally, seconds: float, told: Mapping[str, int] | None = None) -> Report:
    """Return the figures of what was counted in so many seconds, with what the bank was `told` meanwhile."""
    worth = judge(tally.ledger)
    return Report(
        payments=tally.ended,
        decided=tally.decided,
        refused=dict(sorted(tally.refused.items())),
        failures=dict(sorted(tally.failures.items())),
        retries=tally.retries,
        replays=tally.replays,
        seconds=round(seconds, 3),
        per_second=round(tally.ended / seconds, 1) if seconds > 0 else 0.0,
        latency_ms=_measure_latency(tally.latencies_ms),
        decisions={truth: {decision: tally.decisions[truth, decision] for decision in Decision} for truth in Truth},
        thresholds=tuple(_judge(tally, least) for least in THRESHOLDS),
        amounts=_list_amounts(tally),
        base_rate=worth.base_rate,
        ranking=worth.ranking,
        signals=_list_signals(tally, worth),
        told=dict(sorted((told or {}).items())),
    )


def choose_percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile of values in ascending order, of which there is at least one."""
    return ordered[math.ceil(percent / 100 * len(ordered)) - 1]


def _measure_latency(latencies_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(latencies_ms)
    return {f"p{percent}": round(choose_percentile(ordered, percent), 2) for percent in PERCENTILES if ordered}


def list_from(least: Decision) -> list[Decision]:
    """Return this decision and every more severe one."""
    return [decision for decision in Decision if decision.severity >= least.severity]


def _judge(tally: Tally, least: Decision) -> Threshold:
    alarms = list_from(least)
    caught = sum(tally.decisions[Truth.FRAUD, decision] for decision in alarms)
    flagged = sum(tally.decisions[Truth.GOOD, decision] for decision in alarms)
    return Threshold(
        least=least,
        frauds_caught=caught,
        good_flagged=flagged,
        precision=divide(caught, caught + flagged),
        recall=divide(caught, _count(tally, Truth.FRAUD)),
        false_positive_rate=divide(flagged, _count(tally, Truth.GOOD)),
    )


def _count(tally: Tally, truth: Truth) -> int:
    return sum(tally.decisions[truth, decision] for decision in Decision)


def divide(part: int, whole: int) -> float | None:
    """Return the share to six places, None of nothing."""
    return round(part / whole, 6) if whole else None


def _list_amounts(tally: Tally) -> tuple[StoppedAmount, ...]:
    """Return the currencies that had fraud, in alphabetical order."""
    currencies = sorted({currency for currency, _ in tally.amounts})
    return tuple(
        StoppedAmount(
            currency=currency,
            fraud=sum(tally.amounts[currency, decision] for decision in Decision),
            stopped={
                least: sum(tally.amounts[currency, decision] for decision in list_from(least)) for least in THRESHOLDS
            },
        )
        for currency in currencies
    )


def _list_signals(tally: Tally, worth: Worth) -> tuple[SignalWorth, ...]:
    """Return the signals that fired, those that met most fraud first."""
    worths = (_weigh(tally, worth, code) for code in {code for code, _ in tally.signals})
    return tuple(sorted(worths, key=lambda worth: (-worth.fraud, -(worth.precision or 0), worth.good, worth.code)))


def _weigh(tally: Tally, worth: Worth, code: str) -> SignalWorth:
    fraud, good = tally.signals[code, Truth.FRAUD], tally.signals[code, Truth.GOOD]
    precision = divide(fraud, fraud + good)
    return SignalWorth(
        code=code,
        fraud=fraud,
        good=good,
        unknown=tally.signals[code, Truth.UNKNOWN],
        precision=precision,
        lift=round(precision / worth.base_rate, 2) if precision is not None and worth.base_rate else None,
        over_amount=worth.signals.get(code),
    )
