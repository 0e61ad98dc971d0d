"""Makes `clausum/sample/payments.csv`: `python -m clausum.datasets.generate_sample [FILE]`.

About five hundred made-up payments of forty days: the ordinary life of a small bank's and a merchant's customers with
five frauds in its last week. Deterministic: the committed file is what this writes, byte for byte.
"""

import csv
import io
import sys
from pathlib import Path

from clausum.datasets.rows import Row
from clausum.datasets.sampling.dice import Dice
from clausum.datasets.sampling.everyday import list_everyday, make_world
from clausum.datasets.sampling.frauds import list_frauds
from clausum.datasets.sampling.parties import Registry

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "payments.csv"
SEED = 20250901


def make_rows() -> list[Row]:
    """Return the sample in time order, its rows numbered."""
    dice = Dice(SEED)
    registry = Registry(dice)
    world = make_world(registry)
    rows = [*list_everyday(world, dice), *list_frauds(world, registry, dice)]
    in_order = sorted(rows, key=lambda row: row.occurred_at)
    return [row._replace(event_id=f"sample-{number:04}") for number, row in enumerate(in_order, start=1)]


def format_rows(rows: list[Row]) -> str:
    """Return the rows as CSV with the shared header and LF at the ends of lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    path.write_text(format_rows(make_rows()), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
