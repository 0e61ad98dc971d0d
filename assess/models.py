"""Published policies, assessments as they were decided, and the idempotency keys that protect them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from assess.custom_rules import RuleAction, RuleFlow
from assess.types import BacktestState, DraftState, Language, RuleState
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
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "version"], name="policy_version_once"),
        )


class PolicyDraft(FactModel):
    """A policy that somebody works on: what it would be, which version it started from, and how far it has come.

    `impact` is what it would have changed among the latest payments, as it was counted when it was proposed.
    `changed_by` are the users who changed it since it was begun.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    base_version = models.PositiveIntegerField()
    document = models.JSONField()
    reason = models.TextField(blank=True, default="")
    state = models.CharField(max_length=9, choices=_choices(*DraftState), default=DraftState.DRAFT.value)
    revision = models.PositiveIntegerField(default=0)
    impact = models.JSONField(null=True)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    changed_by = ArrayField(models.UUIDField(), default=list, db_default=[])
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())
    publish_at = models.DateTimeField(null=True)
    published_version = models.PositiveIntegerField(null=True)

    class Meta(FactModel.Meta):
        indexes = (
            models.Index(fields=["organization", "environment", "-created_at"], name="policy_draft_newest_first"),
            models.Index(
                fields=["publish_at"],
                name="policy_draft_due",
                condition=models.Q(state=DraftState.SCHEDULED.value),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="policy_draft_in_tenant"),
        )

    @property
    def authors(self) -> frozenset[uuid.UUID]:
        """Return who wrote it or proposed it: each had a hand in it, so none of them agrees to it."""
        hands = (self.created_by_id, self.proposed_by_id, *self.changed_by)
        return frozenset(each for each in hands if each is not None)


class PolicySettings(FactModel):
    """How an organization changes its policy: from which share of changed decisions on a second person must agree.

    `second_person_percent` null: never. `are_analysts_heard`: whether analysts may write drafts and propose them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    second_person_percent = models.PositiveSmallIntegerField(null=True, default=5)
    are_analysts_heard = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "environment"], name="policy_settings_once"),)


class Rule(FactModel):
    """A custom rule as it is worked on (contract §8). What decides is its copy in the policy's published version.

    `code` names it in answers (`custom_rule:<code>`); `revision` counts the texts it had, `published_revision` is the
    one in the policy in force. `guarded_at` says when its guard took it back to shadow.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=8, editable=False)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    flow = models.CharField(max_length=6, choices=_choices(*RuleFlow))
    condition = models.TextField()
    action = models.CharField(max_length=9, choices=_choices(*RuleAction))
    weight = models.SmallIntegerField(default=0)
    guard_percent = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=7, choices=_choices(*RuleState), default=RuleState.DRAFT.value)
    position = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    published_revision = models.PositiveIntegerField(null=True)
    guarded_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta(FactModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organization", "environment", "code"], name="rule_code_once"),)


class RuleHit(FactModel):
    """A custom rule met by an assessment, also one in shadow. Its transaction's key holds the tenant (migration)."""

    pk = models.CompositePrimaryKey("rule_code", "transaction_id")
    rule_code = models.CharField(max_length=8)
    transaction_id = models.UUIDField()
    is_shadow = models.BooleanField()
    hit_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        indexes = (
            models.Index(fields=["organization", "environment", "rule_code", "hit_at"], name="rule_hits_of_rule"),
        )


class Backtest(FactModel):
    """A policy tried on the stored payments of a period: what was tried, against what, and what came of it.

    `document` is the tried policy as it stood then, from a draft (`draft_id`) or a published `version`.
    `baseline_version` null compares with what was decided at the time. `result` is the finished tally. The keys of
    draft and job hold the tenant, and are made in a migration.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    draft_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    tried = models.CharField(max_length=160)
    document = models.JSONField()
    baseline_version = models.PositiveIntegerField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    timezone = models.TextField()
    payments = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=_choices(*BacktestState), default=BacktestState.RUNNING.value)
    job_id = models.UUIDField()
    result = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(FactModel.Meta):
        indexes = (models.Index(fields=["organization", "environment", "-id"], name="backtest_newest_first"),)


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
