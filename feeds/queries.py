"""Reads of lists from outside, own and Clausum's together."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Value

from accounts.types import Module
from core.environments import Environment
from core.errors import NotFound
from feeds.builtin.lists import BUILTIN_BY_CODE, BUILTIN_FEEDS, BuiltinFeed
from feeds.models import Feed, FeedEntry, FeedHit, FeedVersion, MutedFeed
from feeds.rules.refreshing import decide_health, is_stale
from feeds.rules.values import list_forms
from feeds.types import FeedFacts, FeedHealth, FeedKind, ReviewReason, ValueFacts, VersionFacts, VersionState

HITS_OVER = timedelta(days=30)
MAXIMUM_FEEDS = 50
"""Of an organization in one environment: each is a look-up of every payment."""
SHOWN_VERSIONS = 50


class FeedNotFound(NotFound):
    message = "There is no such list."


class VersionNotFound(NotFound):
    message = "There is no such version of the list."


def list_feeds(
    *, organization_id: uuid.UUID, environment: Environment, modules: Iterable[Module], now: datetime
) -> list[FeedFacts]:
    """Return the organization's lists by title, then Clausum's, with what they met in the last 30 days."""
    rows = list(Feed.objects.for_organization(organization_id, environment).order_by("title", "code"))
    muted = set(MutedFeed.objects.for_organization(organization_id, environment).values_list("code", flat=True))
    hits = _count_hits(organization_id, environment, now=now)
    latest = _find_latest_versions(organization_id, environment)
    contracted = frozenset(modules)
    own = [_make_facts(row, latest.get(row.id, ()), hits.get(row.code, 0), contracted, now) for row in rows]
    builtin = [_make_builtin_facts(feed, feed.code not in muted, hits.get(feed.code, 0), now) for feed in BUILTIN_FEEDS]
    return own + builtin


def get_feed(
    *, organization_id: uuid.UUID, environment: Environment, modules: Iterable[Module], code: str, now: datetime
) -> FeedFacts:
    """Return one list. Raises FeedNotFound."""
    scope = {"organization_id": organization_id, "environment": environment}
    found = [feed for feed in list_feeds(**scope, modules=modules, now=now) if feed.code == code]  # type: ignore[arg-type]
    if not found:
        raise FeedNotFound
    return found[0]


def _count_hits(organization_id: uuid.UUID, environment: Environment, *, now: datetime) -> dict[str, int]:
    rows = FeedHit.objects.for_organization(organization_id, environment).filter(hit_at__gt=now - HITS_OVER)
    return dict(rows.values_list("code").annotate(count=Count("*")))


def _find_latest_versions(
    organization_id: uuid.UUID, environment: Environment
) -> Mapping[uuid.UUID, tuple[FeedVersion, ...]]:
    """Return by list its version in force and those that wait for a worker or for a person."""
    rows = FeedVersion.objects.for_organization(organization_id, environment).defer("content", "sample")
    wanted = (VersionState.IN_FORCE, VersionState.TO_REVIEW, VersionState.WAITING)
    found: dict[uuid.UUID, tuple[FeedVersion, ...]] = {}
    for row in rows.filter(state__in=wanted).order_by("number"):
        found[row.feed_id] = (*found.get(row.feed_id, ()), row)
    return found


def _make_facts(
    row: Feed, versions: Iterable[FeedVersion], hits: int, contracted: frozenset[Module], now: datetime
) -> FeedFacts:
    by_state = {VersionState(version.state): version for version in versions}
    current = by_state.get(VersionState.IN_FORCE)
    return FeedFacts(
        id=row.id,
        code=row.code,
        kind=FeedKind(row.kind),
        title=row.title,
        source=row.source,
        url=row.url,
        licence=row.licence,
        is_builtin=False,
        is_active=row.is_active,
        is_locked=is_locked(FeedKind(row.kind), contracted),
        health=_decide_own_health(row, by_state, now),
        version=row.version,
        as_of=row.as_of,
        sha256=row.sha256,
        entries=row.entries,
        added=current.added if current else None,
        removed=current.removed if current else None,
        hits_30d=hits,
        schedule_hours=row.schedule_hours,
        stale_after_days=row.stale_after_days,
        confirmed_at=row.confirmed_at,
        refresh_at=row.refresh_at,
        failure=row.failure,
        failed_at=row.failed_at,
    )


def _decide_own_health(row: Feed, by_state: Mapping[VersionState, FeedVersion], now: datetime) -> FeedHealth:
    return decide_health(
        is_waiting=VersionState.WAITING in by_state or row.version is None,
        is_to_review=VersionState.TO_REVIEW in by_state,
        has_failed=bool(row.failure),
        is_old=is_stale(confirmed_at=row.confirmed_at, stale_after_days=row.stale_after_days, now=now),
    )


def _make_builtin_facts(feed: BuiltinFeed, is_active: bool, hits: int, now: datetime) -> FeedFacts:
    is_old = feed.stale_after_days is not None and (now.date() - feed.as_of).days > feed.stale_after_days
    return FeedFacts(
        code=feed.code,
        kind=feed.kind,
        title=feed.title,
        source=feed.source,
        url=feed.url,
        licence=feed.licence,
        is_builtin=True,
        is_active=is_active,
        is_locked=False,
        health=FeedHealth.STALE if is_old else FeedHealth.CURRENT,
        version=None,
        as_of=feed.as_of,
        sha256=feed.sha256,
        entries=len(feed.entries),
        added=None,
        removed=None,
        hits_30d=hits,
        schedule_hours=None,
        stale_after_days=feed.stale_after_days,
        confirmed_at=None,
        refresh_at=None,
        failure="",
        failed_at=None,
    )


def is_locked(kind: FeedKind, contracted: Iterable[Module]) -> bool:
    """Say whether no payment is asked of such a list, because its module is not contracted."""
    return kind is FeedKind.IP_THREAT and Module.INTELLIGENCE not in contracted


def list_versions(*, organization_id: uuid.UUID, environment: Environment, feed_id: uuid.UUID) -> list[VersionFacts]:
    """Return the latest versions of an own list, newest first."""
    rows = FeedVersion.objects.for_organization(organization_id, environment).filter(feed_id=feed_id)
    return [_make_version_facts(row) for row in rows.defer("content").order_by("-number")[:SHOWN_VERSIONS]]


def _make_version_facts(row: FeedVersion) -> VersionFacts:
    return VersionFacts(
        id=row.id,
        number=row.number,
        state=VersionState(row.state),
        review_reason=ReviewReason(row.review_reason) if row.review_reason else None,
        as_of=row.as_of,
        fetched_at=row.fetched_at,
        sha256=row.sha256,
        size=row.size,
        entries=row.entries,
        added=row.added,
        removed=row.removed,
        refused=row.refused,
        sample_added=tuple(row.sample.get("added", ())),
        sample_removed=tuple(row.sample.get("removed", ())),
    )


def find_value(
    *, organization_id: uuid.UUID, environment: Environment, code: str, kind: FeedKind, text: str
) -> list[ValueFacts]:
    """Return what a list has, or had, of the value in any form; an address is also found in its networks.

    Nothing when it was never there. Raises EntryRefused when it is no value of this kind.
    """
    values = list_forms(kind, text)
    if code in BUILTIN_BY_CODE:
        found = [value for value in values if value in BUILTIN_BY_CODE[code].entries]
        return [ValueFacts(value=value, from_version=None, until_version=None) for value in found]
    rows = FeedEntry.objects.for_organization(organization_id, environment).filter(
        feed_id__in=Feed.objects.for_organization(organization_id, environment).filter(code=code).values("id"),
        value__in=values,
    )
    return [
        ValueFacts(value=row.value, from_version=row.from_version, until_version=row.until_version)
        for row in rows.order_by(F("until_version").desc(nulls_first=True), "value", "-from_version")[:50]
    ]


def list_due_feeds(*, now: datetime) -> list[tuple[uuid.UUID, Environment, uuid.UUID]]:
    """Return the lists whose source is to be asked, of every organization, those that wait longest first."""
    rows = Feed.objects.across_organizations(reason="the worker refreshes what is due, of every organization")
    due = rows.filter(refresh_at__lte=now, is_active=True).exclude(url="").order_by("refresh_at")
    return _name(due.values_list("organization_id", "environment", "id"))


def list_waiting_versions() -> list[tuple[uuid.UUID, Environment, uuid.UUID]]:
    """Return the versions that wait for the worker, of every organization, in the order in which they came."""
    rows = FeedVersion.objects.across_organizations(reason="the worker loads what was received, of every organization")
    waiting = rows.filter(state=VersionState.WAITING.value).order_by("fetched_at", "number")
    return _name(waiting.values_list("organization_id", "environment", "id"))


def list_untold_feeds(*, now: datetime) -> list[tuple[uuid.UUID, Environment, uuid.UUID]]:
    """Return the lists that have become too old and of which nobody was told, of every organization."""
    rows = Feed.objects.across_organizations(reason="the worker tells of lists that are out of date, whoever's")
    days = ExpressionWrapper(F("stale_after_days") * Value(timedelta(days=1)), output_field=DurationField())
    ends_at = ExpressionWrapper(F("confirmed_at") + days, output_field=DateTimeField())
    untold = rows.filter(is_active=True, stale_told_at=None).alias(ends_at=ends_at).filter(ends_at__lt=now)
    return _name(untold.values_list("organization_id", "environment", "id"))


def _name(rows: Iterable[tuple[uuid.UUID, str, uuid.UUID]]) -> list[tuple[uuid.UUID, Environment, uuid.UUID]]:
    return [(organization_id, Environment(environment), id_) for organization_id, environment, id_ in rows]


def lock_feed(*, organization_id: uuid.UUID, environment: Environment, **wanted: object) -> Feed:
    """Return the own list that is wanted by its `id` or `code`, locked. Raises FeedNotFound."""
    rows = Feed.objects.for_organization(organization_id, environment).filter(**wanted)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise FeedNotFound
    return row
