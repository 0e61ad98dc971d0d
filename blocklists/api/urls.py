"""Routes of blocklists, included at `api/v1/`."""

from django.urls import path

from blocklists.api.views import BlocklistEntryView, BlocklistsView

urlpatterns = [
    path("blocklists", BlocklistsView.as_view(), name="blocklists"),
    path("blocklists/<uuid:entry_id>", BlocklistEntryView.as_view(), name="blocklist-entry"),
]
