"""Changes what an administrator may set for the organization."""

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack, cast

from django.conf import settings

from accounts.models import Organization
from accounts.queries import lock_organization
from accounts.rules.networks import is_listed
from accounts.rules.organization_settings import (
    APPROVED,
    OrganizationSettings,
    RetentionFloors,
    normalize_organization,
)
from core.actor import Actor
from core.errors import StaleForm, ValidationFailed
from core.unit_of_work import service
from events.services.record import record

_PERSONAL = frozenset(
    {"name", "allowed_ips", "own_identifiers", "fail_policy_payin_reason", "fail_policy_payout_reason"}
)
"""What may say who somebody is or where they live: a merchant's name or account, an address at home, free text."""


class OrganizationChanged(StaleForm):
    """Another administrator saved first; `details.fields` has `theirs` and `yours` of each setting that differs."""

    message = "Another administrator changed the organization after this was opened; nothing was saved."


class LockedOut(ValidationFailed):
    """The list would keep out the one who writes it."""


@service
def change_organization(
    *, actor: Actor, revision: int, address: str, now: datetime, **changes: Unpack[OrganizationSettings]
) -> Organization:
    """Set what is given, leave the rest, and return it; nothing is recorded when nothing differs.

    `revision` is of the row that the actor read, `address` is where they work from, which a list of addresses must
    have. A fail policy needs its reason and is approved by the actor. Raises NotFound, ValidationFailed, LockedOut and
    OrganizationChanged.
    """
    organization = lock_organization(organization_id=actor.organization_id)
    chosen = normalize_organization(changes, floors=read_floors())
    differing = {field: value for field, value in chosen.items() if getattr(organization, field) != value}
    if not differing:
        return organization
    if organization.revision != revision:
        raise OrganizationChanged.of_row(organization, differing)
    _refuse_lock_out(differing, address=address)
    _require_reasons(differing, chosen)
    before = {field: cast(object, getattr(organization, field)) for field in differing}
    _save(organization, differing, actor=actor, now=now)
    _record(organization, before, differing, actor=actor, now=now)
    return organization


def read_floors() -> RetentionFloors:
    """Return the fewest days that records are kept for in this installation."""
    return RetentionFloors(
        transaction_days=settings.MINIMUM_TRANSACTION_RETENTION_DAYS,
        personal_data_days=settings.MINIMUM_PERSONAL_DATA_RETENTION_DAYS,
    )


def _refuse_lock_out(differing: Mapping[str, object], *, address: str) -> None:
    networks = cast(list[str], differing.get("allowed_ips", []))
    if not is_listed(address, networks=networks):
        raise LockedOut.of_field("allowed_ips", "must have the address that you work from")


def _require_reasons(differing: Mapping[str, object], chosen: Mapping[str, object]) -> None:
    for policy in APPROVED:
        if policy in differing and f"{policy}_reason" not in chosen:
            raise ValidationFailed.of_field(f"{policy}_reason", "is needed when the policy changes")


def _save(organization: Organization, differing: Mapping[str, object], *, actor: Actor, now: datetime) -> None:
    written = dict(differing) | {"revision": organization.revision + 1}
    for policy in APPROVED:
        if not differing.keys().isdisjoint({policy, f"{policy}_reason"}):
            written |= {f"{policy}_approved_by_id": actor.id, f"{policy}_approved_at": now}
    for field, value in written.items():
        setattr(organization, field, value)
    organization.save(update_fields=[field.removesuffix("_id") for field in written])


def _record(
    organization: Organization,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    told = {field: {"before": before[field], "after": value} for field, value in after.items()}
    record(
        actor=actor,
        kind="organization.changed",
        subject_type="organization",
        subject_id=str(organization.id),
        payload={field: change for field, change in told.items() if field not in _PERSONAL},
        personal={field: change for field, change in told.items() if field in _PERSONAL} or None,
        now=now,
    )
