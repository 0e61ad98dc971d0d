"""The pages of the lists."""

from django.urls import path

from blocklists.web import bulk, entry, export, lists, new

_lists = "dashboard/protection/blocklists"
_entry = f"{_lists}/<uuid:entry_id>"

urlpatterns = [
    path(_lists, lists.ListsPage.as_view(), name="lists"),
    path(f"{_lists}/bulk", bulk.BulkPage.as_view(), name="lists_bulk"),
    path(f"{_lists}/bulk/apply", bulk.ApplyBulkPage.as_view(), name="lists_bulk_apply"),
    path(f"{_lists}/bulk/<uuid:act_id>", bulk.BulkActPage.as_view(), name="lists_bulk_act"),
    path(f"{_lists}/export", export.ExportEntriesPage.as_view(), name="lists_export"),
    path(f"{_lists}/new", new.NewEntryPage.as_view(), name="list_entry_new"),
    path(f"{_lists}/new/effect", new.EffectPage.as_view(), name="list_entry_effect"),
    path(_entry, entry.EntryPage.as_view(), name="list_entry"),
    path(f"{_entry}/edit", entry.EditEntryPage.as_view(), name="list_entry_edit"),
    path(f"{_entry}/prolong", entry.ProlongEntryPage.as_view(), name="list_entry_prolong"),
    path(f"{_entry}/remove", entry.RemoveEntryPage.as_view(), name="list_entry_remove"),
]
