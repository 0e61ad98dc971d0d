"""Lists by numbered pages."""

from urllib.parse import quote

import pytest
from django.http import QueryDict

from core.web.paging import read_page

ROWS = list(range(120))


def _fetch(limit: int, offset: int) -> tuple[list[int], int]:
    return ROWS[offset : offset + limit], len(ROWS)


@pytest.mark.parametrize("word", ["", "0", "-1", "x", "1.5", "99999", "999999", "9" * 400, "²", "\u0661", "4"])
def test_a_page_that_is_none_is_the_first(word: str) -> None:
    rows, foot = read_page(QueryDict(f"page={quote(word)}"), _fetch)
    assert list(rows) == ROWS[:50]
    assert (foot["former"], foot["next"]) == ("", "?page=2")


def test_the_last_page_leads_back_with_what_was_asked() -> None:
    rows, foot = read_page(QueryDict("page=3"), _fetch, kept={"search": "a&b=ñ"})
    assert list(rows) == ROWS[100:]
    assert foot == {
        "range": "101 a 120 de 120",
        "is_needed": True,
        "former": "?search=a%26b%3D%C3%B1&page=2",
        "next": "",
    }


def test_one_page_needs_no_foot() -> None:
    rows, foot = read_page(QueryDict(""), lambda limit, offset: (ROWS[:3], 3))
    assert (list(rows), foot["is_needed"], foot["next"]) == ([0, 1, 2], False, "")


def test_a_total_that_was_cut_is_told_as_more_and_has_no_page_beyond() -> None:
    rows, foot = read_page(QueryDict("page=2"), lambda limit, offset: (ROWS[offset : offset + limit], 101), most=100)
    assert (list(rows), foot["range"], foot["next"]) == (ROWS[50:100], "51 a 100 de más de 100", "")
    first, foot = read_page(QueryDict("page=3"), lambda limit, offset: (ROWS[offset : offset + limit], 101), most=100)
    assert (list(first), foot["next"]) == (ROWS[:50], "?page=2")


def test_a_total_under_the_cut_is_told_exactly() -> None:
    _rows, foot = read_page(QueryDict(""), lambda limit, offset: (ROWS[:50], 1000), most=1000)
    assert foot["range"] == "1 a 50 de 1,000"
