"""An organization's own lists from outside: each list, its versions, its entries, and each time one was met."""

import uuid

from django.db import models
from django.db.models.functions import Now

from core.tenancy import FactModel
from feeds.types import MAXIMUM_VALUE_LENGTH, FeedKind, ReviewReason, VersionState


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(str(member), str(member)) for member in members]


class Feed(FactModel):
    """A list that an organization subscribes to: by a URL with a schedule, or by files that it uploads.

    `version` and `as_of` are those in force, None before the first. `confirmed_at` is when the source last said that
    the list is so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=_choices(*FeedKind))
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    licence = models.CharField(max_length=120, blank=True, default="")
    schedule_hours = models.PositiveSmallIntegerField(null=True)
    stale_after_days = models.PositiveSmallIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(null=True)
    as_of = models.DateField(null=True)
    entries = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    refresh_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True, default="")
    failed_at = models.DateTimeField(null=True)
    stale_told_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "code"], name="feed_code_once"),
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="feed_in_tenant"),
        )
        indexes = (models.Index(fields=["refresh_at"], name="feed_due", condition=models.Q(refresh_at__isnull=False)),)


class FeedVersion(FactModel):
    """One state of a list as it was received. `content` is the file, compressed, until it is in force or discarded.

    What it says never changes; only its state does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = models.ForeignKey(Feed, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=_choices(*VersionState), default=VersionState.WAITING.value)
    review_reason = models.CharField(max_length=10, choices=_choices(*ReviewReason), blank=True, default="")
    is_approved = models.BooleanField(default=False)
    as_of = models.DateField()
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    entries = models.PositiveIntegerField(null=True)
    added = models.PositiveIntegerField(null=True)
    removed = models.PositiveIntegerField(null=True)
    refused = models.JSONField(default=dict)
    sample = models.JSONField(default=dict)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "feed", "number"], name="feed_version_once"),
        )
        indexes = (
            models.Index(fields=["fetched_at"], name="feed_version_waiting", condition=models.Q(state="waiting")),
        )


class FeedEntry(FactModel):
    """A value that a list has, or had, from one of its versions until before another.

    The key begins with the list, which is one tenant's, so that a payment's look-up and a person's search go by one
    index: a list may have a million entries. Tenancy is PostgreSQL's own (migration 0002).
    """

    pk = models.CompositePrimaryKey("feed_id", "value", "from_version")
    feed_id = models.UUIDField()
    value = models.CharField(max_length=MAXIMUM_VALUE_LENGTH)
    from_version = models.PositiveIntegerField()
    until_version = models.PositiveIntegerField(null=True)


class FeedHit(FactModel):
    """A list met by an assessment, own or Clausum's; rows are counted, so that a busy list is no lock."""

    pk = models.CompositePrimaryKey("transaction_id", "code")
    transaction_id = models.UUIDField()
    code = models.CharField(max_length=64)
    hit_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        indexes = (models.Index(fields=["organization", "environment", "code", "hit_at"], name="feed_hits_of_code"),)


class MutedFeed(FactModel):
    """One of Clausum's lists that an organization has turned off."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=64)
    muted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    muted_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "environment", "code"], name="muted_feed_once"),)
