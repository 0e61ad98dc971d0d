"""The guard of a rule: when it meets more of an hour's payments than it should, it goes back to shadow by itself."""

import uuid
from datetime import datetime, timedelta

import msgspec

from assess.custom_rules import RuleFlow, RuleStage
from assess.models import Rule
from assess.services.publish_policy import publish_policy
from assess.services.rules import load_current, lock_rule, make_restaged_document
from assess.types import RuleState
from core.actor import Actor
from core.environments import Environment
from core.ids import floor_of_time
from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.services.record import record

WINDOW = timedelta(hours=1)
LEAST_HITS = 5
"""One payment of two is half of a quiet hour; a guard waits until there is something to count."""

_COUNT = """
SELECT (SELECT count(*) FROM assess_rulehit h
        WHERE h.organization_id = %(organization_id)s AND h.environment = %(environment)s
          AND h.rule_code = %(code)s AND h.hit_at > %(since)s AND NOT h.is_shadow),
       (SELECT count(*) FROM transactions_transaction t
        WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s AND t.id >= %(floor)s
          AND t.flow = ANY (%(flows)s) AND NOT t.is_simulated)
"""


class GuardedRule(msgspec.Struct, frozen=True, kw_only=True):
    """An active rule with a guard, of whichever organization."""

    organization_id: uuid.UUID
    environment: Environment
    rule_id: uuid.UUID


def list_guarded_rules() -> list[GuardedRule]:
    """Return every active rule that has a guard."""
    rows = Rule.objects.across_organizations(reason="the worker watches the guards of every organization's rules")
    rows = rows.filter(state=RuleState.ACTIVE.value, guard_percent__isnull=False).order_by("id")
    return [
        GuardedRule(organization_id=row.organization_id, environment=Environment(row.environment), rule_id=row.id)
        for row in rows
    ]


@service
def guard_rule(*, actor: Actor, rule_id: uuid.UUID, now: datetime) -> bool:
    """Take the rule back to shadow when it met more of the last hour's payments than its guard allows; say whether.

    The next assessment is judged without it. Raises RuleNotFound, PolicyMoved (the next beat tries again).
    """
    row = lock_rule(actor, rule_id)
    if row.state != RuleState.ACTIVE or row.guard_percent is None:
        return False
    hits, payments = _count(actor, row, now)
    if hits < LEAST_HITS or hits * 100 <= payments * row.guard_percent:
        return False
    policy = load_current(actor)
    published = next((rule for rule in policy.rules if rule.id == row.code), None)
    if published is None or published.is_shadow:
        return False
    document = make_restaged_document(policy=policy, code=row.code, stage=RuleStage.SHADOW)
    reason = f"Guardia: {hits} de {payments} pagos en una hora (límite {row.guard_percent} %)"
    publish_policy(actor=actor, document=document, base_version=policy.version, reason=reason, now=now)
    _mark(actor, row, hits, payments, now)
    return True


def _count(actor: Actor, row: Rule, now: datetime) -> tuple[int, int]:
    since = now - WINDOW
    parameters = {
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
        "code": row.code,
        "since": since,
        "floor": floor_of_time(since),
        "flows": [flow.value for flow in RuleFlow(row.flow).flows],
    }
    hits, payments = run_statement(Statement(_COUNT, parameters))[0]
    return hits, payments


def _mark(actor: Actor, row: Rule, hits: int, payments: int, now: datetime) -> None:
    Rule.objects.for_organization(actor.organization_id, actor.environment).filter(id=row.id).update(guarded_at=now)
    record(
        actor=actor,
        kind="rule.guarded",
        subject_type="rule",
        subject_id=str(row.id),
        payload={"code": row.code, "hits": hits, "payments": payments, "guard_percent": row.guard_percent},
        personal={"rule": row.name},
        now=now,
    )
