"""What an assessment and a simulation share: look up all that a payment is judged by, and judge it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from accounts.types import FailPolicy, Module, OrganizationFacts, OrganizationType
from assess.deadline import Deadline, raise_timely
from assess.gathering import Question, gather
from assess.idempotency import Claim
from assess.opening import Opening
from assess.policies import bands_of, find_cached_policy, load_policy, make_current_version_statement
from assess.policy import Policy, default_policy
from assess.reading.warnings import Warnings
from assess.recording import Decided
from assess.rendering import render_answer
from assess.scoring import list_unjudged, score
from assess.submerchants import Submerchant, SubmerchantRequired, make_submerchant_statement, read_submerchant
from assess.types import Envelope, Facts, Language, Payment, WarningLevel
from core.actor import Actor
from core.errors import ValidationFailed
from core.ids import make_session_id
from core.sql import Statement
from core.structs import make_ready
from transactions.history import make_session_statement
from transactions.identities import Identity
from transactions.types import Flow

SESSION_AGE = timedelta(hours=24)  # contract §2


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessCommand:
    """What a call asks. `at` is the moment it is judged for, `now` the real one.

    `is_advisory` says that only a browser asks; a `claim` has the answer kept for whoever repeats the call. The rest is
    for a simulation: under which version of the policy, else the one in force, and what to take for true of the past.
    """

    actor: Actor
    organization: OrganizationFacts
    payment: Payment
    warnings: Warnings
    language: Language
    echoed_key: str | None
    session_id: str | None
    submerchant_id: str | None
    at: datetime
    now: datetime
    started_ms: float
    is_advisory: bool = False
    claim: Claim | None = None
    is_simulated: bool = False
    policy_version: int | None = None
    suppose: Callable[[Facts], Facts] | None = None

    def with_payment(self, payment: Payment) -> "AssessCommand":
        """Return the same call for a corrected payment."""
        return replace(self, payment=payment)


@dataclass(slots=True)
class Work:
    """What becomes known on the way from gather to record; `busy` identities are worth summing up."""

    payment: Payment
    policy: Policy
    facts: Facts
    details: dict[str, Any]
    identities: tuple[Identity, ...]
    busy: tuple[Identity, ...]
    session_id: str = ""
    submerchant: Submerchant | None = None


def look_up(command: AssessCommand, opening: Opening, deadline: Deadline) -> Work:
    """Return all that the payment is judged by. Raises what the opening raises, SubmerchantRequired (400),
    ValidationFailed for a version that the policy never had.
    """
    payment, session_id = _settle_session(command, opening)
    work = _gather(command.with_payment(payment), opening, deadline)
    work.session_id = session_id
    if command.suppose is not None:
        _suppose(command.suppose, work)
    return work


def _suppose(suppose: Callable[[Facts], Facts], work: Work) -> None:
    """Take for true what is supposed, of the payment too: what is judged is what is kept."""
    work.facts = suppose(work.facts)
    work.payment = work.facts.payment
    work.details = _write_details(work.payment)


def _write_details(payment: Payment) -> dict[str, Any]:
    details: dict[str, Any] = msgspec.to_builtins(payment, builtin_types=(Decimal,))
    return details


def judge(command: AssessCommand, work: Work, transaction_id: uuid.UUID, deadline: Deadline) -> Decided:
    """Score what was looked up and return the decision with its answer's bytes, ready to be written down."""
    for code in list_unjudged(facts=work.facts, policy=work.policy):
        command.warnings.add(code, WarningLevel.LOOKUP_FAILED, "lookup_failed")
    outcome = score(facts=work.facts, policy=work.policy, language=command.language)
    envelope = _make_envelope(command, work, transaction_id, deadline)
    body = render_answer(outcome=outcome, envelope=envelope, flow=work.payment.flow, policy_version=work.policy.version)
    return Decided(
        transaction_id=transaction_id,
        actor=command.actor,
        is_advisory=work.facts.is_advisory,
        is_simulated=command.is_simulated,
        payment=work.payment,
        details=work.details,
        identities=work.identities,
        facts=work.facts,
        policy_version=work.policy.version,
        outcome=outcome,
        envelope=envelope,
        body=body,
        submerchant_id=work.submerchant.id if work.submerchant else None,
        at=command.at,
        now=command.now,
    )


def _gather(command: AssessCommand, opening: Opening, deadline: Deadline) -> Work:
    """Return the facts under the policy in force; a policy published meanwhile, or none cached, costs a second look."""
    scope = command.actor.scope
    if command.policy_version is not None:
        return _gather_under(_load_asked(command.policy_version, command), command, opening, deadline)[0]
    policy = find_cached_policy(**scope) or default_policy()
    work, version = _gather_under(policy, command, opening, deadline)
    if version == policy.version:
        return work
    current = load_policy(**scope)
    if bands_of(current, work.payment) == bands_of(policy, work.payment):
        work.policy = current
        return work
    return _gather_under(current, command, opening, deadline)[0]


