"""A person's word on a version that was held."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import service
from feeds.models import FeedVersion
from feeds.queries import VersionNotFound, lock_feed
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.services.poke import poke_once
from feeds.types import VersionState


@service
def review_version(*, actor: Actor, code: str, version_id: uuid.UUID, is_approved: bool, now: datetime) -> bool:
    """Let the worker put the version into force, or discard it, and say whether it still waited for that.

    Raises FeedNotFound, VersionNotFound.
    """
    feed = lock_feed(**actor.scope, code=code)
    rows = FeedVersion.objects.for_organization(**actor.scope).filter(id=version_id, feed_id=feed.id)
    version = rows.select_for_update(of=("self",)).defer("content").first()
    if version is None:
        raise VersionNotFound
    if version.state != VersionState.TO_REVIEW:
        return False
    if is_approved:
        version.state, version.is_approved = VersionState.WAITING.value, True
        version.save(update_fields=["state", "is_approved"])
        poke_once()
    else:
        version.state, version.content = VersionState.DISCARDED.value, None
        version.save(update_fields=["state", "content"])
    event = FeedEvent.APPROVED if is_approved else FeedEvent.DISCARDED
    said = {"version": version.number, "reason": version.review_reason}
    record_feed_event(actor=actor, event=event, code=code, payload=said, now=now)
    return True
