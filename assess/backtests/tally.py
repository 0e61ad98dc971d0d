"""What a backtest has counted so far: plain numbers, kept between its steps and, at the end, as its result. Pure.

Whoever adds the same payments in the same order, in one go or in many, gets the same tally.
"""

from enum import StrEnum
from heapq import heappush, heapreplace

import msgspec

from core.structs import make_ready
from transactions.types import Decision, Flow

SAMPLE_SIZE = 100
MAXIMUM_CURRENCIES = 10
"""So many currencies have samples of their own; payments in others are counted all the same."""
MAXIMUM_SEGMENTS = 60
OTHERS = "*"
"""The segment of those that came when MAXIMUM_SEGMENTS were known."""
SCORES = 21
"""Scores in steps of five, from 0 to 4 and so on; a hundred stands alone."""


class Label(StrEnum):
    """What became known of a payment."""

    FRAUD = "fraud"
    GOOD = "good"
    NONE = "none"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of the comparison: what was, or would be, decided of a payment."""

    decision: Decision
    risk_score: int


class Sample(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One payment of a cell, kept as one of its greatest. The order is that of amounts; ids part equal ones."""

    amount_minor: int
    transaction_id: str
    score_before: int
    score_after: int
    label: Label
    flow: Flow


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One payment as it counts. `segments` are (kind, value); `met` and `untold` are ids of the policy's rules."""

    transaction_id: str
    flow: Flow
    currency: str
    amount_minor: int
    label: Label
    day: str
    before: Side
    after: Side
    segments: tuple[tuple[str, str], ...] = ()
    met: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def is_heavier(self) -> bool:
        return self.after.decision.severity > self.before.decision.severity

    @property
    def is_lighter(self) -> bool:
        return self.after.decision.severity < self.before.decision.severity


class SegmentCount(msgspec.Struct, array_like=True):
    """Payments of one segment: how many, how many are decided heavier or lighter, and of the heavier fraud and good."""

    payments: int = 0
    heavier: int = 0
    lighter: int = 0
    heavier_fraud: int = 0
    heavier_good: int = 0


class RuleCount(msgspec.Struct, array_like=True):
    """How often a rule of the tested policy held, by label, and of how many payments it could not be told."""

    fraud: int = 0
    good: int = 0
    unlabelled: int = 0
    unknown: int = 0

    @property
    def hits(self) -> int:
        return self.fraud + self.good + self.unlabelled


class DayCount(msgspec.Struct, array_like=True):
    """One local day: its payments, and how many of them people would have had to look at before and after."""

    payments: int = 0
    before: int = 0
    after: int = 0


class CellCount(msgspec.Struct, array_like=True):
    """How many payments, and their sum in minor units."""

    payments: int = 0
    amount_minor: int = 0


class Tally(msgspec.Struct, kw_only=True):
    """Everything counted.

    `cells`: "before>after|currency|label" → count and money. `samples`: "before>after|currency" → the greatest
    payments. `scores`: flow → how many fell into each step of five, before and after. `unreadable` payments were erased
    or stored in a form that nobody reads any more. `reproduced` of `checked`: those that the tested version itself had
    decided, and that it decides the same again to the last signal.
    """

    payments: int = 0
    unreadable: int = 0
    other_engine: int = 0
    other_bands: int = 0
    failed_lookups: int = 0
    checked: int = 0
    reproduced: int = 0
    cells: dict[str, CellCount] = {}
    samples: dict[str, list[Sample]] = {}
    scores: dict[str, tuple[list[int], list[int]]] = {}
    days: dict[str, DayCount] = {}
    segments: dict[str, dict[str, SegmentCount]] = {}
    rules: dict[str, RuleCount] = {}

    def add(self, move: Move) -> None:
        """Count one payment."""
        self.payments += 1
        cell = f"{move.before.decision}>{move.after.decision}|{move.currency}"
        count = _of(self.cells, f"{cell}|{move.label}", CellCount)
        count.payments += 1
        count.amount_minor += move.amount_minor
        self._add_sample(cell, move)
        self._add_scores(move)
        self._add_day(move)
        self._add_segments(move)
        self._add_rules(move)

    def _add_sample(self, cell: str, move: Move) -> None:
        kept = self.samples.get(cell)
        if kept is None:
            if not self._has_room(move.currency):
                return
            kept = self.samples[cell] = []
        is_full = len(kept) >= SAMPLE_SIZE
        if is_full and move.amount_minor < kept[0].amount_minor:
            return
        sample = Sample(
            move.amount_minor,
            move.transaction_id,
            move.before.risk_score,
            move.after.risk_score,
            move.label,
            move.flow,
        )
        if not is_full:
            heappush(kept, sample)
        elif sample > kept[0]:
            heapreplace(kept, sample)

    def _has_room(self, currency: str) -> bool:
        known = {cell.rpartition("|")[2] for cell in self.samples}
        return currency in known or len(known) < MAXIMUM_CURRENCIES

    def _add_scores(self, move: Move) -> None:
        both = self.scores.get(move.flow)
        if both is None:
            both = self.scores[move.flow.value] = ([0] * SCORES, [0] * SCORES)
        both[0][move.before.risk_score // 5] += 1
        both[1][move.after.risk_score // 5] += 1

    def _add_day(self, move: Move) -> None:
        day = _of(self.days, move.day, DayCount)
        day.payments += 1
        day.before += move.before.decision in QUEUED
        day.after += move.after.decision in QUEUED

    def _add_segments(self, move: Move) -> None:
        for kind, value in move.segments:
            known = self.segments.setdefault(kind, {})
            name = value if value in known or len(known) < MAXIMUM_SEGMENTS else OTHERS
            _add_to_segment(_of(known, name, SegmentCount), move)

    def _add_rules(self, move: Move) -> None:
        for rule in move.met:
            count = _of(self.rules, rule, RuleCount)
            if move.label is Label.FRAUD:
                count.fraud += 1
            elif move.label is Label.GOOD:
                count.good += 1
            else:
                count.unlabelled += 1
        for rule in move.untold:
            _of(self.rules, rule, RuleCount).unknown += 1


QUEUED = frozenset({Decision.REVIEW, Decision.CHALLENGE})
"""What somebody has to look at."""


def _add_to_segment(segment: SegmentCount, move: Move) -> None:
    segment.payments += 1
    if move.is_heavier:
        segment.heavier += 1
        segment.heavier_fraud += move.label is Label.FRAUD
        segment.heavier_good += move.label is Label.GOOD
    elif move.is_lighter:
        segment.lighter += 1


def _of[T](counts: dict[str, T], name: str, kind: type[T]) -> T:
    found = counts.get(name)
    if found is None:
        found = counts[name] = kind()
    return found


def encode_tally(tally: Tally) -> dict[str, object]:
    """Return the tally as JSON; `decode_tally` gives the same tally back."""
    encoded: dict[str, object] = msgspec.to_builtins(tally)
    return encoded


def decode_tally(document: object) -> Tally:
    """Return the tally that `encode_tally` wrote."""
    return msgspec.convert(document, type=make_ready(Tally))
