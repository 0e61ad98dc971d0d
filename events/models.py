"""The audit trail: events, the personal data beside them, the chain that seals them, and what is still to be told."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast

from core.actor import ActorKind
from core.tenancy import FactModel, TenantModel
from events.kinds import PAYMENT_KINDS
from events.types import EMPTY_CHAIN_HASH, UNENDED, CheckState

_TRANSACTION_NUMBER = Cast(
    Cast(Func(function="pg_current_xact_id", output_field=models.TextField()), output_field=models.TextField()),
    output_field=models.BigIntegerField(),
)
"""`pg_current_xact_id()::text::bigint`: xid8 has no other way to become a number that Python reads as one."""


# What is decided of payments is by far the most and has a page of its own: writing it touches none of these.
_IS_READ = ~Q(kind__in=PAYMENT_KINDS)
TRAIL_INDEXES = {
    "event_read": (),
    "event_read_by_kind": ("kind",),
    "event_read_by_actor": ("actor_id",),
    "event_read_by_subject": ("subject_id",),
    "event_read_by_request": ("request_id",),
}


class Event(FactModel):
    """Something that was done, by whom, to what. Never changed, never deleted: triggers refuse it.

    The id is a UUIDv7 of `created_at`. `payload` holds no personal data. `address` is where the call came from; it
    may be erased, so it and `request_id` are not sealed (docs/decisions/0037). `xid` is the 64-bit number of the
    transaction that wrote the row, which gives the order of sealing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField()
    actor_kind = models.CharField(max_length=10, choices=[(str(kind), str(kind)) for kind in ActorKind])
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    subject_type = models.TextField()
    subject_id = models.TextField()
    payload = models.JSONField(default=dict)
    personal_digest = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    address = models.TextField(null=True)
    request_id = models.TextField(null=True)
    xid = models.BigIntegerField(db_default=_TRANSACTION_NUMBER, editable=False)

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "environment", "id"], name="event_in_tenant"),)
        indexes = (
            models.Index(fields=["organization", "xid", "id"], name="event_in_commit_order"),
            *(
                models.Index(fields=["organization", "environment", *fields, "id"], name=name, condition=_IS_READ)
                for name, fields in TRAIL_INDEXES.items()
            ),
        )


class EventPersonalData(FactModel):
    """The personal data of an event, in a row that may be erased; the event keeps their salted digest."""

    event_id = models.UUIDField(primary_key=True, editable=False)
    salt = models.BinaryField(max_length=32)
    data = models.JSONField()


class PendingEvent(FactModel):
    """An event that a subscriber is still to be told of; told, the row goes."""

    pk = models.CompositePrimaryKey("event_id", "subscriber")
    event_id = models.UUIDField()
    subscriber = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()

    class Meta(FactModel.Meta):
        indexes = (models.Index(fields=["not_before", "event_id"], name="pending_event_by_time"),)


class Seal(FactModel):
    """One link of an organization's chain, which runs through both environments (docs/audit-trail.md)."""

    event_id = models.UUIDField(primary_key=True, editable=False)
    sequence = models.BigIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    payload_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "sequence"], name="seal_sequence_once"),)


class SealCursor(TenantModel):
    """How far the sealer has read, in the order (xid, id). A hint, no evidence: lost or false, nothing is sealed twice.

    Transaction numbers mean something only within one PostgreSQL cluster, so the cursor says whose they are.
    """

    organization = models.OneToOneField(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    cluster = models.TextField()
    xid = models.BigIntegerField()
    event_id = models.UUIDField()


class ChainCheck(TenantModel):
    """One verification of an organization's chain that somebody asked for, and what came of it.

    It goes on slice by slice, from `position`; `last_sequence` and `last_hash` are those of the last row it met.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=[(str(state), str(state)) for state in CheckState])
    requested_by = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0)
    last_sequence = models.BigIntegerField(default=0)
    last_hash = models.TextField(default=EMPTY_CHAIN_HASH)
    sealed = models.BigIntegerField(default=0)
    waiting = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    problems = models.BigIntegerField(default=0)
    first_problems = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state__in=UNENDED), name="chain_check_one_at_a_time"
            ),
        )
        indexes = (models.Index(fields=["organization", "-requested_at"], name="chain_check_by_time"),)


class WorkerHeartbeat(models.Model):
    """When a worker was last alive. Of the platform, so without a tenant."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()

    objects: ClassVar[models.Manager["WorkerHeartbeat"]] = models.Manager()

    def __str__(self) -> str:
        return self.name
