"""Record: the decision, its facts, its history, its hits and its event, written together or not at all."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from assess.policy import ENGINE
from assess.types import Envelope, Facts, Outcome, Payment
from blocklists.statements import make_hit_statement
from core.actor import Actor, ActorKind
from core.sql import Statement
from events.services.record import make_record_statements as make_event_statements
from feeds.statements import make_hit_statement as make_feed_hit_statement
from transactions.identities import Identity
from transactions.recording import make_history_statement, make_transaction_statement
from transactions.types import Decision, NewTransaction

_ASSESSMENT = """
INSERT INTO assess_assessment (transaction_id, organization_id, environment, policy_version, engine, language, facts,
                               envelope, response, latency_ms)
VALUES (%(transaction_id)s, %(organization_id)s, %(environment)s, %(policy_version)s, %(engine)s, %(language)s,
        %(facts)s, %(envelope)s, %(response)s, %(latency_ms)s)
"""


_RULE_HITS = """
INSERT INTO assess_rulehit (organization_id, environment, transaction_id, rule_code, is_shadow, hit_at)
SELECT %(organization_id)s::uuid, %(environment)s::text, %(transaction_id)s::uuid, met.code, met.is_shadow,
    %(at)s::timestamptz
FROM unnest(%(codes)s::text[], %(shadows)s::boolean[]) AS met (code, is_shadow)
"""


def _dump(value: Any) -> str:
    return msgspec.json.encode(value).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """An assessment that only needs to be written down."""

    transaction_id: uuid.UUID
    actor: Actor
    is_advisory: bool
    is_simulated: bool
    payment: Payment
    details: dict[str, Any]
    identities: tuple[Identity, ...]
    facts: Facts
    policy_version: int
    outcome: Outcome
    envelope: Envelope
    body: bytes
    submerchant_id: uuid.UUID | None
    at: datetime
    now: datetime


def make_record_statements(decided: Decided) -> list[Statement]:
    """Return the statements that record it, the transaction first.

    What was simulated never happened: it is kept as a fact, and neither history nor the hits of entries and rules know
    of it.
    """
    row = _make_transaction(decided)
    if decided.is_simulated:
        return [make_transaction_statement(row=row), _make_assessment_statement(decided), *_make_event(decided)]
    statements: list[Statement | None] = [
        make_transaction_statement(row=row),
        _make_assessment_statement(decided),
        make_history_statement(row=row, identities=decided.identities),
        make_hit_statement(
            organization_id=row.organization_id,
            environment=row.environment,
            transaction_id=row.id,
            hits=decided.facts.list_hits,
            at=decided.now,
        ),
        _make_rule_hits_statement(decided),
        make_feed_hit_statement(
            organization_id=row.organization_id,
            environment=row.environment,
            transaction_id=row.id,
            hits=decided.facts.feed_hits or (),
            at=decided.now,
        ),
        *_make_event(decided),
    ]
    return [statement for statement in statements if statement is not None]


def _make_transaction(decided: Decided) -> NewTransaction:
    payment, outcome = decided.payment, decided.outcome
    return NewTransaction(
        id=decided.transaction_id,
        organization_id=decided.actor.organization_id,
        environment=decided.actor.environment,
        flow=payment.flow,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        transaction_type=payment.transaction_type,
        occurred_at=decided.at,
        decision=outcome.decision,
        risk_score=outcome.risk_score,
        blocked_by=outcome.blocked_by,
        signals=tuple(signal.code for signal in outcome.signals),
        session_id=decided.envelope.session_id,
        order_id=payment.order_id,
        payment_id=payment.payment_id,
        customer_id=payment.customer_id,
        submerchant_id=decided.submerchant_id,
        api_key_id=decided.actor.id if decided.actor.kind is ActorKind.API_KEY else None,
        is_advisory=decided.is_advisory,
        is_simulated=decided.is_simulated,
        details=decided.details,
    )


def _make_assessment_statement(decided: Decided) -> Statement:
    facts = {key: value for key, value in msgspec.to_builtins(decided.facts).items() if key != "payment"}
    return Statement(
        _ASSESSMENT,
        {
            "transaction_id": decided.transaction_id,
            "organization_id": decided.actor.organization_id,
            "environment": decided.actor.environment.value,
            "policy_version": decided.policy_version,
            "engine": ENGINE,
            "language": decided.envelope.language.value,
            "facts": _dump(facts),
            "envelope": _dump(decided.envelope),
            "response": decided.body,
            "latency_ms": decided.envelope.latency_ms,
        },
    )


def _make_rule_hits_statement(decided: Decided) -> Statement | None:
    met = [mark for mark in decided.outcome.rules if mark.is_met]
    if not met:
        return None
    return Statement(
        _RULE_HITS,
        {
            "organization_id": decided.actor.organization_id,
            "environment": decided.actor.environment.value,
            "transaction_id": decided.transaction_id,
            "codes": [mark.rule_id for mark in met],
            "shadows": [mark.is_shadow for mark in met],
            "at": decided.now,
        },
    )


def _make_event(decided: Decided) -> list[Statement]:
    return make_event_statements(
        actor=decided.actor,
        kind=_name_event(decided),
        subject_type="transaction",
        subject_id=str(decided.transaction_id),
        payload={
            "flow": decided.payment.flow.value,
            "decision": decided.outcome.decision.value,
            "risk_score": decided.outcome.risk_score,
            "policy_version": decided.policy_version,
        },
        now=decided.now,
    )


def _name_event(decided: Decided) -> str:
    """Return the event of contract §14: blocked for every decline; one of its own for what was only simulated."""
    if decided.is_simulated:
        return "simulation.run"
    return "transaction.blocked" if decided.outcome.decision is Decision.DECLINE else "transaction.created"
