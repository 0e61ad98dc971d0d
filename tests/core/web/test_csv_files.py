"""Tables to take away."""

import csv
from io import StringIO

import pytest

from core.web.csv_files import answer_with_csv, make_safe, stream_csv


@pytest.mark.parametrize("cell", ["=1+1", "+52", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_what_a_spreadsheet_would_calculate_is_shown_as_text(cell: str) -> None:
    assert make_safe(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "shown"), [("Ana", "Ana"), (None, ""), (3, "3"), ("a=b", "a=b")])
def test_everything_else_stays_as_it_is(cell: object, shown: str) -> None:
    assert make_safe(cell) == shown


def test_rows_come_one_by_one_and_read_back_as_they_were() -> None:
    rows: list[list[object]] = [["Núñez", 'a "quoted", cell'], ["two\nlines", None]]
    pieces = list(stream_csv(rows))
    assert len(pieces) == 3
    text = b"".join(pieces).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text, newline=""))) == [["Núñez", 'a "quoted", cell'], ["two\nlines", ""]]


def test_the_file_has_a_name() -> None:
    response = answer_with_csv([["a"]], name="x.csv")
    assert response["Content-Disposition"] == 'attachment; filename="x.csv"'
    assert response.getvalue().decode("utf-8-sig") == '"a"\r\n'
