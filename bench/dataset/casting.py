"""Makes the organizations and keys of a data set, and prints them as JSON; runs `bench.inside` the application."""

import sys
import uuid
from datetime import datetime

import msgspec

from accounts.services.create_api_key import create_api_key
from accounts.services.create_organization import create_organization
from accounts.types import KeyType, Module, OrganizationType
from bench.dataset.cast import Cast, Party
from bench.dataset.parties import ENVIRONMENT
from core.actor import Actor, make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work

NEVER_REACHED = 1_000_000_000
"""Calls a minute: a limit that is counted towards and never stops anybody."""


def make_party(*, name: str, organization_type: OrganizationType, now: datetime) -> Party:
    """Insert an organization with every module, and its two keys; must be called inside a unit of work."""
    organization = create_organization(
        name=name, organization_type=organization_type, modules=list(Module), created_by="bench", now=now
    )
    actor = make_system_actor(organization_id=organization.id, environment=ENVIRONMENT, name="bench")
    key_id, free = _make_key(actor, None, now)
    _, limited = _make_key(actor, NEVER_REACHED, now)
    return Party(organization_id=organization.id, api_key_id=key_id, free_key=free, limited_key=limited)


def _make_key(actor: Actor, limit: int | None, now: datetime) -> tuple[uuid.UUID, str]:
    key, full = create_api_key(
        actor=actor,
        organization_id=actor.organization_id,
        key_type=KeyType.SECRET,
        environment=ENVIRONMENT,
        name="bench",
        rate_limit_per_minute=limit,
        now=now,
    )
    return key.id, full


def main(_arguments: list[str]) -> None:
    now = read_clock()
    with unit_of_work():
        bank = make_party(name="Banco de Prueba", organization_type=OrganizationType.BANK, now=now)
        merchant = make_party(name="Comercio de Prueba", organization_type=OrganizationType.MERCHANT, now=now)
    sys.stdout.write(msgspec.json.encode(Cast(bank=bank, merchant=merchant)).decode())
