"""What somebody who looks for an entry may have typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.kinds.table import compact
from blocklists.rules.searching import Ends, read_search
from blocklists.types import ListType

CLABE = "646180115000009034"


@pytest.mark.parametrize("typed", [CLABE, "646 180 11500000903 4", "646-180-11500000903-4", " 646180 115000009034 "])
def test_a_whole_account_is_looked_for_at_both_ends_however_it_is_grouped(typed: str) -> None:
    found = read_search(typed, list_types=[ListType.CLABE])
    assert {Ends(CLABE, ""), Ends("", CLABE)} <= set(found.ends)
    assert CLABE in found.anywhere


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("**** 1234", "", "1234"),
        ("•••• •••• 1234", "", "1234"),
        ("646180•••0004", "646180", "0004"),
        ("646 180 *** **** 0004", "646180", "0004"),
        ("646180...0004", "646180", "0004"),
        ("646180…", "646180", ""),
        ("646180 - ** - 0004", "646180", "0004"),
        ("AN***@GMAIL.com", "an", "@gmail.com"),
    ],
)
def test_what_a_mask_leaves_is_how_the_value_begins_and_ends(typed: str, start: str, end: str) -> None:
    assert Ends(start, end) in read_search(typed).ends


def test_a_local_telephone_number_is_looked_for_at_the_end() -> None:
    assert Ends("", "5512345678") in read_search("(55) 1234-5678").ends


@pytest.mark.parametrize("typed", ["4", "*", "***", "%", "•"])
def test_what_tells_nothing_apart_is_looked_for_at_no_end(typed: str) -> None:
    assert read_search(typed).ends == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_and_looked_for_in_the_reason_as_it_is(typed: str) -> None:
    found = read_search(typed)
    assert found.text == typed
    assert all(len(ends.start) >= 2 or len(ends.end) >= 2 for ends in found.ends)
    assert "" not in found.anywhere


@given(st.sampled_from(ListType), st.text(alphabet="aZ09@.+:/", min_size=2, max_size=40))
def test_a_value_is_found_by_the_form_in_which_its_type_keeps_it(list_type: ListType, value: str) -> None:
    kept = compact(list_type, value).lower()
    assert not kept or kept in read_search(value).anywhere
