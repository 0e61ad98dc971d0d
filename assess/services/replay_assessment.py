"""Score a stored assessment again: under its own policy to the identical bytes, or under today's to the difference."""

import uuid
from dataclasses import dataclass
from typing import Any

import msgspec

from assess.models import Assessment
from assess.policies import load_policy
from assess.policy import ENGINE, Policy
from assess.rendering import render_answer
from assess.scoring import score
from assess.types import Envelope, Facts, Outcome
from core.environments import Environment
from transactions.queries import find_payment


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAssessment:
    """An assessment as it was recorded, ready to be scored again."""

    organization_id: uuid.UUID
    environment: Environment
    facts: Facts
    envelope: Envelope
    policy_version: int
    engine: str
    response: bytes

    @property
    def is_same_engine(self) -> bool:
        """Say whether the signals' code is the one that decided."""
        return self.engine == ENGINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """The outcome of scoring again, and the bytes it gives."""

    policy: Policy
    outcome: Outcome
    body: bytes


def find_assessment(*, name: str) -> StoredAssessment | None:
    """Return the assessment of a transaction id, else the newest of a session id, of whichever organization."""
    found = find_payment(name=name)
    if found is None:
        return None
    rows = Assessment.objects.for_organization(found.organization_id, found.environment)
    row = rows.filter(transaction_id=found.transaction_id).first()
    return _read(row, found.environment, found.details) if row else None


def _read(row: Assessment, environment: Environment, details: dict[str, Any]) -> StoredAssessment:
    return StoredAssessment(
        organization_id=row.organization_id,
        environment=environment,
        facts=msgspec.convert({**row.facts, "payment": details}, Facts),
        envelope=msgspec.convert(row.envelope, Envelope),
        policy_version=row.policy_version,
        engine=row.engine,
        response=bytes(row.response),
    )


def rescore(stored: StoredAssessment, *, version: int | None) -> Rescored:
    """Score the stored facts under a version of the organization's policy; None is the one in force."""
    policy = load_policy(organization_id=stored.organization_id, environment=stored.environment, version=version)
    outcome = score(facts=stored.facts, policy=policy, language=stored.envelope.language)
    body = render_answer(
        outcome=outcome, envelope=stored.envelope, flow=stored.facts.payment.flow, policy_version=policy.version
    )
    return Rescored(policy=policy, outcome=outcome, body=body)