def _load_asked(version: int, command: AssessCommand) -> Policy:
    try:
        return load_policy(**command.actor.scope, version=version)
    except LookupError:
        raise ValidationFailed.of_field("policy_version", "is no version of your policy") from None


def _gather_under(
    policy: Policy, command: AssessCommand, opening: Opening, deadline: Deadline
) -> tuple[Work, int | None]:
    payment = command.payment
    details = _write_details(payment)
    question = Question(
        organization_id=command.actor.organization_id,
        environment=command.actor.environment,
        timezone=command.organization.timezone,
        fail_policy=_fail_policy(command),
        payment=payment,
        details=details,
        at=command.at,
        is_advisory=command.is_advisory,
        bands=bands_of(policy, payment),
        has_intelligence=Module.INTELLIGENCE in command.organization.modules,
    )
    extra, readers = _list_extra(command)
    gathered = gather(question, opening=opening, deadline=deadline, extra=extra)
    found = dict(zip(readers, gathered.rows, strict=True))
    work = Work(
        payment=payment,
        policy=policy,
        facts=gathered.facts,
        details=details,
        identities=gathered.identities,
        busy=gathered.busy,
    )
    _settle_submerchant(work, command, found.get("submerchant"))
    return work, found["version"][0][0]


def _fail_policy(command: AssessCommand) -> FailPolicy:
    organization = command.organization
    is_payin = command.payment.flow is Flow.PAYIN
    return organization.fail_policy_payin if is_payin else organization.fail_policy_payout


def _list_extra(command: AssessCommand) -> tuple[list[Statement], list[str]]:
    """Return the look-ups that travel with gather, and their names."""
    scope = command.actor.scope
    statements, names = [make_current_version_statement(**scope)], ["version"]
    if command.submerchant_id or command.organization.organization_type is OrganizationType.PSP:
        statements.append(make_submerchant_statement(**scope, given=command.submerchant_id))
        names.append("submerchant")
    return statements, names


def _settle_session(command: AssessCommand, opening: Opening) -> tuple[Payment, str]:
    """Return the payment and its session: the browser's with what it saw merged, or a new one (contract §2).

    It comes before gather, because what is merged (a device's fingerprint) has a history of its own.
    """
    if command.session_id is None:
        return command.payment, make_session_id(at=command.now)
    since = command.now - SESSION_AGE
    statement = make_session_statement(**command.actor.scope, session_id=command.session_id, since=since)
    answers, error = opening.run([statement])
    if error is not None:
        raise_timely(error)
    rows = answers[0]
    if rows and not command.is_advisory:
        seen = msgspec.json.decode(rows[0][0], type=make_ready(Payment))
        return _merge_session(command.payment, seen), command.session_id
    command.warnings.doubt("session_id", "session_not_kept")
    return command.payment, make_session_id(at=command.now)


def _merge_session(payment: Payment, seen: Payment) -> Payment:
    """Return the payment with what only the browser saw: behaviour, fingerprint, user agent, time zone."""
    device = msgspec.structs.replace(
        payment.device,
        ip=payment.device.ip or seen.device.ip,
        fingerprint=payment.device.fingerprint or seen.device.fingerprint,
        user_agent=payment.device.user_agent or seen.device.user_agent,
        timezone=payment.device.timezone or seen.device.timezone,
    )
    return msgspec.structs.replace(payment, device=device, behavior=payment.behavior or seen.behavior)


def _settle_submerchant(work: Work, command: AssessCommand, rows: list[tuple[Any, ...]] | None) -> None:
    """Find the submerchant named; a PSP that has active ones must name one of them (contract §2)."""
    if rows is None:
        return
    work.submerchant, has_any = read_submerchant(rows)
    if work.submerchant is not None:
        return
    if has_any and command.organization.organization_type is OrganizationType.PSP:
        raise SubmerchantRequired.of_field("submerchant_id", "must name an active submerchant")
    if command.submerchant_id:
        command.warnings.doubt("submerchant_id", "submerchant_unknown")


def _make_envelope(command: AssessCommand, work: Work, transaction_id: uuid.UUID, deadline: Deadline) -> Envelope:
    submerchant = work.submerchant
    return Envelope(
        transaction_id=transaction_id,
        session_id=work.session_id,
        language=command.language,
        latency_ms=round(deadline.read_ms() - command.started_ms),
        shows_details=not work.facts.is_advisory,
        is_simulated=command.is_simulated,
        order_id=work.payment.order_id,
        payment_id=work.payment.payment_id,
        idempotency_key=command.echoed_key,
        submerchant_id=submerchant.external_id if submerchant else None,
        submerchant_name=submerchant.name if submerchant else None,
        field_warnings=command.warnings.listed(),
    )
