"""Work that is too long for a request: who asked for what, how far it has come, what came of it."""

import uuid

from django.db import models
from django.db.models import Q

from core.actor import ActorKind
from core.tenancy import FactModel
from jobs.types import UNENDED, JobState


class Job(FactModel):
    """One long piece of work, taken on step by step by any worker.

    The id is a UUIDv7 of `created_at`. `cursor` is where its runner goes on. Whoever runs it holds `lease` until
    `leased_until`, and renews it; after a worker's end another one takes the job up when that moment has passed.
    `attempts` counts how often in a row it was taken up without getting any further.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=[(str(state), str(state)) for state in JobState])
    parameters = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True, default="")
    requested_by = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10, choices=[(str(kind), str(kind)) for kind in ActorKind])
    actor_name = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "environment", "id"], name="job_in_tenant"),)
        indexes = (
            models.Index(fields=["not_before", "id"], condition=Q(state__in=UNENDED), name="job_waiting"),
            models.Index(fields=["organization", "environment", "kind", "-id"], name="job_newest_first"),
        )
