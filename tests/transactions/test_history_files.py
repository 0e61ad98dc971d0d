"""History files: their header, their lines, and what is wrong with a file as a whole."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from transactions.history_files import HistoryRefused, ReadingReport, UnreadableFile, read_history
from transactions.types import HistoryRow

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HEADER = "flow,occurred_at,amount_minor,currency,customer_id"
GOOD = "payin,2026-11-20T10:00:00Z,100,MXN,cus_{}"
BAD = "payin,2026-11-20T10:00:00Z,-1,MXN,cus_bad"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.csv"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _read(path: Path, *, skips_invalid: bool = False) -> tuple[list[HistoryRow], ReadingReport]:
    report = ReadingReport()
    return list(read_history(path, report=report, skips_invalid=skips_invalid, now=NOW)), report


def _customers(rows: list[HistoryRow]) -> list[str | None]:
    return [row.customer_id for row in rows]


def test_plain_and_gzipped_files_read_the_same_whatever_their_names(path: Path) -> None:
    text = _lines(HEADER, GOOD.format(1), GOOD.format(2)).encode()
    path.write_bytes(text)
    plain, report = _read(path)
    path.write_bytes(gzip.compress(text))
    gzipped, _ = _read(path)
    assert plain == gzipped
    assert _customers(plain) == ["cus_1", "cus_2"]
    assert (report.rows, report.invalid, report.doubtful, report.problems) == (2, 0, 0, [])


def test_a_mark_of_byte_order_crlf_blank_lines_and_spaces_do_no_harm(path: Path) -> None:
    path.write_bytes(("\ufeff" + HEADER.replace(",", ", ") + "\r\n\r\n" + GOOD.format(1) + " \r\n").encode())
    assert _customers(_read(path)[0]) == ["cus_1"]


def test_quoted_values_may_hold_commas(path: Path) -> None:
    path.write_text(_lines("flow,occurred_at,amount_minor,currency,beneficiary_name",
                           'payout,2026-11-20T10:00:00Z,1,MXN,"Núñez, S.A."'))  # fmt: skip
    assert _read(path)[0][0].details == {"beneficiary": {"name": "Núñez, S.A."}}


def test_an_invalid_row_is_named_by_its_line_and_nothing_after_it_is_yielded(path: Path) -> None:
    path.write_text(_lines(HEADER, GOOD.format(1), BAD, GOOD.format(2), "payin,short", GOOD.format(3)))
    report = ReadingReport()
    rows = read_history(path, report=report, skips_invalid=False, now=NOW)
    assert next(rows).customer_id == "cus_1"
    with pytest.raises(HistoryRefused):
        next(rows)
    assert (report.rows, report.invalid) == (5, 2)
    assert report.problems == [
        "line 3: amount_minor: must be a whole number of minor units",
        "line 5: has 2 values, the header 5 columns",
    ]


def test_invalid_rows_are_skipped_and_counted_when_asked_for(path: Path) -> None:
    path.write_text(_lines(HEADER, GOOD.format(1), BAD, GOOD.format(2)))
    rows, report = _read(path, skips_invalid=True)
    assert _customers(rows) == ["cus_1", "cus_2"]
    assert (report.rows, report.invalid) == (3, 1)


def test_only_the_first_problems_are_kept_and_all_are_counted(path: Path) -> None:
    path.write_text(_lines(HEADER, *[BAD] * 30))
    report = ReadingReport()
    with pytest.raises(HistoryRefused):
        list(read_history(path, report=report, skips_invalid=False, now=NOW))
    assert (report.invalid, len(report.problems)) == (30, 20)


def test_values_that_cannot_be_read_are_counted(path: Path) -> None:
    path.write_text(_lines(HEADER + ",email,ip", GOOD.format(1) + ",nobody,300.1.1.1"))
    assert _read(path)[1].doubtful == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the header lacks flow, occurred_at, amount_minor, currency"),
        (b"flow,occurred_at\n", "the header lacks amount_minor, currency"),
        (b"flow,flow,occurred_at,amount_minor,currency\n", "the header names flow twice"),
        (
            b"payin,2026-11-20T10:00:00Z,100,MXN,ana@example.com\n",
            "column 1 of the header is not one of those documented",
        ),
        ((HEADER + ",secret_column\n").encode(), "column 6 of the header is not one of those documented"),
        (_lines(HEADER).encode() + b"payin,\xff\n", "after line 0: the file is not UTF-8"),
        (
            gzip.compress(_lines(HEADER, *[GOOD] * 99).encode(), mtime=0)[:-9],
            "after line 94: the file ends or breaks off",
        ),
        (gzip.compress(b"", mtime=0)[:10] + b"nonsense", "after line 0: the file ends or breaks off"),
        (b"\x1f\x8bnonsense-nonsense", "after line 0: the file ends or breaks off"),
        (_lines(HEADER, 'payin,"broken"quote').encode(), "line 2: the file is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_shows_no_value(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refusal:
        _read(path, skips_invalid=True)
    assert str(refusal.value).startswith(message)
    assert "ana@example.com" not in str(refusal.value)


def test_a_header_without_rows_is_an_empty_history(path: Path) -> None:
    path.write_text(HEADER)
    assert _read(path)[0] == []
