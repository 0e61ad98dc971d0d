"""Asks for an organization's chain to be verified by a worker."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import after_commit, service
from events.models import ChainCheck
from events.services.poke import poke_check
from events.services.record import record
from events.types import UNENDED, CheckState


@service
def request_chain_check(*, actor: Actor, now: datetime) -> ChainCheck:
    """Insert a check and return it; the one that has not ended yet, when there is one."""
    asked = ChainCheck(
        id=uuid.uuid4(),
        organization_id=actor.organization_id,
        state=CheckState.WAITING.value,
        requested_by=actor.id,
        requested_at=now,
    )
    checks = ChainCheck.objects.for_organization(actor.organization_id)
    # A conflict is no error for PostgreSQL: whoever asks twice, or with another, gets the same check.
    checks.bulk_create([asked], ignore_conflicts=True)
    held = checks.filter(state__in=UNENDED).get()
    if held.id == asked.id:
        record(
            actor=actor,
            kind="audit.check_requested",
            subject_type="chain_check",
            subject_id=str(held.id),
            payload={},
            now=now,
        )
        after_commit(poke_check)
    return held
