"""Entries of the lists, each time one was met, and what was done to many at once."""

import uuid
from datetime import UTC, datetime

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now, Reverse

from blocklists.import_types import BatchState, ImportMode, RowCode
from blocklists.types import BulkAct, EntrySource, FlowScope, ListType, Severity
from core.tenancy import FactModel


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(str(member), str(member)) for member in members]


_LISTED = Q(created_at__gte=datetime(2000, 1, 1, tzinfo=UTC))
"""True of every entry (docs/decisions/0054); `blocklists.finding` says it in SQL."""


class BlocklistEntry(FactModel):
    """A value that is not to be trusted, in which flows, how strongly and until when.

    `batch_id` is the import that put it there, or back, last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list_type = models.CharField(max_length=20, choices=_choices(*ListType))
    value = models.CharField(max_length=320)
    flow_scope = models.CharField(max_length=6, choices=_choices(*FlowScope))
    severity = models.CharField(max_length=6, choices=_choices(*Severity), default=Severity.BLOCK.value)
    reason = models.TextField(blank=True, default="")
    source = models.CharField(max_length=12, choices=_choices(*EntrySource), default=EntrySource.MANUAL.value)
    case_id = models.UUIDField(null=True)
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())
    batch_id = models.UUIDField(null=True)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "environment", "list_type", "value", "flow_scope"], name="blocklist_entry_once"
            ),
            models.CheckConstraint(condition=_LISTED, name="blocklist_entry_listed"),
        )
        # What begins with the tenant and is not the key above is true of every entry and says so only to who asks for
        # lists: an assessment does not, and cannot be given such an index by a planner that knows nothing of the table.
        indexes = (
            # Down to the id, because an import gives all its entries one moment.
            models.Index(
                fields=["organization", "environment", "-created_at", "-id"],
                name="blocklist_by_moment",
                condition=_LISTED,
            ),
            models.Index(
                fields=["organization", "environment", "source", "-created_at", "-id"],
                name="blocklist_by_source",
                condition=_LISTED,
            ),
            models.Index(
                fields=["organization", "environment", "expires_at"],
                name="blocklist_by_expiry",
                condition=Q(expires_at__isnull=False),
            ),
            # Looked into by bytes, so that a value is found by its beginning and its end in whatever collation.
            models.Index(
                "organization",
                "environment",
                OpClass(Lower("value"), "text_pattern_ops"),
                name="blocklist_by_start",
                condition=_LISTED,
            ),
            models.Index(
                "organization",
                "environment",
                OpClass(Reverse(Lower("value")), "text_pattern_ops"),
                name="blocklist_by_end",
                condition=_LISTED,
            ),
            models.Index(fields=["batch_id", "id"], condition=Q(batch_id__isnull=False), name="blocklist_of_batch"),
        )


class BlocklistHit(FactModel):
    """An entry met by an assessment. Counting rows, not updating one, keeps a busy entry from becoming a lock.

    Tenancy is PostgreSQL's own: a composite foreign key to the transaction (migration 0002), and the statement that
    inserts takes organization and environment from the entry itself. There is no foreign key to the entry: an
    assessment must not fail because a person deletes an entry between its match and its commit, and a hit stays a
    fact of the payment afterwards.
    """

    pk = models.CompositePrimaryKey("entry_id", "transaction_id")
    entry_id = models.UUIDField()
    transaction_id = models.UUIDField()
    hit_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        indexes = (
            models.Index(fields=["organization", "environment", "entry_id", "hit_at"], name="blocklist_hits_of_entry"),
        )


class BlocklistBulkAct(FactModel):
    """What one person did to many entries at once, so that they can undo it.

    `entries` maps the id of each that changed to the fields that it had before; when they changed is `created_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=7, choices=_choices(*BulkAct))
    entries = models.JSONField()
    unchanged = models.PositiveIntegerField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    left = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="blocklist_bulk_act_in_tenant"),
        )


class ImportBatch(FactModel):
    """A file of entries: how it is read, what was found in it, what became of it.

    `layout`, `fixed`, `counts` and `undo_counts` are the structs of `blocklists.import_types`. What the batch put in
    force has `updated_at = applied_at`; whatever has another moment was changed since, and is not undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=_choices(*BatchState), default=BatchState.DRAFT.value)
    mode = models.CharField(max_length=14, choices=_choices(*ImportMode), default=ImportMode.VALID_ONLY.value)
    file_name = models.CharField(max_length=200, blank=True, default="")
    file_bytes = models.BigIntegerField()
    file_sha256 = models.CharField(max_length=64)
    line_count = models.BigIntegerField()
    layout = models.JSONField()
    fixed = models.JSONField()
    counts = models.JSONField(default=dict)
    undo_counts = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True, default="")
    job_id = models.UUIDField(null=True)
    undo_job_id = models.UUIDField(null=True)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="import_batch_in_tenant"),
        )
        indexes = (models.Index(fields=["organization", "environment", "-id"], name="import_batch_newest_first"),)


class ImportChunk(FactModel):
    """A piece of an uploaded file, for whichever worker reads it; gone when the import ends. Unlogged."""

    pk = models.CompositePrimaryKey("batch_id", "start")
    batch_id = models.UUIDField()
    start = models.BigIntegerField()
    data = models.BinaryField()


class ImportRefusal(FactModel):
    """One of the first rows of a file that are not valid, with its text until that is erased."""

    pk = models.CompositePrimaryKey("batch_id", "row_number")
    batch_id = models.UUIDField()
    row_number = models.BigIntegerField()
    code = models.CharField(max_length=30, choices=_choices(*RowCode))
    text = models.TextField()


class ImportFormer(FactModel):
    """What an entry was before an import put it back in force, for undoing it."""

    pk = models.CompositePrimaryKey("batch_id", "entry_id")
    batch_id = models.UUIDField()
    entry_id = models.UUIDField()
    severity = models.CharField(max_length=6)
    reason = models.TextField(blank=True)
    source = models.CharField(max_length=12)
    case_id = models.UUIDField(null=True)
    is_active = models.BooleanField()
    expires_at = models.DateTimeField(null=True)
    former_batch_id = models.UUIDField(null=True)


class ImportRow(models.Model):
    """A valid row on its way into the lists. Unlogged, and found by its batch alone, which is a tenant's."""

    id = models.BigAutoField(primary_key=True)
    batch_id = models.UUIDField()
    portion = models.IntegerField()
    list_type = models.CharField(max_length=20)
    value = models.CharField(max_length=320)
    flow_scope = models.CharField(max_length=6)
    severity = models.CharField(max_length=6)
    reason = models.TextField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["batch_id", "portion"], name="import_row_of_portion"),)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.pk}"
