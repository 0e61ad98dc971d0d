"""Lists of an organization, with what they hold. Every row says whose it is."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Organization
from accounts.types import Module
from core.actor import Actor, Scope, make_system_actor
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from feeds.models import Feed, FeedVersion
from feeds.services.add_feed import add_feed
from feeds.services.load_version import load_version
from feeds.services.receive_version import receive_version
from feeds.types import FeedKind, NewFeed, VersionState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MODULES = frozenset(Module)
URL = "https://lists.example.com/bad.netset"


def make_actor(organization: Organization, environment: Environment = Environment.SANDBOX) -> Actor:
    return make_system_actor(organization_id=organization.id, environment=environment, name="test")


def make_feed(organization: Organization, *, environment: Environment = Environment.SANDBOX, **fields: Any) -> Feed:
    """Subscribe to a threat list, without a URL unless one is given."""
    given: dict[str, Any] = {"kind": FeedKind.IP_THREAT, "title": "Lista de prueba"}
    with unit_of_work():
        feed_id, _ = add_feed(
            actor=make_actor(organization, environment), feed=NewFeed(**(given | fields)), modules=MODULES, now=NOW
        )
    return Feed.unscoped.get(id=feed_id)


def make_url() -> str:
    """Return an address that no list has yet."""
    return f"https://lists.example.com/{uuid.uuid4().hex}"


def make_row(organization: Organization, **fields: Any) -> Feed:
    """Insert a list as it stands with one version in force, without asking any service."""
    given: dict[str, Any] = {
        "environment": Environment.SANDBOX,
        "code": f"lista-{uuid.uuid4().hex[:8]}",
        "kind": FeedKind.IP_THREAT.value,
        "title": "Lista de prueba",
        "version": 1,
        "as_of": NOW.date(),
        "entries": 1,
        "confirmed_at": NOW,
        "created_at": NOW,
    }
    return Feed.objects.create(organization_id=organization.id, **(given | fields))


def make_version_row(feed: Feed, **fields: Any) -> FeedVersion:
    """Insert a version of the list that waits for a person."""
    given: dict[str, Any] = {
        "number": 2,
        "state": VersionState.TO_REVIEW.value,
        "review_reason": "shrunk",
        "as_of": NOW.date(),
        "fetched_at": NOW,
        "sha256": "0" * 64,
        "size": 12,
        "content": b"",
        "entries": 1,
        "added": 0,
        "removed": 3,
    }
    scope = Scope(organization_id=feed.organization_id, environment=Environment(feed.environment))
    return FeedVersion.objects.create(**scope, feed_id=feed.id, **(given | fields))


def receive(feed: Feed, content: str | bytes, *, now: datetime = NOW, as_of: date | None = None) -> FeedVersion | None:
    """Take in the file; a worker has not read it yet."""
    actor = _actor_of(feed)
    raw = content if isinstance(content, bytes) else content.encode()
    with unit_of_work():
        version_id = receive_version(
            actor=actor, feed_id=feed.id, content=raw, as_of=as_of or now.date(), is_fetched=bool(feed.url), now=now
        )
    return FeedVersion.unscoped.get(id=version_id) if version_id else None


def load(version: FeedVersion, *, now: datetime = NOW) -> FeedVersion:
    """Read the version as the worker does."""
    with unit_of_work():
        load_version(actor=_actor_of(version), version_id=version.id, now=now)
    version.refresh_from_db()
    return version


def fill(feed: Feed, *entries: str, now: datetime = NOW) -> FeedVersion:
    """Receive and read a file of these lines."""
    version = receive(feed, "\n".join(entries), now=now)
    assert version is not None
    return load(version, now=now)


def kinds_of(organization: Organization) -> list[str]:
    """Return what was told of lists, in order."""
    rows = Event.unscoped.filter(organization_id=organization.id, kind__startswith="feed.")
    return list(rows.order_by("id").values_list("kind", flat=True))


def _actor_of(row: Feed | FeedVersion) -> Actor:
    return make_system_actor(organization_id=row.organization_id, environment=Environment(row.environment), name="test")
