"""The chain without a database: whatever is done to its rows, the verifier says where."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.chain import extend_chain, hash_event, hash_seal
from events.rules.verification import ChainVerifier
from events.types import EMPTY_CHAIN_HASH, ChainTip, HeadContent, SealedLine
from tests.events.trail import ORGANIZATION, make_content

LENGTH = 6


def _make_chain(length: int = LENGTH) -> list[SealedLine]:
    contents = [make_content(number) for number in range(1, length + 1)]
    tip = ChainTip(0, EMPTY_CHAIN_HASH, None)
    return list(extend_chain(tip=tip, organization=ORGANIZATION, events=contents, sealed_at="now"))


def _make_head(line: SealedLine, **changes: Any) -> HeadContent:
    head = HeadContent(
        format=1,
        hash=line.hash,
        organization=ORGANIZATION,
        public_key="",
        sealed_at=None,
        sequence=line.seal.sequence,
    )
    return msgspec.structs.replace(head, **changes)


def _verify(lines: list[SealedLine], *heads: HeadContent) -> list[str]:
    verifier = ChainVerifier(organization=ORGANIZATION, heads=heads)
    problems = [str(problem) for line in lines for problem in verifier.check(line)]
    return problems + [str(problem) for problem in verifier.finish()]


def _replace_event(line: SealedLine, **changes: Any) -> SealedLine:
    assert line.event is not None
    return SealedLine(event=line.event | changes, hash=line.hash, seal=line.seal)


def _reseal(line: SealedLine, **changes: Any) -> SealedLine:
    """Do what a forger does who knows the encoding: make the row fit in itself."""
    event = (line.event or {}) | changes
    seal = msgspec.structs.replace(line.seal, payload_hash=hash_event(event))
    return SealedLine(event=event, hash=hash_seal(seal), seal=seal)


@pytest.mark.parametrize("length", [0, 1, LENGTH])
def test_a_chain_left_alone_has_no_problem(length: int) -> None:
    lines = _make_chain(length)
    assert _verify(lines, *map(_make_head, lines)) == []


@given(
    place=st.integers(0, LENGTH - 1),
    member=st.sampled_from(sorted(make_content(1))),
    value=st.none() | st.integers(-5, 5) | st.text(max_size=5),
)
def test_any_altered_member_of_any_event_is_found_at_its_sequence(place: int, member: str, value: object) -> None:
    lines = _make_chain()
    original = lines[place].event
    assert original is not None
    lines[place] = _replace_event(lines[place], **{member: value})
    expected = [] if original[member] == value else [f"sequence {place + 1}: the event {original['id']} was altered"]
    assert _verify(lines) == expected


@pytest.mark.parametrize(
    "change", [{"sealed_at": "then"}, {"event_id": "x"}, {"payload_hash": "f" * 64}, {"previous_hash": "f" * 64}]
)
def test_an_altered_seal_is_found(change: dict[str, Any]) -> None:
    lines = _make_chain()
    lines[2] = msgspec.structs.replace(lines[2], seal=msgspec.structs.replace(lines[2].seal, **change))
    assert "sequence 3: the seal was altered" in _verify(lines)


def test_a_row_of_a_format_that_is_not_known_is_no_proof() -> None:
    lines = _make_chain(1)
    seal = msgspec.structs.replace(lines[0].seal, format=2)
    lines[0] = msgspec.structs.replace(lines[0], seal=seal, hash=hash_seal(seal))
    assert _verify(lines) == ["sequence 1: the seal is of an unknown format"]


@given(place=st.integers(0, LENGTH - 2))
def test_an_event_altered_with_its_seal_does_not_fit_the_next_row(place: int) -> None:
    lines = _make_chain()
    lines[place] = _reseal(lines[place], payload={"forged": True})
    assert _verify(lines) == [f"sequence {place + 2}: does not follow the row before it"]


def test_a_missing_event_is_named() -> None:
    lines = _make_chain()
    lines[1] = msgspec.structs.replace(lines[1], event=None)
    assert _verify(lines) == [f"sequence 2: the event {lines[1].seal.event_id} is missing"]


@given(first=st.integers(0, LENGTH - 2), count=st.integers(1, LENGTH - 1))
def test_rows_taken_out_of_the_middle_are_named(first: int, count: int) -> None:
    lines = _make_chain()
    count = min(count, LENGTH - 1 - first)
    del lines[first : first + count]
    span = f" to {first + count}" if count > 1 else ""
    assert _verify(lines) == [f"sequence {first + 1}: missing{span}: the next row is {first + count + 1}"]


def test_rows_in_another_order_are_found() -> None:
    lines = _make_chain()
    lines[2], lines[3] = lines[3], lines[2]
    assert _verify(lines) == ["sequence 3: missing: the next row is 4", "sequence 3: out of order: 5 was to come"]


def test_a_row_shown_twice_is_found() -> None:
    lines = _make_chain()
    lines.insert(2, lines[1])
    assert _verify(lines) == ["sequence 2: out of order: 3 was to come"]


def test_another_organizations_rows_do_not_pass() -> None:
    problems = [str(problem) for problem in ChainVerifier(organization="another").check(_make_chain()[0])]
    assert problems == [
        "sequence 1: the seal is another organization's",
        "sequence 1: the seal names another event than it covers",
    ]


@given(kept=st.integers(0, LENGTH - 1))
def test_a_tail_that_was_cut_off_shows_against_a_head(kept: int) -> None:
    lines = _make_chain()
    reason = f"the chain ends at {kept}, a signed head says {LENGTH}: its tail was cut off"
    assert _verify(lines[:kept], _make_head(lines[-1])) == [f"sequence {LENGTH}: {reason}"]
    assert _verify(lines[:kept]) == []


def test_a_chain_rewritten_from_some_row_on_shows_against_a_head() -> None:
    lines, contents = _make_chain(), [make_content(number, kind="forged") for number in range(1, LENGTH + 1)]
    tip = ChainTip(0, EMPTY_CHAIN_HASH, None)
    forged = list(extend_chain(tip=tip, organization=ORGANIZATION, events=contents, sealed_at="now"))
    assert _verify(forged) == []
    assert _verify(forged, _make_head(lines[3])) == [
        "sequence 4: the chain was rewritten: a signed head has another hash here"
    ]


def test_another_organizations_head_is_not_compared() -> None:
    lines = _make_chain()
    assert _verify(lines[:2], _make_head(lines[-1], organization="another")) == []
