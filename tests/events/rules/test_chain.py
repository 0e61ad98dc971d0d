import hashlib
import json

import msgspec

from events.rules.chain import extend_chain
from events.types import EMPTY_CHAIN_HASH, ChainTip
from tests.events.trail import ORGANIZATION, make_content


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_each_row_covers_its_event_and_the_row_before_it() -> None:
    contents = [make_content(1), make_content(2)]
    tip = ChainTip(0, EMPTY_CHAIN_HASH, None)
    first, second = extend_chain(tip=tip, organization=ORGANIZATION, events=contents, sealed_at="now")
    assert msgspec.structs.asdict(first.seal) == {
        "event_id": contents[0]["id"],
        "format": 1,
        "organization": ORGANIZATION,
        "payload_hash": _digest(contents[0]),
        "previous_hash": "0" * 64,
        "sealed_at": "now",
        "sequence": 1,
    }
    assert first.hash == _digest(msgspec.structs.asdict(first.seal))
    assert (second.seal.sequence, second.seal.previous_hash) == (2, first.hash)
    assert second.hash == _digest(msgspec.structs.asdict(second.seal))


def test_a_chain_goes_on_from_its_tip() -> None:
    tip = ChainTip(41, "ab" * 32, "then")
    (line,) = extend_chain(tip=tip, organization=ORGANIZATION, events=[make_content(1)], sealed_at="now")
    assert (line.seal.sequence, line.seal.previous_hash) == (42, "ab" * 32)
