"""Routes of blocklists, included at `api/v1/`."""

from django.urls import path

from blocklists.api.imports import ImportsView, ImportView, UndoImportView
from blocklists.api.views import BlocklistEntryView, BlocklistsView

urlpatterns = [
    path("blocklists", BlocklistsView.as_view(), name="blocklists"),
    path("blocklists/import", ImportsView.as_view(), name="blocklist-imports"),
    path("blocklists/import/<uuid:batch_id>", ImportView.as_view(), name="blocklist-import"),
    path("blocklists/import/<uuid:batch_id>/undo", UndoImportView.as_view(), name="blocklist-import-undo"),
    path("blocklists/<uuid:entry_id>", BlocklistEntryView.as_view(), name="blocklist-entry"),
]
