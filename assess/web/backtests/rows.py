"""A finished tally as its pages show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assess.backtests import figures
from assess.backtests.figures import Costly, Total
from assess.backtests.tally import SCORES, RuleCount, Sample, SegmentCount, Tally, decode_tally
from assess.models import Backtest
from assess.policy import Policy, decode_policy
from assess.web.backtests.words import FLOWS, LABELS, SEGMENT_KINDS, say_move, say_segment
from core.web.formats import MINUS
from transactions.types import Decision, Flow

SHOWN_SEGMENTS = 12
SHOWN_RULES = 40
SHOWN_CURRENCIES = 3
SHOWN_COSTLY = 120
"""Rows of all kinds together; a kind has at most twenty."""
_BIN_WIDTH, _BAR_WIDTH, _CHART_HEIGHT = 20, 8, 100
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MatrixCell:
    """One of the sixteen moves."""

    before: Decision
    after: Decision
    total: Total
    share: str

    @property
    def is_changed(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True)
class SampleRow:
    """A payment that was kept."""

    sample: Sample
    currency: str

    @property
    def label(self) -> str:
        return str(LABELS[self.sample.label])

    @property
    def flow(self) -> str:
        return str(FLOWS[self.sample.flow])


@dataclass(frozen=True)
class SegmentRow:
    """One segment with what would change in it."""

    value: str
    count: SegmentCount

    @property
    def changed(self) -> int:
        return self.count.heavier + self.count.lighter


@dataclass(frozen=True)
class RuleRow:
    """One rule of the tried policy."""

    name: str
    code: str
    is_shadow: bool
    count: RuleCount

    @property
    def precision(self) -> str:
        """Return the part that was fraud, of the labelled hits."""
        found = figures.find_precision(self.count)
        return _("sin etiquetas") if found is None else f"{found} %"


class Result:
    """What one finished backtest says."""

    def __init__(self, row: Backtest, *, minutes: int) -> None:
        self.row = row
        self.minutes = minutes
        self.tally: Tally = decode_tally(row.result)
        self.figures = figures.measure(self.tally)
        self.load = figures.measure_queue(self.tally, days=-(-(row.until - row.since) // _DAY))

    @property
    def hours_before(self) -> str:
        return f"{self.load.hours_before(self.minutes):,.1f}"

    @property
    def hours_after(self) -> str:
        return f"{self.load.hours_after(self.minutes):,.1f}"

    @property
    def extra_hours(self) -> str:
        """Return the difference a day, with its sign."""
        extra = self.load.hours_after(self.minutes) - self.load.hours_before(self.minutes)
        return f"{MINUS if extra < 0 else '+' if extra > 0 else ''}{abs(extra):,.1f}"

    @cached_property
    def policy(self) -> Policy:
        """The policy that was tried."""
        return decode_policy(self.row.document, version=self.row.version or 0)

    def list_matrix(self) -> list[tuple[Decision, list[MatrixCell]]]:
        """Return a row for each decision before."""
        matrix = figures.make_matrix(self.tally)
        return [(before, [self._make_cell(before, after, matrix) for after in Decision]) for before in Decision]

    def _make_cell(
        self, before: Decision, after: Decision, matrix: dict[tuple[Decision, Decision], Total]
    ) -> MatrixCell:
        total, every = matrix[before, after], self.tally.payments
        return MatrixCell(before, after, total, f"{100 * total.payments / every:.2f} %" if every else "")

    def list_costly(self) -> list[dict[str, Any]]:
        """Return the greatest changes by kind, of the few currencies in which the most payments change."""
        shown = self._currencies[:SHOWN_CURRENCIES]
        kinds = [each for each in figures.list_costly(self.tally) if each.currency in shown]
        room = max(SHOWN_COSTLY // max(len(kinds), 1), 3)
        return [_show_costly(each, room) for each in kinds]

    @property
    def further_currencies(self) -> int:
        """Return of how many more currencies payments that change were kept."""
        return len(self._currencies[SHOWN_CURRENCIES:])

    @cached_property
    def _currencies(self) -> list[str]:
        return figures.rank_currencies(self.tally)

    def list_segments(self) -> Iterator[dict[str, Any]]:
        """Yield each kind of segment with its most changed ones."""
        for kind, label in SEGMENT_KINDS.items():
            rows = self.list_segment_rows(kind)
            if rows:
                yield {"label": label, "rows": rows[:SHOWN_SEGMENTS], "further": len(rows[SHOWN_SEGMENTS:])}

    def list_segment_rows(self, kind: str) -> list[SegmentRow]:
        """Return all segments of a kind, the most changed first."""
        counts = self.tally.segments.get(kind, {})
        rows = [SegmentRow(say_segment(kind, value), count) for value, count in counts.items()]
        return sorted(rows, key=lambda row: (-row.changed, -row.count.payments))

    def list_rules(self) -> list[RuleRow]:
        """Return every rule of the tried policy in its order, also one that met nothing."""
        return [
            RuleRow(rule.name, rule.id, rule.is_shadow, self.tally.rules.get(rule.id, RuleCount()))
            for rule in self.policy.rules
        ]

    def list_histograms(self) -> list[dict[str, Any]]:
        """Return the scores of each flow, drawn and as figures."""
        return [self._draw(flow) for flow in Flow if flow.value in self.tally.scores]

    def _draw(self, flow: Flow) -> dict[str, Any]:
        before, after = self.tally.scores[flow.value]
        most = max(*before, *after, 1)
        bands = self.policy.of(flow).bands
        cuts = (
            (Decision.REVIEW, bands.review),
            (Decision.CHALLENGE, bands.challenge),
            (Decision.DECLINE, bands.decline),
        )
        return {
            "flow": FLOWS[flow],
            "width": SCORES * _BIN_WIDTH,
            "bars": [_draw_pair(place, before[place], after[place], most) for place in range(SCORES)],
            "cuts": [(cut.value, score, f"{score * _BIN_WIDTH / 5:.0f}") for cut, score in cuts],
            "rows": [(_say_bin(place), before[place], after[place]) for place in range(SCORES)],
        }


def _show_costly(costly: Costly, room: int) -> dict[str, Any]:
    return {
        "move": say_move(costly.before, costly.after),
        "rows": [SampleRow(sample, costly.currency) for sample in costly.samples[:room]],
        "before": costly.before.value,
        "after": costly.after.value,
    }


def _draw_pair(place: int, before: int, after: int, most: int) -> dict[str, str]:
    """Return both bars of one step of scores; one that is not 0 never vanishes."""
    heights = [max(_CHART_HEIGHT * count / most, 1) if count else 0 for count in (before, after)]
    left = place * _BIN_WIDTH
    return {
        "before_x": str(left + 2),
        "after_x": str(left + 2 + _BAR_WIDTH),
        "before_y": f"{_CHART_HEIGHT - heights[0]:.1f}",
        "after_y": f"{_CHART_HEIGHT - heights[1]:.1f}",
        "before": f"{heights[0]:.1f}",
        "after": f"{heights[1]:.1f}",
    }


def _say_bin(place: int) -> str:
    return "100" if place == SCORES - 1 else f"{place * 5} – {place * 5 + 4}"  # noqa: RUF001  a dash
