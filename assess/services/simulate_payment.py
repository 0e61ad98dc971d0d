"""What would be decided of a payment, if it were made now (contract §15): judged as it would be, counted nowhere."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.types import OrganizationFacts
from assess.deadline import Deadline
from assess.judging import AssessCommand, judge, look_up
from assess.opening import Opening
from assess.policy import Policy
from assess.reading.bodies import ReadBody
from assess.recording import make_record_statements
from assess.types import Envelope, Facts, Outcome
from core.actor import Actor
from core.ids import make_uuid7
from core.unit_of_work import service


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """The answer's bytes, and what they were made of."""

    transaction_id: uuid.UUID
    facts: Facts
    policy: Policy
    outcome: Outcome
    envelope: Envelope
    body: bytes


def make_simulation(
    body: ReadBody,
    *,
    actor: Actor,
    organization: OrganizationFacts,
    echoed_key: str | None,
    policy_version: int | None,
    now: datetime,
    started_ms: float,
    suppose: Callable[[Facts], Facts] | None = None,
) -> AssessCommand:
    """Return the question what would be decided of the payment now; `suppose` is taken for true of the past."""
    return AssessCommand(
        actor=actor,
        organization=organization,
        payment=body.payment,
        warnings=body.warnings,
        language=body.warnings.language,
        echoed_key=echoed_key,
        session_id=body.session_id,
        submerchant_id=body.submerchant_id,
        at=now,
        now=now,
        started_ms=started_ms,
        is_simulated=True,
        policy_version=policy_version,
        suppose=suppose,
    )


@service
def simulate_payment(command: AssessCommand, *, deadline: Deadline) -> Simulated:
    """Judge a simulated payment and keep it as a fact with its tag (docs/decisions/0046).

    Raises ValidationFailed for a version that the policy never had, SubmerchantRequired (400), AssessTimeout (504).
    """
    transaction_id = make_uuid7(at=command.at)
    work = look_up(command, Opening(entry=None, claim=None, deadline=deadline), deadline)
    decided = judge(command, work, transaction_id, deadline)
    deadline.run(make_record_statements(decided))
    return Simulated(
        transaction_id=transaction_id,
        facts=work.facts,
        policy=work.policy,
        outcome=decided.outcome,
        envelope=decided.envelope,
        body=decided.body,
    )
