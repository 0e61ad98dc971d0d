"""The hash chain: each seal covers its event's hash and the seal before it (docs/audit-trail.md)."""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from events.rules.canonical_json import encode_canonical
from events.types import SEAL_FORMAT, ChainTip, EventContent, SealContent, SealedLine


def hash_event(event: EventContent) -> str:
    """Return the SHA-256 of an event's canonical JSON, in hexadecimal."""
    return hashlib.sha256(encode_canonical(event)).hexdigest()


def hash_seal(seal: SealContent) -> str:
    """Return the SHA-256 of a seal's canonical JSON, in hexadecimal."""
    return hashlib.sha256(encode_canonical(msgspec.structs.asdict(seal))).hexdigest()


def extend_chain(
    *, tip: ChainTip, organization: str, events: Iterable[EventContent], sealed_at: str
) -> Iterator[SealedLine]:
    """Yield the lines that follow `tip`, one for each event in the order given."""
    sequence, previous = tip.sequence, tip.hash
    for event in events:
        sequence += 1
        seal = SealContent(
            event_id=event["id"],
            format=SEAL_FORMAT,
            organization=organization,
            payload_hash=hash_event(event),
            previous_hash=previous,
            sealed_at=sealed_at,
            sequence=sequence,
        )
        previous = hash_seal(seal)
        yield SealedLine(event=event, hash=previous, seal=seal)
