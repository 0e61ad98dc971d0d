"""Filling in the demo, or finding it there and keeping it."""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from accounts.queries import find_user, list_active_memberships
from accounts.services.create_organization import create_organization
from accounts.types import Module, Role
from clausum.demo.cast import CAST, TIMEZONE, Part
from clausum.demo.credentials import (
    add_members,
    are_live,
    create_keys,
    get_key,
    renew_passwords,
    revoke_former_keys,
)
from clausum.demo.entries import list_suspects
from clausum.demo.payments import load_payments, read_sample
from clausum.demo.rules import try_rule
from clausum.demo.state import DemoKeys, DemoOrganization, DemoUser
from core.actor import Actor, make_system_actor
from core.environments import Environment
from core.unit_of_work import service, unit_of_work

COMMAND = "seed_demo"


@dataclass(frozen=True, slots=True)
class Settled:
    """An organization of the demo as it stands now, and whether anything had to be done for it."""

    organization: DemoOrganization
    is_changed: bool


def settle_demo(*, known: Sequence[DemoOrganization], now: datetime) -> list[Settled]:
    """Return every organization of the demo, made where it is missing; `known` is what its file tells.

    Each is settled whole or not at all, all at once: hashing twelve passwords takes a core three seconds (scrypt), and
    lets another core do the same meanwhile.
    """
    with ThreadPoolExecutor(max_workers=len(CAST)) as pool:
        return list(pool.map(lambda part: _settle_alone(part, known, now), CAST))


def _settle_alone(part: Part, known: Sequence[DemoOrganization], now: datetime) -> Settled:
    """Settle one organization on this thread's own connection."""
    former = next((item for item in known if item.organization_type == part.organization_type), None)
    try:
        with unit_of_work():
            return settle(part=part, former=former, now=now)
    finally:
        connections.close_all()


@service
def settle(*, part: Part, former: DemoOrganization | None, now: datetime) -> Settled:
    """Keep the organization when the file knows its logins and live keys; else renew what is lost, or make it all."""
    organization_id = find_organization(part=part)
    if organization_id is None:
        return Settled(_create(part, now), is_changed=True)
    if former is None or former.id != str(organization_id):
        return Settled(_renew(part, organization_id, None, now), is_changed=True)
    if not are_live(keys=former.keys, organization_id=organization_id, now=now):
        return Settled(_renew(part, organization_id, former.users, now), is_changed=True)
    return Settled(former, is_changed=False)


def find_organization(*, part: Part) -> uuid.UUID | None:
    """Return the demo's organization of that type, which its administrator's address tells, or None."""
    administrator = find_user(email=part.make_email(Role.ADMIN))
    memberships = list_active_memberships(user_id=administrator.id) if administrator else []
    return memberships[0].organization_id if memberships else None


def _create(part: Part, now: datetime) -> DemoOrganization:
    organization = create_organization(
        name=part.name,
        organization_type=part.organization_type,
        modules=list(Module),
        timezone=TIMEZONE,
        default_environment=Environment.SANDBOX,
        allows_as_of=True,
        created_by=COMMAND,
        now=now,
    )
    actor = _make_actor(organization.id)
    users = add_members(actor=actor, part=part, now=now)
    keys = create_keys(actor=actor, now=now)
    payments = read_sample(row_kind=part.row_kind, now=now)
    list_suspects(actor=actor, part=part, payments=payments, now=now)
    try_rule(actor=actor, part=part, now=now)
    load_payments(key=get_key(full=keys.secret), payments=payments, now=now)
    return _describe(part, organization.id, keys, users)


def _renew(
    part: Part, organization_id: uuid.UUID, users: tuple[DemoUser, ...] | None, now: datetime
) -> DemoOrganization:
    """End the demo's keys and make new ones; without known logins, also give its people new passwords."""
    actor = _make_actor(organization_id)
    revoke_former_keys(actor=actor, now=now)
    keys = create_keys(actor=actor, now=now)
    return _describe(part, organization_id, keys, users or renew_passwords(part=part))


def _make_actor(organization_id: uuid.UUID) -> Actor:
    return make_system_actor(organization_id=organization_id, environment=Environment.SANDBOX, name=COMMAND)


def _describe(part: Part, organization_id: uuid.UUID, keys: DemoKeys, users: tuple[DemoUser, ...]) -> DemoOrganization:
    return DemoOrganization(
        id=str(organization_id),
        name=part.name,
        organization_type=part.organization_type.value,
        keys=keys,
        users=users,
    )
