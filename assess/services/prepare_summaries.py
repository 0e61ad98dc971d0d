"""Has all busy identities of an organization summed up, for the policy in force."""

from datetime import datetime
from typing import cast

from assess.policies import load_policy
from assess.signals import payout_structuring
from core.actor import Actor
from core.unit_of_work import service
from transactions.services.wish_for_summaries import wish_for_summaries


@service
def prepare_summaries(*, actor: Actor, timezone: str, now: datetime) -> int:
    """Wish for a summary of each busy identity, in the bands of the policy in force, and return for how many."""
    policy = load_policy(organization_id=actor.organization_id, environment=actor.environment)
    held = policy.payout.parameters[payout_structuring.SIGNAL.code]
    parameters = cast(payout_structuring.StructuringParameters, held)
    bands = {code: payout_structuring.bands(parameters, code) for code in parameters.limits_minor}
    return wish_for_summaries(actor=actor, timezone=timezone, bands=bands, now=now)
