"""Checks a chain row by row, in flat memory: what was altered, what is missing, what was cut off."""

from collections.abc import Iterable, Iterator

from events.rules.chain import hash_event, hash_seal
from events.types import EMPTY_CHAIN_HASH, SEAL_FORMAT, HeadContent, Problem, SealedLine


class ChainVerifier:
    """Is shown the rows of one organization's chain in their order, and the heads it is known to have had."""

    def __init__(self, *, organization: str, heads: Iterable[HeadContent] = ()) -> None:
        self.organization = organization
        self.count = 0
        self.sequence = 0
        self.hash = EMPTY_CHAIN_HASH
        self._heads = sorted((head for head in heads if head.organization == organization), key=_get_sequence)

    def check(self, line: SealedLine) -> Iterator[Problem]:
        """Yield what is wrong with the next row."""
        yield from self._check_place(line)
        yield from self._check_seal(line)
        yield from self._check_event(line)
        self.count += 1
        if line.seal.sequence > self.sequence:
            self.sequence, self.hash = line.seal.sequence, line.hash
        yield from self._check_heads()

    def finish(self) -> Iterator[Problem]:
        """Yield what only the end of the chain can tell: a head further on than the last row."""
        yield from self._check_heads()
        for head in self._heads:
            reason = f"the chain ends at {self.sequence}, a signed head says {head.sequence}: its tail was cut off"
            yield Problem(head.sequence, reason)

    def _check_place(self, line: SealedLine) -> Iterator[Problem]:
        expected, found = self.sequence + 1, line.seal.sequence
        if found > expected:
            last = f" to {found - 1}" if found - 1 > expected else ""
            yield Problem(expected, f"missing{last}: the next row is {found}")
        elif found < expected:
            yield Problem(found, f"out of order: {expected} was to come")
        elif line.seal.previous_hash != self.hash:
            yield Problem(found, "does not follow the row before it")

    def _check_seal(self, line: SealedLine) -> Iterator[Problem]:
        if line.seal.format != SEAL_FORMAT:
            yield Problem(line.seal.sequence, "the seal is of an unknown format")
        if line.seal.organization != self.organization:
            yield Problem(line.seal.sequence, "the seal is another organization's")
        if hash_seal(line.seal) != line.hash:
            yield Problem(line.seal.sequence, "the seal was altered")

    def _check_event(self, line: SealedLine) -> Iterator[Problem]:
        if line.event is None:
            yield Problem(line.seal.sequence, f"the event {line.seal.event_id} is missing")
        elif hash_event(line.event) != line.seal.payload_hash:
            yield Problem(line.seal.sequence, f"the event {line.seal.event_id} was altered")
        elif (line.event.get("id"), line.event.get("organization")) != (line.seal.event_id, self.organization):
            yield Problem(line.seal.sequence, "the seal names another event than it covers")

    def _check_heads(self) -> Iterator[Problem]:
        while self._heads and self._heads[0].sequence <= self.sequence:
            head = self._heads.pop(0)
            if head.sequence == self.sequence and head.hash != self.hash:
                yield Problem(head.sequence, "the chain was rewritten: a signed head has another hash here")


def _get_sequence(head: HeadContent) -> int:
    return head.sequence
