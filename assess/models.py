"""Published policies, assessments as they were decided, and the idempotency keys that protect them."""

import uuid

from django.db import models
from django.db.models.functions import Now

from assess.types import Language
from core.tenancy import FactModel


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(str(member), str(member)) for member in members]


class AssessmentPolicy(FactModel):
    """One published version of weights, thresholds and bands. Immutable; the greatest version is in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    reason = models.TextField(blank=True, default="")
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "version"], name="policy_version_once"),
        )


class Assessment(FactModel):
    """How one transaction was decided: what was gathered, by which policy and engine, and the answer's exact bytes.

    `facts` is everything gathered, without the payment itself, which stands in the transaction's details.
    """

    transaction_id = models.UUIDField(primary_key=True)
    policy_version = models.PositiveIntegerField()
    engine = models.TextField()
    language = models.CharField(max_length=5, choices=_choices(*Language))
    facts = models.JSONField()
    envelope = models.JSONField()
    response = models.BinaryField()
    latency_ms = models.PositiveIntegerField()

    class Meta(FactModel.Meta):
        pass


class IdempotencyKey(FactModel):
    """The claim of one key on one decision (contract §5). The claiming transaction holds it until it commits.

    `key_hash` is a digest of flow, key class and key; `body_hash` of the parsed body. An implicit key (order and
    payment together) may be taken over by another body; a released one by anybody.
    """

    id = models.BigAutoField(primary_key=True)
    key_hash = models.UUIDField()
    body_hash = models.UUIDField()
    transaction_id = models.UUIDField()
    is_implicit = models.BooleanField()
    is_released = models.BooleanField(default=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "key_hash"], name="idempotency_key_once"),
        )
