"""Public threat lists that are offered when a list is added; nothing is fetched until somebody asks for one."""

from feeds.types import FeedKind, NewFeed

_FIREHOL = "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level1.netset"
_IPSUM = "https://raw.githubusercontent.com/stamparm/ipsum/master/levels/3.txt"
_TOR = "https://check.torproject.org/torbulkexitlist"

KNOWN_SOURCES: dict[str, NewFeed] = {
    "firehol": NewFeed(
        kind=FeedKind.IP_THREAT,
        title="FireHOL level 1",
        source="FireHOL, https://iplists.firehol.org",
        url=_FIREHOL,
        licence="each of its sources' own",
        schedule_hours=24,
        stale_after_days=7,
    ),
    "ipsum": NewFeed(
        kind=FeedKind.IP_THREAT,
        title="IPsum level 3",
        source="IPsum, https://github.com/stamparm/ipsum",
        url=_IPSUM,
        licence="Unlicense",
        schedule_hours=24,
        stale_after_days=7,
    ),
    "tor": NewFeed(
        kind=FeedKind.IP_THREAT,
        title="Tor exits",
        source="The Tor Project, https://www.torproject.org",
        url=_TOR,
        licence="not stated",
        schedule_hours=6,
        stale_after_days=2,
    ),
}
