"""The guard of a rule: when it meets more of an hour's payments than it should, it goes back to shadow by itself."""

import uuid
from datetime import datetime, timedelta

import msgspec

from assess.custom_rules import PolicyRule, RuleStage
from assess.models import Rule
from assess.policies import load_policy
from assess.rule_queries import RuleNotFound
from assess.services.publish_policy import publish_policy
from assess.services.rules import make_restaged_document
from core.actor import Actor
from core.environments import Environment
from core.ids import floor_of_time
from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.services.record import record

WINDOW = timedelta(hours=1)
LEAST_HITS = 5
"""One payment of two is half of a quiet hour; a guard waits until there is something to count."""

# A policy that nobody can decode any more must not keep the others from being listed, so the database reads it.
_LIST = """
SELECT r.organization_id, r.environment, r.id
FROM (SELECT DISTINCT a.organization_id, a.environment FROM assess_rule a WHERE a.state = 'active') tenant
CROSS JOIN LATERAL (
    SELECT p.document FROM assess_assessmentpolicy p
    WHERE p.organization_id = tenant.organization_id AND p.environment = tenant.environment
    ORDER BY p.version DESC LIMIT 1
) latest
CROSS JOIN LATERAL jsonb_to_recordset(latest.document -> 'rules') AS published (id text, stage text, guard_percent int)
JOIN assess_rule r ON r.organization_id = tenant.organization_id AND r.environment = tenant.environment
    AND r.code = published.id
WHERE published.stage = 'active' AND published.guard_percent IS NOT NULL
ORDER BY r.id
"""

_COUNT_HITS = """
SELECT count(*) FROM assess_rulehit h
WHERE h.organization_id = %(organization_id)s AND h.environment = %(environment)s
  AND h.rule_code = %(code)s AND h.hit_at > %(since)s AND NOT h.is_shadow
"""

_COUNT_PAYMENTS = """
SELECT count(*) FROM transactions_transaction t
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s AND t.id >= %(floor)s
  AND t.flow = ANY (%(flows)s) AND NOT t.is_simulated
"""


class GuardedRule(msgspec.Struct, frozen=True, kw_only=True):
    """An active rule with a guard, of whichever organization."""

    organization_id: uuid.UUID
    environment: Environment
    rule_id: uuid.UUID


def list_guarded_rules() -> list[GuardedRule]:
    """Return every rule that is active, with a guard, in its organization's policy in force."""
    return [
        GuardedRule(organization_id=organization_id, environment=Environment(environment), rule_id=rule_id)
        for organization_id, environment, rule_id in run_statement(Statement(_LIST, {}))
    ]


@service
def guard_rule(*, actor: Actor, rule_id: uuid.UUID, now: datetime) -> bool:
    """Take the rule back to shadow when it met more of the last hour's payments than its guard allows; say whether.

    The published rule's guard counts, whatever its row is being changed to; what it met before its guard last took it
    back does not. It locks nothing but what `publish_policy` locks, in that order; whoever published meanwhile makes it
    PolicyMoved (the next beat tries again). Raises RuleNotFound, PolicyMoved.
    """
    row = Rule.objects.for_organization(actor.organization_id, actor.environment).filter(id=rule_id).first()
    if row is None:
        raise RuleNotFound
    policy = load_policy(**actor.scope)
    published = next((rule for rule in policy.rules if rule.id == row.code), None)
    if published is None or published.is_shadow or published.guard_percent is None:
        return False
    since = max(now - WINDOW, row.guarded_at or now - WINDOW)
    hits = _count_hits(actor, published, since)
    if hits < LEAST_HITS:
        return False
    payments = _count_payments(actor, published, since)
    if hits * 100 <= payments * published.guard_percent:
        return False
    document = make_restaged_document(policy=policy, code=row.code, stage=RuleStage.SHADOW)
    reason = f"Guardia: {hits} de {payments} pagos en una hora (límite {published.guard_percent} %)"
    publish_policy(actor=actor, document=document, base_version=policy.version, reason=reason, now=now)
    counted = {"hits": hits, "payments": payments, "guard_percent": published.guard_percent}
    _mark(actor, row, counted, now)
    return True


def _count_hits(actor: Actor, rule: PolicyRule, since: datetime) -> int:
    parameters = _scope(actor) | {"code": rule.id, "since": since}
    return int(run_statement(Statement(_COUNT_HITS, parameters))[0][0])


def _count_payments(actor: Actor, rule: PolicyRule, since: datetime) -> int:
    parameters = _scope(actor) | {"floor": floor_of_time(since), "flows": [flow.value for flow in rule.flow.flows]}
    return int(run_statement(Statement(_COUNT_PAYMENTS, parameters))[0][0])


def _scope(actor: Actor) -> dict[str, object]:
    return {"organization_id": actor.organization_id, "environment": actor.environment.value}


def _mark(actor: Actor, row: Rule, counted: dict[str, int], now: datetime) -> None:
    Rule.objects.for_organization(actor.organization_id, actor.environment).filter(id=row.id).update(guarded_at=now)
    record(
        actor=actor,
        kind="rule.guarded",
        subject_type="rule",
        subject_id=str(row.id),
        payload={"code": row.code, **counted},
        personal={"rule": row.name},
        now=now,
    )
