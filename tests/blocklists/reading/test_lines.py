from hypothesis import given
from hypothesis import strategies as st

from blocklists.reading.lines import MAXIMUM_ROW_BYTES, RawRow, read_rows


class Bytes:
    """A file in memory that is read in pieces of a few bytes."""

    def __init__(self, data: bytes, size: int = 7) -> None:
        self.data, self.size = data, size

    def read(self, offset: int) -> bytes:
        return self.data[offset : offset + self.size]


def _rows(data: bytes, *, size: int = 7, offset: int = 0, line: int = 0, has_quotes: bool = True) -> list[RawRow]:
    return list(read_rows(Bytes(data, size), offset=offset, line=line, has_quotes=has_quotes))


def _say(rows: list[RawRow]) -> list[tuple[bytes, int, int]]:
    return [(row.data, row.line, row.end) for row in rows]


def test_rows_have_their_line_and_the_place_of_the_next() -> None:
    assert _say(_rows(b"one\r\ntwo\n\nfour")) == [(b"one", 1, 5), (b"two", 2, 9), (b"", 3, 10), (b"four", 4, 14)]


def test_a_quoted_cell_may_have_line_ends() -> None:
    assert _say(_rows(b'a,"b\nc"\nd')) == [(b'a,"b\nc"', 1, 8), (b"d", 3, 9)]


def test_quotes_mean_nothing_where_there_are_none() -> None:
    assert _say(_rows(b'a "b\nc', has_quotes=False)) == [(b'a "b', 1, 5), (b"c", 2, 6)]


def test_a_quotation_mark_left_open_costs_its_own_line_only() -> None:
    rows = _rows(b'a,"b\n' + b"c,d\n" * 30)
    assert rows[0].is_open
    assert [row.is_open for row in rows[1:]] == [False] * 30
    assert [row.line for row in rows] == list(range(1, 32))
    assert {row.data for row in rows[1:]} == {b"c,d"}


def test_a_line_of_ten_megabytes_is_one_bad_row_and_the_next_is_read() -> None:
    rows = _rows(b"x" * 10_000_000 + b"\nnext\n", size=1 << 20)
    assert [(row.is_too_long, row.line) for row in rows] == [(True, 1), (False, 2)]
    assert (rows[1].data, rows[1].end) == (b"next", 10_000_006)
    assert len(rows[0].data) <= MAXIMUM_ROW_BYTES


def test_a_file_that_ends_in_a_line_too_long_ends() -> None:
    rows = _rows(b"x" * 200_000, size=1 << 16)
    assert [(row.is_too_long, row.end) for row in rows] == [(True, 200_000)]


@given(st.lists(st.sampled_from([b"a", b'"', b"\n", b"\r\n", b",", b"b,c"])).map(b"".join), st.integers(1, 9))
def test_reading_goes_on_at_any_row_as_if_it_had_not_stopped(data: bytes, size: int) -> None:
    whole = _rows(data, size=size)
    for place, row in enumerate(whole):
        assert _say(_rows(data, size=size, offset=row.end, line=row.last_line)) == _say(whole[place + 1 :])


@given(st.binary(max_size=200), st.integers(1, 50))
def test_every_byte_is_read_once(data: bytes, size: int) -> None:
    ends = [row.end for row in _rows(data, size=size)]
    assert ends == sorted(set(ends))
    assert (ends[-1] if ends else 0) == len(data)
