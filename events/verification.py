"""Verifies a chain where it lies, in the database, and with it what no export holds: the rest of the event table."""

import hmac
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from events.queries import (
    LARGEST_SEQUENCE,
    SMALLEST_SEQUENCE,
    StoredLine,
    count_unsealed,
    stream_sealed_lines,
)
from events.rules.canonical_json import read_stored
from events.rules.personal_data import digest_personal_data
from events.rules.verification import ChainVerifier
from events.types import HeadContent, Problem

HORIZON = timedelta(minutes=5)
"""An event older than this is sealed, unless a transaction as old still runs; the sealer's beat is seconds."""
SHOWN = 20


class DatabaseVerifier:
    """Verifies one organization's chain; the counts stand once `verify` has been read to its end."""

    def __init__(self, *, organization_id: uuid.UUID, heads: Iterable[HeadContent] = ()) -> None:
        self.organization_id = organization_id
        self.chain = ChainVerifier(organization=str(organization_id), heads=heads)
        self.erased = 0
        self.waiting = 0

    def verify(self, *, now: datetime) -> Iterator[Problem]:
        """Yield what is wrong, row by row, and then what has no row."""
        yield from self.verify_rows()
        yield from self.finish(now=now)

    def verify_rows(self, *, after: int = SMALLEST_SEQUENCE, until: int = LARGEST_SEQUENCE) -> Iterator[Problem]:
        """Yield what is wrong with the rows of a part of the chain."""
        for stored in stream_sealed_lines(organization_id=self.organization_id, after=after, until=until):
            yield from self.chain.check(stored.line)
            yield from self._check_personal_data(stored)

    def finish(self, *, now: datetime) -> Iterator[Problem]:
        """Yield what only the end tells: heads that go further, events without a row."""
        yield from self.chain.finish()
        yield from self._check_unsealed(now)

    def _check_personal_data(self, stored: StoredLine) -> Iterator[Problem]:
        digest = stored.line.event["personal_digest"] if stored.line.event else None
        if stored.personal is None:
            self.erased += digest is not None
            return
        salt, data = stored.personal
        found = digest_personal_data(salt=salt, data=read_stored(data)).hex()
        if stored.line.event is not None and (digest is None or not hmac.compare_digest(found, digest)):
            yield Problem(stored.line.seal.sequence, "the personal data of the event were altered")

    def _check_unsealed(self, now: datetime) -> Iterator[Problem]:
        unsealed = count_unsealed(organization_id=self.organization_id, horizon=now - HORIZON, shown=SHOWN)
        self.waiting = unsealed.waiting
        for event_id in unsealed.first:
            yield Problem(None, f"the event {event_id} was never sealed")
        if unsealed.overdue > len(unsealed.first):
            yield Problem(None, f"and {unsealed.overdue - len(unsealed.first)} more events were never sealed")
