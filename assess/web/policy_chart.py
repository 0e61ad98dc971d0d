"""The scores of the newest payments under a draft, by what became known of them, with both sets of cut lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assess.impact import Rescored
from assess.policy import Bands, Policy
from assess.web.policy_words import FLOWS
from transactions.types import Flow

WIDTH = 200
HEIGHT = 60
BINS = 20
_SPAN = 5
_BIN_WIDTH = WIDTH // BINS
_GAP = 1
_LABELS: tuple[tuple[bool | None, str, str | Promise], ...] = (
    (True, "decline", _("Fraude")),
    (False, "approve", _("Bueno")),
    (None, "quiet", _("Sin etiqueta")),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of one column, in the drawing's units; `tone` colours it."""

    x: int
    y: str
    height: str
    tone: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line from which score on a decision begins; `is_former` for that of the version the draft stands on."""

    x: int
    decision: str
    score: int
    is_former: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """One flow's scores; `rows` are (from, to, fraud, good, unlabelled)."""

    label: str | Promise
    payments: int
    bars: list[Bar]
    cuts: list[Cut]
    rows: list[tuple[int, int, list[int]]]
    legend: list[tuple[str, str | Promise]]
    width: int = WIDTH
    height: int = HEIGHT


def draw_histograms(rescored: Sequence[Rescored], *, before: Policy, after: Policy) -> list[Histogram]:
    """Return a drawing for each flow that has payments."""
    found = []
    for flow in (Flow.PAYIN, Flow.PAYOUT):
        of_flow = [each for each in rescored if each.flow is flow]
        if of_flow:
            found.append(_draw(flow, of_flow, before.of(flow).bands, after.of(flow).bands))
    return found


def _draw(flow: Flow, rescored: list[Rescored], before: Bands, after: Bands) -> Histogram:
    counts = _count(rescored)
    most = max(sum(column) for column in counts)
    return Histogram(
        label=FLOWS[flow],
        payments=len(rescored),
        bars=[bar for place, column in enumerate(counts) for bar in _stack(place, column, most)],
        cuts=[*_list_cuts(before, is_former=True), *_list_cuts(after, is_former=False)],
        rows=[(_SPAN * place, _end_of(place), column) for place, column in enumerate(counts) if sum(column)],
        legend=[(tone, label) for _known, tone, label in _LABELS],
    )


def _count(rescored: Iterable[Rescored]) -> list[list[int]]:
    """Return how many payments each column has of each label; a score of 100 stands in the last."""
    places = {known: place for place, (known, _tone, _label) in enumerate(_LABELS)}
    counts = [[0] * len(_LABELS) for _ in range(BINS)]
    for each in rescored:
        counts[min(each.score // _SPAN, BINS - 1)][places[each.is_fraudulent]] += 1
    return counts


def _end_of(place: int) -> int:
    return 100 if place == BINS - 1 else _SPAN * place + _SPAN - 1


def _stack(place: int, column: list[int], most: int) -> Iterable[Bar]:
    """Yield the column's parts from the foot up; one that is not empty is never too low to see."""
    foot = float(HEIGHT)
    for count, (_known, tone, _label) in zip(column, _LABELS, strict=True):
        if count:
            height = max(HEIGHT * count / most, 1.0)
            foot -= height
            yield Bar(place * _BIN_WIDTH + _GAP, f"{max(foot, 0):.1f}", f"{height:.1f}", tone)


def _list_cuts(bands: Bands, *, is_former: bool) -> list[Cut]:
    lines = (("review", bands.review), ("challenge", bands.challenge), ("decline", bands.decline))
    return [Cut(score * WIDTH // 100, name, score, is_former) for name, score in lines]
