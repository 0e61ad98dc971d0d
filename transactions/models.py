"""The payment fact, the history that counts it, and what was confirmed of it later."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import FactModel
from transactions.types import Decision, Flow, FraudReason, FraudsterSide, Outcome, Source


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(str(member), str(member)) for member in members]


class TransactionPart(FactModel):
    """What belongs to one payment, by a composite key (organization, environment, transaction_id) made in a migration.

    The payment's own key vouches for the organization, so a second one is left out: measured, it would cost as much as
    the insert itself.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    transaction_id = models.UUIDField()

    class Meta(FactModel.Meta):
        abstract = True


class Transaction(FactModel):
    """One payment as it was asked about (or loaded from the past), its decision and its fate.

    The id is a UUIDv7 of `occurred_at`, so the table can be partitioned by month on it. `details` is the normalised
    payment (the only place with personal data of it). `released_at` says that the attempt was given up: it stays as a
    fact and counts nowhere. The keys of `submerchant` and `api_key` hold the tenant too, and are made in a migration.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.CharField(max_length=6, choices=_choices(*Flow))
    source = models.CharField(max_length=8, choices=_choices(*Source), default=Source.ASSESS.value)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    transaction_type = models.TextField(null=True)
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    decision = models.CharField(max_length=9, choices=_choices(*Decision))
    risk_score = models.SmallIntegerField()
    blocked_by = models.TextField(null=True)
    signals = ArrayField(models.TextField(), default=list)
    session_id = models.TextField(null=True)
    order_id = models.TextField(null=True)
    payment_id = models.TextField(null=True)
    customer_id = models.TextField(null=True)
    submerchant = models.ForeignKey(
        "accounts.Submerchant",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    api_key = models.ForeignKey(
        "accounts.ApiKey", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    is_advisory = models.BooleanField(default=False)
    is_simulated = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, null=True, choices=_choices(*Outcome))
    outcome_at = models.DateTimeField(null=True)
    is_fraudulent = models.BooleanField(null=True)
    fraud_reason = models.CharField(max_length=24, null=True, choices=_choices(*FraudReason))
    fraudster_side = models.CharField(max_length=11, null=True, choices=_choices(*FraudsterSide))
    labelled_at = models.DateTimeField(null=True)
    details = models.JSONField(default=dict)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="transaction_in_tenant"),
        )
        # Each holds every column that its look-up compares: to a planner without statistics the tenant's own index
        # would else look as good, and it would read every payment of the tenant.
        indexes = (
            models.Index(
                fields=["organization", "environment", "session_id"],
                name="transaction_by_session",
                condition=Q(session_id__isnull=False),
            ),
            models.Index(
                fields=["organization", "environment", "payment_id"],
                name="transaction_by_payment",
                condition=Q(payment_id__isnull=False),
            ),
            models.Index(
                fields=["organization", "environment", "order_id"],
                name="transaction_by_order",
                condition=Q(order_id__isnull=False),
            ),
            models.Index(
                fields=["organization", "environment", "flow", "currency", "id"],
                include=["amount_minor", "occurred_at"],
                name="transaction_counted",
                condition=Q(is_simulated=False, is_advisory=False, released_at__isnull=True),
            ),
        )


class IdentityEvent(TransactionPart):
    """One payment in the history of one identity. What is counted has a row; a release deletes it.

    `counterparty` is the other side's digest (an origin's account, an account's origin); `name` the folded beneficiary
    name on an account's rows; `is_approved` says that the payment was approved, or released after review.
    """

    pk = models.CompositePrimaryKey("transaction_id", "kind")
    kind = models.SmallIntegerField()
    identity = models.UUIDField()
    occurred_at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    counterparty = models.UUIDField(null=True)
    name = models.TextField(null=True)
    is_approved = models.BooleanField()

    class Meta(TransactionPart.Meta):
        indexes = (
            models.Index(
                fields=["organization", "identity", "currency", "occurred_at"],
                include=["amount_minor", "counterparty", "transaction_id"],
                name="identity_by_currency",
            ),
            models.Index(
                fields=["organization", "identity", "counterparty", "occurred_at"],
                include=["is_approved"],
                name="identity_pairs",
                condition=Q(counterparty__isnull=False),
            ),
            models.Index(
                fields=["organization", "identity", "name", "occurred_at"],
                name="identity_names",
                condition=Q(name__isnull=False),
            ),
        )


class ActivitySummary(FactModel):
    """What a busy identity did up to `until`, in the eyes of payments in one currency (docs/decisions/0012).

    A row without `until` is a wish: the worker sums up what is due (`next_at`). `document` is the summary, JSON that
    only `transactions.activity` reads; `bands` and `timezone` say what it was counted for. Whatever is written at or
    before `until`, or before `closing_until`, the moment that the worker is about to sum up to, empties the row.
    `wanted_at` is the moment of the payment that wished for it last, when that was judged as of an earlier time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SmallIntegerField()
    identity = models.UUIDField()
    currency = models.CharField(max_length=3)
    timezone = models.TextField()
    bands = models.TextField()
    document = models.TextField(null=True)
    until = models.DateTimeField(null=True)
    closing_until = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "identity", "currency"], name="activity_summary_once"),
        )
        indexes = (models.Index(fields=["next_at"], name="activity_summary_due"),)


class FraudMark(TransactionPart):
    """An identity that was the fraudster's side of a confirmed fraud, since `marked_at`."""

    pk = models.CompositePrimaryKey("transaction_id", "kind")
    kind = models.SmallIntegerField()
    identity = models.UUIDField()
    marked_at = models.DateTimeField()

    class Meta(TransactionPart.Meta):
        indexes = (models.Index(fields=["organization", "identity", "marked_at"], name="fraud_mark_by_identity"),)


class AmountSnapshot(FactModel):
    """An organization's amounts of one flow and currency as they stood at the end of a day in its time zone.

    Median and MAD (median absolute deviation) in minor units over the latest events up to then; `events` of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.CharField(max_length=6, choices=_choices(*Flow))
    currency = models.CharField(max_length=3)
    day = models.DateField()
    ends_at = models.DateTimeField()
    median_minor = models.BigIntegerField()
    mad_minor = models.BigIntegerField()
    events = models.PositiveIntegerField()

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "environment", "flow", "currency", "day"], name="amount_snapshot_once"
            ),
        )
