"""The pages of the lists and of their imports."""

from django.urls import path

from blocklists.web import bulk, entry, export, lists, new
from blocklists.web.imports import ImportBatchesPage, ImportBatchPage, ImportRefusalsPage, ImportUndoPage
from blocklists.web.new_import import ImportPage, ImportPreviewPage, ImportTemplatePage

_lists = "dashboard/protection/blocklists"
_entry = f"{_lists}/<uuid:entry_id>"
_imports = f"{_lists}/imports"

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
    path(f"{_lists}/import", ImportPage.as_view(), name="import_new"),
    path(f"{_lists}/import/template", ImportTemplatePage.as_view(), name="import_template"),
    path(f"{_lists}/import/<uuid:batch_id>/preview", ImportPreviewPage.as_view(), name="import_preview"),
    path(_imports, ImportBatchesPage.as_view(), name="import_batches"),
    path(f"{_imports}/<uuid:batch_id>", ImportBatchPage.as_view(), name="import_batch"),
    path(f"{_imports}/<uuid:batch_id>/refused", ImportRefusalsPage.as_view(), name="import_refusals"),
    path(f"{_imports}/<uuid:batch_id>/undo", ImportUndoPage.as_view(), name="import_undo"),
]
