"""What of an event is sealed, spelt as canonical JSON takes it."""

import uuid
from datetime import UTC, datetime

from events.rules.canonical_json import read_stored
from events.types import EventContent

type EventRow = tuple[
    uuid.UUID, uuid.UUID, str, str, str, uuid.UUID | None, str, str, str, str, bytes | None, datetime, int
]
"""id, organization, environment, kind, actor kind, actor id, actor name, subject type, subject id, payload (the text of
its JSON), personal digest, created at, xid."""


def make_event_content(row: EventRow) -> EventContent:
    """Return the members of an event that its payload hash covers: all of them."""
    return {
        "id": str(row[0]),
        "organization": str(row[1]),
        "environment": row[2],
        "kind": row[3],
        "actor_kind": row[4],
        "actor_id": None if row[5] is None else str(row[5]),
        "actor_name": row[6],
        "subject_type": row[7],
        "subject_id": row[8],
        "payload": read_stored(row[9]),
        "personal_digest": None if row[10] is None else bytes(row[10]).hex(),
        "created_at": format_moment(row[11]),
        "xid": str(row[12]),
    }


def format_moment(moment: datetime) -> str:
    """Return `2026-11-22T18:57:51.000123Z`: RFC 3339 in UTC, always with six decimals."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
