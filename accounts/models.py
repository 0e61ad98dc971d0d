"""Organizations, the people in them, their keys, and what counts calls and tries."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.types import TEN_YEARS_DAYS, FailPolicy, KeyType, Language, Module, OrganizationType, Role
from core.environments import Environment
from core.tenancy import FactModel, TenantModel


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(str(member), str(member)) for member in members]


class Organization(models.Model):
    """A bank, a PSP or a merchant: the tenant. `revision` moves with every change that a person makes on its page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    organization_type = models.CharField(max_length=10, choices=_choices(*OrganizationType))
    modules = ArrayField(models.CharField(max_length=20, choices=_choices(*Module)), default=list)
    timezone = models.CharField(max_length=64, default="America/Mexico_City")
    default_environment = models.CharField(
        max_length=10, choices=Environment.choices(), default=Environment.PRODUCTION.value
    )
    fail_policy_payin = models.CharField(max_length=12, choices=_choices(*FailPolicy), default=FailPolicy.OPEN.value)
    fail_policy_payout = models.CharField(max_length=12, choices=_choices(*FailPolicy), default=FailPolicy.CLOSED.value)
    maintenance_payin = models.BooleanField(default=False)
    maintenance_payout = models.BooleanField(default=False)
    allows_as_of = models.BooleanField(default=False)
    allows_query_key = models.BooleanField(default=True)
    language = models.CharField(
        max_length=5, choices=_choices(*Language), default=Language.SPANISH.value, db_default=Language.SPANISH.value
    )
    requires_mfa = models.BooleanField(default=False, db_default=False)
    allowed_ips = ArrayField(models.CharField(max_length=49), default=list, db_default=[])
    own_identifiers = ArrayField(models.CharField(max_length=253), default=list, db_default=[])
    fail_policy_payin_reason = models.TextField(default="", db_default="", blank=True)
    fail_policy_payin_approved_by = models.ForeignKey(
        "User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fail_policy_payin_approved_at = models.DateTimeField(null=True, blank=True)
    fail_policy_payout_reason = models.TextField(default="", db_default="", blank=True)
    fail_policy_payout_approved_by = models.ForeignKey(
        "User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fail_policy_payout_approved_at = models.DateTimeField(null=True, blank=True)
    transaction_retention_days = models.PositiveIntegerField(default=TEN_YEARS_DAYS, db_default=TEN_YEARS_DAYS)
    personal_data_retention_days = models.PositiveIntegerField(default=TEN_YEARS_DAYS, db_default=TEN_YEARS_DAYS)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Organization"]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class PlatformSwitch(models.Model):
    """A switch of the whole installation, such as `maintenance_payout`."""

    name = models.CharField(max_length=40, primary_key=True)
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["PlatformSwitch"]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Django's machinery for people; people are not tenants' rows, their memberships are."""

    def create_user(self, *, email: str, password: str | None = None, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `password_epoch` moves when the password does, and ends every access token of before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True, default="")
    preferences = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    password_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_folded"),)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_epoch += 1


class Membership(TenantModel):
    """What a person may do in an organization; not active is suspended, or removed.

    A removed one stays, so that the trail knows who it was. `revision` moves with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=_choices(*Role))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_access_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    handover_note = models.TextField(default="", db_default="", blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(is_active=False), name="membership_removed_has_no_access"
            ),
        )


class Invitation(TenantModel):
    """A way in by e-mail. Only a keyed hash of its token is kept; `public_id`, a part of the token, finds the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=_choices(*Role))
    public_id = models.CharField(max_length=16, unique=True)
    token_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    sent_count = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # by itself: the person had access already
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(TenantModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, revoked_at=None, closed_at=None),
                name="invitation_open_once",
            ),
        )
        indexes = (models.Index(fields=["organization", "sent_at"], name="invitation_by_organization"),)


class ApiKey(FactModel):
    """A machine's credential. Only a keyed hash of it is kept; `public_id`, a part of the key, finds the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    key_type = models.CharField(max_length=12, choices=_choices(*KeyType))
    public_id = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    last_four = models.CharField(max_length=4)
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    is_enabled = models.BooleanField(default=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    allowed_ips = ArrayField(models.CharField(max_length=49), default=list)
    allowed_origins = ArrayField(models.CharField(max_length=255), default=list)
    require_origin = models.BooleanField(default=False)
    rate_limit_per_minute = models.PositiveIntegerField(null=True, blank=True)
    rate_limit_per_day = models.PositiveIntegerField(null=True, blank=True)
    rate_group = models.UUIDField(default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_ip = models.CharField(max_length=45, blank=True, default="")
    last_used_endpoint = models.CharField(max_length=120, blank=True, default="", db_default="")
    expiry_warned_for = models.DateTimeField(null=True, blank=True)
    expiry_warned_days = models.PositiveSmallIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    request_token = models.UUIDField(null=True, editable=False)  # of the form that asked for it: sent twice, made once

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="apikey_in_tenant"),
            models.UniqueConstraint(fields=["organization", "request_token"], name="apikey_once_per_request"),
        )
        indexes = (
            models.Index(fields=["organization", "environment", "created_at"], name="apikey_by_organization"),
            models.Index(
                fields=["allowed_origins"],
                name="apikey_publishable_live",
                condition=Q(key_type="publishable", is_enabled=True, revoked_at=None),
            ),
        )


class KeyUse(FactModel):
    """How often a key was used on one day of its organization's calendar."""

    pk = models.CompositePrimaryKey("organization", "key_id", "day")
    key_id = models.UUIDField()
    day = models.DateField()
    calls = models.PositiveIntegerField()


class Submerchant(FactModel):
    """A merchant that a PSP pays for; `external_id` is the PSP's own name for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    external_id = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="", blank=True)
    mcc = models.CharField(max_length=4, default="", blank=True)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(FactModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organization", "environment", "external_id"], name="submerchant_once"),
            models.UniqueConstraint(fields=["organization", "environment", "id"], name="submerchant_in_tenant"),
        )
        # Every payment of a PSP asks whether there is any.
        indexes = (
            models.Index(
                fields=["organization", "environment"], condition=Q(is_active=True), name="submerchant_active"
            ),
        )


class AccessToken(TenantModel):
    """One sign-in over the API: the row that a JWT names, so that it can be ended at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    password_epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class RateWindow(models.Model):
    """Calls counted in one window of one subject; shared by all web processes when there is no Redis."""

    subject = models.CharField(max_length=120, primary_key=True)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    calls = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["RateWindow"]] = models.Manager()


class SecurityEntry(models.Model):
    """What happens before an organization is known: failed sign-ins. Subjects are digests, never the e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject_digest = models.BinaryField(max_length=32)
    address = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["SecurityEntry"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=["subject_digest", "created_at"], name="securityentry_by_subject"),
            models.Index(fields=["address", "created_at"], name="securityentry_by_address"),
        )
