"""Geometry of the small charts that the server draws. Every chart has its figures in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 240
HEIGHT = 48
BAR_WIDTH = 100


@dataclass(frozen=True)
class Point:
    """One figure: what it is called, how much, and the decision that colours it, if any."""

    label: Any
    value: int
    tone: str = ""


def draw_line(points: Sequence[Point]) -> str:
    """Return the points of a polyline over the whole width; the lowest figure lies at the foot."""
    if not points:
        return ""
    values = [point.value for point in points]
    low, spread = min(values), (max(values) - min(values)) or 1
    step = WIDTH / max(len(points) - 1, 1)
    places = [(index * step, HEIGHT - (value - low) / spread * HEIGHT) for index, value in enumerate(values)]
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in places)


def draw_bars(points: Sequence[Point]) -> list[tuple[Point, str]]:
    """Return each figure with its bar's width of BAR_WIDTH; a figure that is not 0 never vanishes."""
    most = max((point.value for point in points), default=0) or 1
    return [(point, _share(point.value, most)) for point in points]


def _share(value: int, most: int) -> str:
    if value <= 0:
        return "0"
    return f"{max(min(value / most, 1) * BAR_WIDTH, 1):.1f}"


def draw_share(value: int, maximum: int) -> str:
    """Return the width of BAR_WIDTH that the value fills."""
    return _share(value, maximum or 1)
