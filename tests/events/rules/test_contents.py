import uuid
from datetime import UTC, datetime, timedelta, timezone

from events.rules.contents import format_moment, make_event_content

MEXICO = timezone(timedelta(hours=-6))


def test_a_moment_is_written_in_utc_with_six_decimals() -> None:
    assert format_moment(datetime(2026, 11, 22, 12, 0, tzinfo=MEXICO)) == "2026-11-22T18:00:00.000000Z"
    assert format_moment(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


def test_every_column_of_an_event_is_in_its_content() -> None:
    moment = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    row = (
        uuid.UUID(int=1),
        uuid.UUID(int=2),
        "sandbox",
        "key.created",
        "user",
        uuid.UUID(int=3),
        "admin",
        "api_key",
        "clm_1",
        '{"a": 1}',
        b"\x01" * 32,
        moment,
        812,
    )
    assert make_event_content(row) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "organization": "00000000-0000-0000-0000-000000000002",
        "environment": "sandbox",
        "kind": "key.created",
        "actor_kind": "user",
        "actor_id": "00000000-0000-0000-0000-000000000003",
        "actor_name": "admin",
        "subject_type": "api_key",
        "subject_id": "clm_1",
        "payload": {"a": 1},
        "personal_digest": "01" * 32,
        "created_at": "2026-11-22T18:00:00.000000Z",
        "xid": "812",
    }
