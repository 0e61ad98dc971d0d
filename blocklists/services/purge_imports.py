"""What is left of imports after a while: drafts that nobody confirmed, and the text of rows that were not valid."""

from datetime import datetime, timedelta

from blocklists.import_types import BatchState
from blocklists.models import ImportBatch, ImportChunk, ImportRefusal
from core.unit_of_work import service

DRAFTS_LIVE = timedelta(hours=24)
REFUSALS_LIVE = timedelta(days=30)


@service
def purge_imports(*, now: datetime) -> None:
    """Delete drafts a day old with their files, and erase the text of refused rows a month old."""
    batches = ImportBatch.objects.across_organizations(reason="uploads that nobody confirmed, of every organization")
    stale = batches.filter(state=BatchState.DRAFT.value, created_at__lt=now - DRAFTS_LIVE)
    ids = [*stale.values_list("id", flat=True)]
    chunks = ImportChunk.objects.across_organizations(reason="uploads that nobody confirmed, of every organization")
    chunks.filter(batch_id__in=ids).delete()
    stale.filter(id__in=ids).delete()
    old = [*batches.filter(created_at__lt=now - REFUSALS_LIVE).values_list("id", flat=True)]
    refusals = ImportRefusal.objects.across_organizations(reason="rows that were refused a month ago, of everybody")
    refusals.filter(batch_id__in=old).exclude(text="").update(text="")
