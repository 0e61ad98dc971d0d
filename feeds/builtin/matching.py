"""What the lists that come with Clausum hold of a payment."""

from collections.abc import Iterator

from feeds.builtin.lists import BUILTIN_FEEDS, BuiltinFeed
from feeds.types import Candidates, FeedHit, FeedKind

_DATES = {feed.code: feed.as_of.isoformat() for feed in BUILTIN_FEEDS}
_BY_KIND: dict[FeedKind, tuple[BuiltinFeed, ...]] = {
    kind: tuple(feed for feed in BUILTIN_FEEDS if feed.kind is kind) for kind in FeedKind
}


def match_builtin(candidates: Candidates, *, muted: frozenset[str] = frozenset()) -> tuple[FeedHit, ...]:
    """Return the hits in the order of the lists; of countries each one, of the rest one a list."""
    return tuple(_find_hits(candidates, muted))


def _find_hits(candidates: Candidates, muted: frozenset[str]) -> Iterator[FeedHit]:
    for kind, values in candidates.items():
        for feed in _BY_KIND[kind]:
            if feed.code in muted or feed.entries.isdisjoint(values):
                continue
            if kind is FeedKind.RISK_COUNTRY:
                for value in values:
                    if value in feed.entries:
                        yield _make_hit(feed, value)
            else:
                yield _make_hit(feed, None)


def _make_hit(feed: BuiltinFeed, value: str | None) -> FeedHit:
    return FeedHit(kind=feed.kind, feed=feed.code, as_of=_DATES[feed.code], value=value)
