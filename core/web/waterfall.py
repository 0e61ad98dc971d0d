"""Geometry of the waterfall: how the signals add up to the score, with the lines at which the decision changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAXIMUM = 100
"""The greatest score (contract §7); sums beyond it are drawn, and then cut."""


class RowKind(StrEnum):
    """What a row stands for."""

    BASE = "base"
    STEP = "step"
    CAPPED = "capped"
    FLOORED = "floored"
    BLOCKED = "blocked"
    SCORE = "score"


@dataclass(frozen=True)
class Step:
    """One signal that fired: its name, what it adds or takes away, and what it says; `href` leads to its evidence."""

    label: Any
    change: int
    note: Any = ""
    href: str = ""


@dataclass(frozen=True)
class Threshold:
    """From which score on a decision holds; `decision` is the API's word."""

    decision: str
    score: int


@dataclass(frozen=True)
class Waterfall:
    """What is drawn: the steps in their order, the decision's lines, and what came of them."""

    steps: Sequence[Step]
    thresholds: Sequence[Threshold]
    score: int
    decision: str


@dataclass(frozen=True)
class Row:
    """One row of the drawing: `x` and `width` are per cent of the whole width, `total` is the sum so far."""

    kind: RowKind
    change: int
    total: int
    x: str
    width: str
    step: Step | None = None

    @property
    def is_fall(self) -> bool:
        """Say whether the row takes points away."""
        return self.change < 0


@dataclass(frozen=True)
class _Scale:
    low: int
    high: int

    def place(self, value: int) -> str:
        return f"{self._share(value):.2f}%"

    def span(self, first: int, last: int) -> tuple[str, str]:
        """Return where the bar between two sums begins and how wide it is; no bar vanishes."""
        least, most = sorted((first, last))
        width = self._share(most) - self._share(least)
        return self.place(least), f"{max(width, 0.5 if first == last else 0):.2f}%"

    def _share(self, value: int) -> float:
        return (value - self.low) * 100 / (self.high - self.low)


def draw_rows(waterfall: Waterfall) -> list[Row]:
    """Return the base, a row for each step, one more when the score is not their sum, and the score."""
    scale = _make_scale(waterfall)
    return [_draw(scale, *row) for row in _sum(waterfall)]


def draw_thresholds(waterfall: Waterfall) -> list[tuple[Threshold, str]]:
    """Return each line with its place in per cent of the whole width."""
    scale = _make_scale(waterfall)
    return [(threshold, scale.place(threshold.score)) for threshold in waterfall.thresholds]


type _Sum = tuple[RowKind, int, int, Step | None]
"""What a row is, its change, the sum after it, and its step."""


def _sum(waterfall: Waterfall) -> Iterator[_Sum]:
    yield RowKind.BASE, 0, 0, None
    total = 0
    for step in waterfall.steps:
        total += step.change
        yield RowKind.STEP, step.change, total, step
    if total != waterfall.score:
        yield _why(total, waterfall.score), waterfall.score - total, waterfall.score, None
    yield RowKind.SCORE, waterfall.score, waterfall.score, None


def _why(total: int, score: int) -> RowKind:
    if total > score:
        return RowKind.CAPPED
    return RowKind.FLOORED if score == 0 else RowKind.BLOCKED


def _make_scale(waterfall: Waterfall) -> _Scale:
    totals = [total for _, _, total, _ in _sum(waterfall)]
    return _Scale(low=min(0, *totals), high=max(MAXIMUM, *totals))


def _draw(scale: _Scale, kind: RowKind, change: int, total: int, step: Step | None) -> Row:
    x, width = scale.span(0, total) if kind is RowKind.SCORE else scale.span(total - change, total)
    return Row(kind, change, total, x, width, step)
