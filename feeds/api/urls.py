"""Routes of lists from outside, included at `api/v1/`."""

from django.urls import path

from feeds.api.views import FeedRefreshView, FeedsView, FeedView

urlpatterns = [
    path("feeds", FeedsView.as_view(), name="api-feeds"),
    path("feeds/<slug:code>", FeedView.as_view(), name="api-feed"),
    path("feeds/<slug:code>/refresh", FeedRefreshView.as_view(), name="api-feed-refresh"),
]
