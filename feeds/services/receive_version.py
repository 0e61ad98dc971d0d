"""Taking in a file of a list, fetched or uploaded; a worker reads it afterwards."""

import hashlib
import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from core.actor import Actor, ActorKind
from core.environments import Environment
from core.ids import make_uuid7
from core.unit_of_work import service
from feeds.loading import pack
from feeds.models import Feed, FeedVersion
from feeds.queries import lock_feed
from feeds.rules.content import require_list
from feeds.rules.refreshing import find_next_refresh
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.services.poke import poke_once
from feeds.types import TOO_MANY_ENTRIES, VersionState

_KNOWN = (VersionState.IN_FORCE, VersionState.TO_REVIEW, VersionState.WAITING)


@service
def receive_version(
    *, actor: Actor, feed_id: uuid.UUID, content: bytes, as_of: date, is_fetched: bool, now: datetime
) -> uuid.UUID | None:
    """Keep the file as a version that waits for the worker and return its id.

    A file that is in force, waits already or is to be reviewed only confirms that: None; so does one that was
    discarded, unless somebody uploads it. Raises FeedNotFound, ContentRefused.
    """
    require_list(content)
    row = lock_feed(**actor.scope, id=feed_id)
    digest = hashlib.sha256(content).hexdigest()
    known = _find_known(row, digest, is_fetched=is_fetched)
    if is_fetched:
        _note_fetch(row, known, now)
    if known is not None:
        _confirm(row, known, now)
        return None
    version = _insert(actor, row, content, digest, as_of, now)
    said = {"version": version.number, "sha256": digest, "size": len(content), "as_of": as_of.isoformat()}
    record_feed_event(actor=actor, event=FeedEvent.RECEIVED, code=row.code, payload=said, now=now)
    poke_once()
    return version.id


def _find_known(row: Feed, digest: str, *, is_fetched: bool) -> FeedVersion | None:
    versions = FeedVersion.objects.for_organization(row.organization_id, Environment(row.environment))
    latest = versions.filter(feed_id=row.id, sha256=digest).defer("content").order_by("-number").first()
    known = (*_KNOWN, VersionState.DISCARDED) if is_fetched else _KNOWN
    return latest if latest is not None and latest.state in known else None


def _note_fetch(row: Feed, known: FeedVersion | None, now: datetime) -> None:
    row.refresh_at = find_next_refresh(now=now, schedule_hours=row.schedule_hours)
    is_still_too_long = known is not None and known.state == VersionState.DISCARDED and known.entries is None
    row.failure, row.failed_at = (TOO_MANY_ENTRIES, now) if is_still_too_long else ("", None)
    row.save(update_fields=["refresh_at", "failure", "failed_at"])


def _confirm(row: Feed, known: FeedVersion, now: datetime) -> None:
    if known.state == VersionState.IN_FORCE:
        row.confirmed_at, row.stale_told_at = now, None
        row.save(update_fields=["confirmed_at", "stale_told_at"])


def _insert(actor: Actor, row: Feed, content: bytes, digest: str, as_of: date, now: datetime) -> FeedVersion:
    versions: Any = FeedVersion.objects.for_organization(**actor.scope).filter(feed_id=row.id)
    return FeedVersion.objects.create(
        **actor.scope,
        id=make_uuid7(at=now),
        feed_id=row.id,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        as_of=as_of,
        fetched_at=now,
        sha256=digest,
        size=len(content),
        content=pack(content),
        created_by_id=actor.id if actor.kind is ActorKind.USER else None,
    )
