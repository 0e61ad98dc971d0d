"""What a draft of the policy would change among the newest payments; read and scored outside any transaction."""

from datetime import datetime, timedelta

import msgspec

from assess.impact import Impact, Rescored, count_impact, rescore
from assess.models import PolicyDraft
from assess.policies import load_policy
from assess.policy import Policy, decode_policy
from assess.stored import list_newest
from core.environments import Environment

PERIOD = timedelta(days=30)
PAYMENTS = 1_000


class DraftImpact(msgspec.Struct, frozen=True, kw_only=True):
    """A draft beside the version that it stands on, and every payment under both."""

    base: Policy
    draft: Policy
    rescored: list[Rescored]

    @property
    def impact(self) -> Impact:
        """How many decisions would differ."""
        return count_impact(self.rescored)


def measure_draft(row: PolicyDraft, *, now: datetime) -> DraftImpact:
    """Score the newest payments of the last 30 days, at most 1,000, under the draft and under its base."""
    scope = {"organization_id": row.organization_id, "environment": Environment(row.environment)}
    base, draft = load_base(row), load_draft(row)
    stored = list_newest(**scope, since=now - PERIOD, limit=PAYMENTS)  # type: ignore[arg-type]
    return DraftImpact(base=base, draft=draft, rescored=rescore(stored=stored, before=base, after=draft))


def load_base(row: PolicyDraft) -> Policy:
    """Return the version that the draft stands on."""
    return load_policy(
        organization_id=row.organization_id, environment=Environment(row.environment), version=row.base_version
    )


def load_draft(row: PolicyDraft) -> Policy:
    """Return the policy that the draft would be."""
    return decode_policy(row.document, version=row.base_version)
