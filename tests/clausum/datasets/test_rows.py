import gzip
from pathlib import Path

import pytest

from clausum.datasets.rows import Dataset, DatasetInvalid, Row, Truth
from tests.clausum.datasets.rows import make_row

HEADER = ",".join(Row._fields)
LINE = ",".join(make_row())


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_are_read_in_order_with_their_columns_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADER, LINE, LINE.replace("set-1", "set-2"))

    with Dataset(path) as dataset:
        rows = list(dataset)

    assert [row.event_id for row in rows] == ["set-1", "set-2"]
    assert rows[0] == make_row()


def test_a_gzipped_file_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{LINE}\n".encode()))

    with Dataset(path) as dataset:
        assert list(dataset) == [make_row()]


def test_the_fraction_read_grows_to_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADER, *[LINE] * 2000)

    with Dataset(path) as dataset:
        at_first = dataset.read_fraction()
        rows = iter(dataset)
        next(rows)
        early = dataset.read_fraction()
        list(rows)
        assert (at_first, dataset.read_fraction()) == (0.0, 1.0)
        assert 0 < early < 0.5


def test_another_header_is_refused(tmp_path: Path) -> None:
    with Dataset(write(tmp_path / "a.csv", "id,amount", "1,2")) as dataset, pytest.raises(DatasetInvalid) as refusal:
        list(dataset)

    assert str(refusal.value) == "the first line is not the header of labelled payments"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with Dataset(write(tmp_path / "a.csv")) as dataset, pytest.raises(DatasetInvalid):
        list(dataset)


def test_a_line_with_a_column_too_few_is_refused_by_its_number_and_without_its_values(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADER, LINE, LINE.removesuffix(",0,") + ",0")

    with Dataset(path) as dataset, pytest.raises(DatasetInvalid) as refusal:
        list(dataset)

    assert str(refusal.value) == "line 3 has 26 columns, not 27"


@pytest.mark.parametrize(
    "content",
    [
        b"\x1f\x8bnot gzip at all",
        gzip.compress(HEADER.encode() * 50, mtime=0)[:40],
        gzip.compress(b"\xff\xfe\xff", mtime=0),
    ],
    ids=["no archive", "cut archive", "not UTF-8"],
)
def test_a_damaged_archive_is_refused_without_its_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)

    with Dataset(path) as dataset, pytest.raises(DatasetInvalid, match=r"^it is no CSV in UTF-8, or a damaged archive"):
        list(dataset)


@pytest.mark.parametrize(("label", "truth"), [("1", Truth.FRAUD), ("0", Truth.GOOD), ("", Truth.UNKNOWN)])
def test_the_label_is_the_truth(label: str, truth: Truth) -> None:
    assert make_row(label=label).truth is truth
