"""Lists as they are published."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.rules.parsing import LONGEST_LINE, Tally, read_entries
from feeds.rules.refusal import Refusal
from feeds.rules.values import list_forms
from feeds.types import FeedKind

NETSET = """#
# firehol_level1
# Category        : attacks
#
203.0.113.0/24
198.51.100.7   # a comment behind

10.0.0.0/8
0.0.0.0/0
"""


def read(text: str, kind: FeedKind = FeedKind.IP_THREAT) -> tuple[list[str], Tally]:
    tally = Tally()
    return list(read_entries(text.splitlines(), kind=kind, tally=tally)), tally


def test_a_netset_with_comments_gives_its_networks_and_counts_what_is_refused() -> None:
    entries, tally = read(NETSET)
    assert entries == ["203.0.113.0/24", "198.51.100.7/32"]
    assert (tally.taken, dict(tally.refused)) == (2, {Refusal.INTERNAL: 1, Refusal.TOO_WIDE: 1})
    assert not tally.is_mostly_unreadable


def test_spamhaus_notes_behind_a_semicolon_are_left_out() -> None:
    assert read("; Spamhaus DROP List\n203.0.113.0/24 ; SBL1\n")[0] == ["203.0.113.0/24"]


@pytest.mark.parametrize(
    "text",
    [
        "ip,hits\n203.0.113.7,12\n",
        '"ip";"hits"\n"203.0.113.7";"12"\n',
        "ip_address\thits\r\n203.0.113.7\t12\r\n",
        "203.0.113.7 12\n",
        "  203.0.113.7  \n",
    ],
)
def test_the_first_column_counts_and_a_heading_does_not(text: str) -> None:
    entries, tally = read(text)
    assert (entries, tally.lines) == (["203.0.113.7/32"], 1)


@pytest.mark.parametrize(
    ("kind", "text", "entries"),
    [
        (FeedKind.DISPOSABLE_DOMAIN, "Mailinator.COM\n*.throw.example.org\n@x.example\ncom\n", ["mailinator.com", "throw.example.org", "x.example"]),
        (FeedKind.SUSPICIOUS_TLD, ".xyz\nTOP\n*.click\na.b\n", ["xyz", "top", "click"]),
        (FeedKind.RISK_COUNTRY, "country\nir\nKP\nQQ\n", ["IR", "KP"]),
        (FeedKind.GENERIC_INITIATOR, "Admin-01\nbatch@bank.example\n---\n", ["admin", "batch"]),
    ],
)  # fmt: skip
def test_each_kind_reads_its_own_values(kind: FeedKind, text: str, entries: list[str]) -> None:
    assert read(text, kind)[0] == entries


def test_a_page_of_the_web_is_mostly_unreadable() -> None:
    assert read("<p>Not found</p>\n<a href='/'>home</a>\n203.0.113.7\n")[1].is_mostly_unreadable


@pytest.mark.parametrize("kind", FeedKind)
@pytest.mark.parametrize("line", ["1" * 5_000_000, "MX," + "x" * LONGEST_LINE, "#" * (LONGEST_LINE + 1)])
def test_a_line_that_is_too_long_is_refused_unread_whatever_it_begins_with(kind: FeedKind, line: str) -> None:
    entries, tally = read(line, kind)
    assert (entries, dict(tally.refused)) == ([], {Refusal.UNREADABLE: 1})


def measure_blanks(length: int) -> float:
    """Return the least CPU time in which 200,000 blanks are read, in lines of that length."""
    lines = ["MX" + " " * (length - 3) + "x"] * (200_000 // length)
    took = []
    for _ in range(3):
        begun = time.process_time()
        assert len(list(read_entries(lines, kind=FeedKind.RISK_COUNTRY, tally=Tally()))) == len(lines)
        took.append(time.process_time() - begun)
    return min(took)


def test_long_lines_of_blanks_take_as_long_as_short_ones_of_the_same_size() -> None:
    assert measure_blanks(LONGEST_LINE) < 3 * measure_blanks(LONGEST_LINE // 10)


@settings(deadline=None)  # the first domain reads the list of public suffixes
@given(st.lists(st.text(max_size=40), max_size=30))
def test_any_text_is_read_or_counted_and_never_fails(lines: list[str]) -> None:
    for kind in FeedKind:
        tally = Tally()
        entries = list(read_entries(lines, kind=kind, tally=tally))
        assert tally.taken == len(entries)
        assert tally.lines <= len(lines)
        assert all("\x1f" not in entry and "\n" not in entry and "\\" not in entry for entry in entries)


def test_an_address_is_searched_in_its_networks_and_a_domain_under_the_one_above_it() -> None:
    assert list_forms(FeedKind.IP_THREAT, " 203.0.113.7 ")[:2] == ("203.0.113.7/32", "203.0.113.6/31")
    assert list_forms(FeedKind.IP_THREAT, "203.0.113.7/24") == ("203.0.113.0/24",)
    assert list_forms(FeedKind.DISPOSABLE_DOMAIN, "a.throw.com") == ("a.throw.com", "throw.com")
    assert list_forms(FeedKind.RISK_COUNTRY, "mx") == ("MX",)
