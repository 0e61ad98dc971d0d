"""Reading the files of `data/`."""

import csv
from pathlib import Path

_FOLDER = Path(__file__).with_name("data")


def load_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a text file without the blank ones and the comments."""
    lines = (line.strip() for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def load_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file by column."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
