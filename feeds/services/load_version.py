"""Reading a version that was received: into force when it is plausible, before a person when it is not."""

import uuid
from datetime import UTC, datetime, time

from core.actor import Actor
from core.unit_of_work import service
from feeds.loading import Difference, TooManyEntries, compare, copy_aside, put_in_force
from feeds.models import Feed, FeedVersion
from feeds.queries import lock_feed
from feeds.rules.parsing import Tally
from feeds.rules.refreshing import decide_review
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.types import TOO_MANY_ENTRIES, FeedKind, ReviewReason, VersionState


@service
def load_version(*, actor: Actor, version_id: uuid.UUID, now: datetime) -> VersionState | None:
    """Read the version that waits and return what became of it; None when it waits no more.

    One that a person approved comes into force whatever it holds, but never after a later one. Harmless when repeated.
    """
    waiting = FeedVersion.objects.for_organization(**actor.scope).filter(id=version_id, state=VersionState.WAITING)
    feed_id = waiting.values_list("feed_id", flat=True).first()
    if feed_id is None:
        return None
    feed = lock_feed(**actor.scope, id=feed_id)
    version = waiting.select_for_update(of=("self",)).first()
    if version is None:
        return None
    if version.number < (feed.version or 0):
        return _end(version, VersionState.SUPERSEDED)
    tally = Tally()
    try:
        copy_aside(bytes(version.content or b""), kind=FeedKind(feed.kind), tally=tally)
    except TooManyEntries:
        return _discard(actor, feed, version, now)
    difference = compare(feed)
    _note(version, difference, tally)
    reason = None if version.is_approved else _decide(feed, difference, tally)
    return _hold(actor, feed, version, reason, now) if reason else _take(actor, feed, version, now)


def _decide(feed: Feed, difference: Difference, tally: Tally) -> ReviewReason | None:
    return decide_review(
        entries=difference.entries,
        before=feed.entries,
        is_mostly_unreadable=tally.is_mostly_unreadable,
        breadth=difference.breadth,
    )


def _note(version: FeedVersion, difference: Difference, tally: Tally) -> None:
    version.entries, version.added, version.removed = difference.entries, difference.added, difference.removed
    version.sample = {"added": difference.sample_added, "removed": difference.sample_removed}
    version.refused = {refusal.value: number for refusal, number in sorted(tally.refused.items())}


def _hold(actor: Actor, feed: Feed, version: FeedVersion, reason: ReviewReason, now: datetime) -> VersionState:
    version.state, version.review_reason = VersionState.TO_REVIEW.value, reason.value
    version.save(update_fields=["state", "review_reason", "entries", "added", "removed", "sample", "refused"])
    said = {"version": version.number, "reason": reason.value, "entries": version.entries, "removed": version.removed}
    record_feed_event(actor=actor, event=FeedEvent.HELD, code=feed.code, payload=said, now=now)
    return VersionState.TO_REVIEW


def _take(actor: Actor, feed: Feed, version: FeedVersion, now: datetime) -> VersionState:
    put_in_force(feed, actor=actor, number=version.number)
    supersede(actor, version)
    version.state, version.content = VersionState.IN_FORCE.value, None
    version.save(update_fields=["state", "content", "entries", "added", "removed", "sample", "refused"])
    feed.version, feed.as_of, feed.sha256 = version.number, version.as_of, version.sha256
    feed.entries = version.entries or 0
    feed.confirmed_at = now if feed.url else datetime.combine(version.as_of, time(), UTC)
    feed.stale_told_at = None
    if feed.failure == TOO_MANY_ENTRIES:
        feed.failure, feed.failed_at = "", None
    feed.save(
        update_fields=["version", "as_of", "sha256", "entries", "confirmed_at", "stale_told_at", "failure", "failed_at"]
    )
    said = {"version": version.number, "entries": version.entries, "added": version.added, "removed": version.removed}
    record_feed_event(actor=actor, event=FeedEvent.REFRESHED, code=feed.code, payload=said, now=now)
    return VersionState.IN_FORCE


def supersede(actor: Actor, version: FeedVersion) -> None:
    """End the versions before this one, those that nobody reviewed too: their files are not kept."""
    before = FeedVersion.objects.for_organization(**actor.scope).filter(
        feed_id=version.feed_id, number__lt=version.number, state__in=(VersionState.IN_FORCE, VersionState.TO_REVIEW)
    )
    before.update(state=VersionState.SUPERSEDED.value, content=None)


def _end(version: FeedVersion, state: VersionState) -> VersionState:
    version.state, version.content = state.value, None
    version.save(update_fields=["state", "content"])
    return state


def _discard(actor: Actor, feed: Feed, version: FeedVersion, now: datetime) -> VersionState:
    feed.failure, feed.failed_at = TOO_MANY_ENTRIES, now
    feed.save(update_fields=["failure", "failed_at"])
    said = {"version": version.number, "reason": TOO_MANY_ENTRIES}
    record_feed_event(actor=actor, event=FeedEvent.DISCARDED, code=feed.code, payload=said, now=now)
    return _end(version, VersionState.DISCARDED)
