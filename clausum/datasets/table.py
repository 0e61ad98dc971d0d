"""A report in words and columns, for a terminal."""

from collections.abc import Iterator, Sequence

from clausum.datasets.report import THRESHOLDS, Report, SignalWorth, divide
from clausum.datasets.rows import Truth
from core.money import format_amount
from transactions.types import Decision

MOST_CURRENCIES = 10
_AT_LEAST = {Decision.REVIEW: ">= review", Decision.CHALLENGE: ">= challenge", Decision.DECLINE: "decline"}
_TRUTHS = {Truth.FRAUD: "fraud", Truth.GOOD: "good", Truth.UNKNOWN: "unlabelled"}
_SIGNAL_HEAD = (
    *("signal fired on", "fraud", "good", "unlabelled", "precision", "lift"),
    *("by amount", "x amount", "odds ratio"),
)

type Cells = Sequence[object]


def format_report(report: Report) -> str:
    """Return the whole text, its parts separated by empty lines."""
    parts = (_totals, _matrix, _thresholds, _amounts, _ranking, _signals)
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part(report))))


def _totals(report: Report) -> Iterator[str]:
    yield f"Payments   {report.payments:,} in {report.seconds:,.1f} s, {report.per_second:,.1f} a second"
    if report.latency_ms:
        times = ", ".join(f"{name} {value:.1f} ms" for name, value in report.latency_ms.items())
        yield f"Latency    {times} (at the client, last try)"
    yield f"Decided    {report.decided:,}"
    if report.replays:
        yield f"Replayed   {report.replays:,} of them are answers of an earlier run"
    if report.retries:
        yield f"Retries    {report.retries:,}"
    for name, count in report.refused.items():
        yield f"Refused    {count:,} x {name} (currency)"
    for name, count in report.told.items():
        yield f"Meanwhile  {count:,} {name}"
    for name, count in report.failures.items():
        yield f"Failed     {count:,} x {name}"


def _matrix(report: Report) -> Iterator[str]:
    rows = [
        (_TRUTHS[truth], *(f"{report.decisions[truth][decision]:,}" for decision in Decision))
        for truth in Truth
        if any(report.decisions[truth].values())
    ]
    return _columns(("", *(decision.value for decision in Decision)), rows) if rows else iter(())


def _thresholds(report: Report) -> Iterator[str]:
    if all(at.recall is None and at.false_positive_rate is None for at in report.thresholds):
        return iter(())
    rows = [
        (
            _AT_LEAST[at.least],
            _rate(at.precision),
            _rate(at.recall),
            _rate(at.false_positive_rate),
            f"{at.frauds_caught:,}",
            f"{at.good_flagged:,}",
        )
        for at in report.thresholds
    ]
    return _columns(("", "precision", "recall", "false positives", "frauds caught", "good flagged"), rows)


def _amounts(report: Report) -> Iterator[str]:
    shown = sorted(report.amounts, key=lambda amount: -amount.fraud)[:MOST_CURRENCIES]
    if not shown:
        return
    rows = [
        (
            format_amount(amount_minor=amount.fraud, currency=amount.currency, language="en"),
            *(_rate(divide(amount.stopped[least], amount.fraud)) for least in THRESHOLDS),
        )
        for amount in shown
    ]
    yield from _columns(("amount of fraud, stopped at", *_AT_LEAST.values()), rows)
    if len(report.amounts) > len(shown):
        yield f"  and {len(report.amounts) - len(shown)} more currencies (see --output)"


def _ranking(report: Report) -> Iterator[str]:
    ranking = report.ranking
    if ranking.score_auc is None:
        return iter(())
    rows = [
        ("risk_score", _number(ranking.score_auc, 4), _number(ranking.score_average_precision, 4)),
        ("amount alone", _number(ranking.amount_auc, 4), _number(ranking.amount_average_precision, 4)),
        ("risk_score at equal amount", _number(ranking.within_amount_auc, 4), "-"),
        ("(frauds among labelled)", "-", _number(report.base_rate, 4)),
    ]
    return _columns(("order by", "AUC", "average precision"), rows)


def _signals(report: Report) -> Iterator[str]:
    rows = [_signal(worth) for worth in report.signals]
    return _columns(_SIGNAL_HEAD, rows) if rows else iter(())


def _signal(worth: SignalWorth) -> Cells:
    over = worth.over_amount
    return (
        worth.code,
        f"{worth.fraud:,}",
        f"{worth.good:,}",
        f"{worth.unknown:,}",
        _rate(worth.precision),
        _number(worth.lift, 2),
        _number(over.expected if over else None, 1),
        _number(worth.fraud / over.expected if over and over.expected else None, 2),
        _number(over.odds_ratio if over else None, 2),
    )


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _number(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:,.{places}f}"


def _columns(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    """Yield lines whose first column is aligned left, the others right."""
    table = [head, *rows]
    widths = [max(len(str(line[place])) for line in table) for place in range(len(head))]
    for line in table:
        first, *others = (str(cell) for cell in line)
        aligned = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *aligned)).rstrip()
