"""An export as an auditor gets it: a file, and nothing to ask."""

import json

import pytest

from events.rules.chain import extend_chain
from events.rules.exports import ExportVerifier, UnreadableLine, encode_line, parse_line
from events.rules.heads import encode_public_key, sign_head
from events.types import EMPTY_CHAIN_HASH, ChainTip, SignedHead
from tests.events.trail import ORGANIZATION, SEED, make_content

KEY = encode_public_key(SEED)


def _make_export(length: int = 4, seed: bytes = SEED) -> list[bytes]:
    contents = [make_content(number) for number in range(1, length + 1)]
    tip = ChainTip(0, EMPTY_CHAIN_HASH, None)
    lines = list(extend_chain(tip=tip, organization=ORGANIZATION, events=contents, sealed_at="now"))
    end = ChainTip(length, lines[-1].hash if lines else EMPTY_CHAIN_HASH, None)
    head = sign_head(organization=ORGANIZATION, tip=end, seed=seed)
    return [*map(encode_line, lines), encode_line(head)]


def _verify(lines: list[bytes], *heads: SignedHead) -> list[str]:
    verifier = ExportVerifier(trusted_keys=[KEY], heads=[signed.head for signed in heads])
    problems = [str(problem) for raw in lines for problem in verifier.check(raw)]
    return problems + [str(problem) for problem in verifier.finish()]


@pytest.mark.parametrize("length", [0, 1, 4])
def test_an_export_left_alone_has_no_problem(length: int) -> None:
    assert _verify(_make_export(length)) == []


def test_a_line_says_the_same_after_it_was_written_and_read() -> None:
    for raw in _make_export():
        assert encode_line(parse_line(raw)) == raw


def test_an_altered_payload_is_found() -> None:
    lines = _make_export()
    lines[1] = lines[1].replace(b'"payload":{"number":2}', b'"payload":{"number":3}')
    assert _verify(lines) == ["sequence 2: the event 00000000-0000-0000-0000-000000000002 was altered"]


def test_a_line_taken_out_is_found() -> None:
    lines = _make_export()
    del lines[1]
    assert _verify(lines) == ["sequence 2: missing: the next row is 3"]


def test_lines_in_another_order_are_found() -> None:
    lines = _make_export()
    lines[1], lines[2] = lines[2], lines[1]
    assert _verify(lines) == ["sequence 2: missing: the next row is 3", "sequence 2: out of order: 4 was to come"]


def test_a_tail_cut_off_before_the_head_is_found() -> None:
    lines = _make_export()
    del lines[2:4]
    assert _verify(lines) == ["sequence 4: the rows end at 2, the head says 4: cut off"]


def test_a_tail_cut_off_with_the_head_is_found() -> None:
    assert _verify(_make_export()[:2]) == ["the export ends without a signed head: it was cut off"]


def test_a_shorter_export_with_its_own_head_shows_against_an_earlier_head() -> None:
    earlier = parse_line(_make_export()[-1])
    assert isinstance(earlier, SignedHead)
    reason = "the chain ends at 2, a signed head says 4: its tail was cut off"
    assert _verify(_make_export(2), earlier) == [f"sequence 4: {reason}"]


def test_an_earlier_head_of_another_organization_is_no_proof() -> None:
    other = sign_head(organization="other", tip=ChainTip(4, "ab" * 32, None), seed=SEED)
    assert _verify(_make_export(), other) == [
        "an earlier head is another organization's: it says nothing about this export"
    ]


def test_a_head_forged_for_a_rewritten_export_is_found() -> None:
    reason = "the head is forged: signed with a key that is not trusted"
    assert _verify(_make_export(seed=b"x" * 32)) == [f"sequence 4: {reason}"]


def test_rows_that_no_signature_covers_are_found() -> None:
    lines = [*_make_export()[:4], _make_export(3)[-1]]
    assert _verify(lines) == ["sequence 3: the rows go on to 4, which no signature covers"]


def test_the_head_of_other_rows_is_found() -> None:
    lines = _make_export()
    event = json.loads(lines[3])["event"] | {"kind": "forged"}
    tip = ChainTip(3, json.loads(lines[2])["hash"], None)
    (forged,) = extend_chain(tip=tip, organization=ORGANIZATION, events=[event], sealed_at="now")
    assert _verify([*lines[:3], encode_line(forged), lines[4]]) == [
        "sequence 4: the head has another hash than the last row"
    ]


def test_what_stands_after_the_head_is_found() -> None:
    lines = _make_export()
    assert _verify([*lines, lines[0]]) == ["line 6: it stands after the signed head"]


def test_the_head_of_another_organization_is_found() -> None:
    other = encode_line(sign_head(organization="other", tip=ChainTip(4, "ab" * 32, None), seed=SEED))
    assert _verify([*_make_export()[:4], other]) == ["sequence 4: the head is another organization's"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"{",
        b"[]",
        b"1",
        b'{"event":{},"event":{}}',
        b'{"event": null}',
        b'{"a":NaN}',
        b"\xff",
        b"[" * 100_000,
        b'{"head":{}}',
    ],
)
def test_what_is_no_line_of_an_export_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(UnreadableLine):
        parse_line(raw)


def test_a_member_that_no_hash_covers_cannot_be_smuggled_in() -> None:
    tree = json.loads(_make_export()[0]) | {"note": "approved by the auditor"}
    with pytest.raises(UnreadableLine):
        parse_line(json.dumps(tree, sort_keys=True, separators=(",", ":")).encode())


def test_a_line_that_is_not_canonical_is_named_by_its_number() -> None:
    lines = _make_export()
    lines[1] = json.dumps(json.loads(lines[1])).encode() + b"\n"
    assert _verify(lines) == ["line 2: not a line of an export", "sequence 2: missing: the next row is 3"]
