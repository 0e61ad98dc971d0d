"""The pages of lists from outside."""

from django.urls import path

from feeds.web import feeds, new_feed

_feeds = "dashboard/protection/threat-lists"
_feed = f"{_feeds}/<slug:code>"

urlpatterns = [
    path(_feeds, feeds.FeedsPage.as_view(), name="feeds"),
    path(f"{_feeds}/new", new_feed.NewFeedPage.as_view(), name="feed_new"),
    path(_feed, feeds.FeedPage.as_view(), name="feed"),
    path(f"{_feed}/search", feeds.FeedSearchPage.as_view(), name="feed_search"),
    path(f"{_feed}/upload", feeds.FeedUploadPage.as_view(), name="feed_upload"),
    path(f"{_feed}/switch", feeds.FeedSwitchPage.as_view(), name="feed_switch"),
    path(f"{_feed}/refresh", feeds.FeedRefreshPage.as_view(), name="feed_refresh"),
    path(f"{_feed}/versions/<uuid:version_id>", feeds.FeedReviewPage.as_view(), name="feed_review"),
]
