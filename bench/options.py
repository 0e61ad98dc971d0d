"""What a run is asked for on the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.dataset.sizes import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Sizes and bounds of a run; `seconds` is for each figure of each flow, split into rounds."""

    folder: Path
    large: Size
    small: Size
    seconds: float
    rounds: int
    connections: int
    pool: int
    calls: int
    output: Path | None
    profile: bool
    reset: bool
    only_fill: bool

    @property
    def young(self) -> Size:
        """All the entries, few payments: what tells the cost of history from the cost of lists."""
        return Size(self.small.payments, self.large.entries)

    @property
    def round_seconds(self) -> float:
        return self.seconds / self.rounds


def parse(arguments: Sequence[str]) -> Options:
    """Return the options; ends the process with a sentence when they cannot be read."""
    given = _make_parser().parse_args(arguments)
    return Options(
        folder=given.folder,
        large=Size(given.payments, given.entries),
        small=Size(min(given.small_payments, given.payments), min(given.small_entries, given.entries)),
        seconds=given.seconds,
        rounds=given.rounds,
        connections=given.connections,
        pool=given.pool,
        calls=given.calls,
        output=given.output,
        profile=given.profile,
        reset=given.reset,
        only_fill=given.only_fill,
    )


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures assessments; docs/performance.md.")
    add = parser.add_argument
    add("--folder", type=Path, default=Path(".bench"), help="where the data sets are kept")
    add("--payments", type=_count, default=5_000_000, help="past payments of the large data set")
    add("--entries", type=_count, default=1_000_000, help="list entries of each organization")
    add("--small-payments", type=_count, default=10_000, help="past payments of what the large one is compared with")
    add("--small-entries", type=_count, default=1_000, help="list entries of what the large one is compared with")
    add("--seconds", type=float, default=20.0, help="for each figure of each flow")
    add("--rounds", type=_count, default=4, help="into which the seconds are split, those compared taking turns")
    add("--connections", type=_count, default=16, help="kept-alive connections of the load client")
    add("--pool", type=_count, default=200, help="different calls of each flow")
    add("--calls", type=_count, default=2_000, help="for each cost that is compared, split into rounds")
    add("--output", type=Path, help="a file for all figures, as JSON")
    add("--profile", action="store_true", help="tell where the time goes, too")
    add("--reset", action="store_true", help="make all data sets anew")
    add("--only-fill", action="store_true", help="make the data sets and measure nothing")
    return parser


def _count(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
