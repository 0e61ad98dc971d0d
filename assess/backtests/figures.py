"""What a finished tally says: sums over its cells, and the figures that are read from them. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assess.backtests.tally import Label, RuleCount, Sample, Tally
from transactions.types import Decision

COSTLY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Payments of one move, currency and label."""

    before: Decision
    after: Decision
    currency: str
    label: Label
    payments: int
    amount_minor: int

    @property
    def is_heavier(self) -> bool:
        return self.after.severity > self.before.severity

    @property
    def is_lighter(self) -> bool:
        return self.after.severity < self.before.severity


@dataclass(slots=True)
class Total:
    """How many payments, and their money in minor units by currency."""

    payments: int = 0
    money: dict[str, int] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        self.payments += cell.payments
        self.money[cell.currency] = self.money.get(cell.currency, 0) + cell.amount_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a change of policy would have done.

    Fraud and good payments are those that were labelled so. `caught` and `freed` frauds are decided heavier and
    lighter; `missed` ones would still be approved. `good_hit` are decided heavier; `presumed_hit` were approved before,
    are decided heavier, and nobody said what they were.
    """

    all: Total
    changed: Total
    heavier: Total
    lighter: Total
    fraud: Total
    fraud_caught: Total
    fraud_freed: Total
    fraud_missed: Total
    good: Total
    good_hit: Total
    good_freed: Total
    presumed_hit: Total
    labelled: Total

    @property
    def unlabelled_percent(self) -> int:
        """The share of payments of which nothing became known, whole percent, 0 of none."""
        known = self.labelled.payments
        return round(100 * (self.all.payments - known) / self.all.payments) if self.all.payments else 0


_WANTED: dict[str, Callable[[Cell], bool]] = {
    "all": lambda _: True,
    "changed": lambda cell: cell.before is not cell.after,
    "heavier": lambda cell: cell.is_heavier,
    "lighter": lambda cell: cell.is_lighter,
    "fraud": lambda cell: cell.label is Label.FRAUD,
    "fraud_caught": lambda cell: cell.label is Label.FRAUD and cell.is_heavier,
    "fraud_freed": lambda cell: cell.label is Label.FRAUD and cell.is_lighter,
    "fraud_missed": lambda cell: cell.label is Label.FRAUD and cell.after is Decision.APPROVE,
    "good": lambda cell: cell.label is Label.GOOD,
    "good_hit": lambda cell: cell.label is Label.GOOD and cell.is_heavier,
    "good_freed": lambda cell: cell.label is Label.GOOD and cell.is_lighter,
    "presumed_hit": lambda cell: (
        cell.label is Label.NONE and cell.before is Decision.APPROVE and cell.after is not Decision.APPROVE
    ),
    "labelled": lambda cell: cell.label is not Label.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """What somebody has to look at (reviews and challenges) over the period's days, before and after."""

    days: int
    before: int
    after: int
    busiest_before: int
    busiest_after: int

    def hours_before(self, minutes: int) -> float:
        """Return the hours a day, at so many minutes each."""
        return self.before * minutes / 60 / self.days

    def hours_after(self, minutes: int) -> float:
        """Return the hours a day, at so many minutes each."""
        return self.after * minutes / 60 / self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Costly:
    """The greatest payments of one kind of change in one currency."""

    before: Decision
    after: Decision
    currency: str
    samples: list[Sample]


def list_cells(tally: Tally) -> list[Cell]:
    """Return every cell that holds payments."""
    return [
        Cell(
            before=before,
            after=after,
            currency=currency,
            label=Label(label),
            payments=count.payments,
            amount_minor=count.amount_minor,
        )
        for name, count in tally.cells.items()
        for before, after, currency, label in [_read_cell(name)]
    ]


def _read_cell(name: str) -> tuple[Decision, Decision, str, str]:
    move, currency, label = name.split("|")
    before, _, after = move.partition(">")
    return Decision(before), Decision(after), currency, label


def measure(tally: Tally) -> Figures:
    """Return the figures of a tally."""
    cells = list_cells(tally)
    return Figures(**{name: _sum(cells, is_wanted) for name, is_wanted in _WANTED.items()})


def _sum(cells: list[Cell], is_wanted: Callable[[Cell], bool]) -> Total:
    total = Total()
    for cell in cells:
        if is_wanted(cell):
            total.add(cell)
    return total


def make_matrix(tally: Tally) -> dict[tuple[Decision, Decision], Total]:
    """Return all sixteen moves from one decision to another, each with its payments and money."""
    matrix = {(before, after): Total() for before in Decision for after in Decision}
    for cell in list_cells(tally):
        matrix[cell.before, cell.after].add(cell)
    return matrix


def measure_queue(tally: Tally, *, days: int) -> QueueLoad:
    """Return the queue's load over so many days; a day without payments counts too."""
    counted = tally.days.values()
    return QueueLoad(
        days=max(days, 1),
        before=sum(day.before for day in counted),
        after=sum(day.after for day in counted),
        busiest_before=max((day.before for day in counted), default=0),
        busiest_after=max((day.after for day in counted), default=0),
    )


def list_samples(tally: Tally, before: Decision, after: Decision) -> dict[str, list[Sample]]:
    """Return the payments kept of one cell, by currency, the greatest amounts first."""
    wanted = f"{before}>{after}|"
    return {
        name.removeprefix(wanted): sorted(kept, reverse=True)
        for name, kept in sorted(tally.samples.items())
        if name.startswith(wanted)
    }


def list_costly(tally: Tally) -> Iterator[Costly]:
    """Yield the greatest payments of each kind of change, the heaviest changes first."""
    moves = [(before, after) for before in Decision for after in Decision if before is not after]
    for before, after in sorted(moves, key=lambda move: move[0].severity - move[1].severity):
        for currency, kept in list_samples(tally, before, after).items():
            yield Costly(before=before, after=after, currency=currency, samples=kept[:COSTLY])


def rank_currencies(tally: Tally) -> list[str]:
    """Return the currencies of which changed payments were kept, those of the most changed payments first."""
    kept = {name.rpartition("|")[2] for name in tally.samples}
    counts: Counter[str] = Counter()
    for cell in list_cells(tally):
        if cell.before is not cell.after and cell.currency in kept:
            counts[cell.currency] += cell.payments
    return sorted(counts, key=lambda currency: (-counts[currency], currency))


def find_precision(count: RuleCount) -> int | None:
    """Return how many of a hundred labelled hits were fraud; None when none was labelled."""
    labelled = count.fraud + count.good
    return round(100 * count.fraud / labelled) if labelled else None
