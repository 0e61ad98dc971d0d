"""Reading the lists that come with the program, beside the code that uses them."""

import csv
from pathlib import Path


def load_lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a text file without the blank ones and the comments."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def load_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
