"""Reads of custom rules and of what they met."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Case, Value, When

from assess.custom_rules import RuleAction, RuleFlow
from assess.models import Rule
from assess.types import RuleState
from core.environments import Environment
from core.errors import NotFound
from core.sql import Statement, run_statement

LIVING = (RuleState.ACTIVE, RuleState.SHADOW)
_TURN = Case(
    When(state__in=[state.value for state in LIVING], then=Value(0)),
    When(state=RuleState.DRAFT.value, then=Value(1)),
    default=Value(2),
)
MONTH = timedelta(days=30)
_DAY = timedelta(days=1)
LATEST_HITS = 10_000
"""Money and labels are told of at most so many hits, of all rules together: a page must not read every payment."""

_COUNT = """
SELECT rule.code, hit.day, hit.month, hit.shadow, hit.last_at
FROM unnest(%(codes)s::text[]) AS rule (code)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE h.hit_at > %(day)s) AS day, count(*) AS month,
           count(*) FILTER (WHERE h.is_shadow) AS shadow, max(h.hit_at) AS last_at
    FROM assess_rulehit h
    WHERE h.organization_id = %(organization_id)s AND h.environment = %(environment)s AND h.rule_code = rule.code
      AND h.hit_at > %(month)s
) AS hit
"""

_JUDGE = """
SELECT rule.code, met.currency, met.amount, met.fraud, met.legitimate
FROM unnest(%(codes)s::text[], %(shares)s::bigint[]) AS rule (code, share)
CROSS JOIN LATERAL (
    SELECT t.currency, sum(t.amount_minor)::bigint AS amount, count(*) FILTER (WHERE t.is_fraudulent) AS fraud,
           count(*) FILTER (WHERE NOT t.is_fraudulent) AS legitimate
    FROM (SELECT h.transaction_id FROM assess_rulehit h
          WHERE h.organization_id = %(organization_id)s AND h.environment = %(environment)s
            AND h.rule_code = rule.code AND h.hit_at > %(month)s
          ORDER BY h.hit_at DESC LIMIT rule.share) latest
    JOIN transactions_transaction t ON t.id = latest.transaction_id
    GROUP BY t.currency
) AS met
"""


class RuleNotFound(NotFound):
    message = "There is no such rule."


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is worked on. `published_revision` is the one in the policy in force, None when none is."""

    id: uuid.UUID
    code: str
    name: str
    description: str
    flow: RuleFlow
    condition: str
    action: RuleAction
    weight: int
    guard_percent: int | None
    state: RuleState
    position: int
    revision: int
    published_revision: int | None
    guarded_at: datetime | None
    created_by: uuid.UUID | None
    updated_at: datetime

    @property
    def has_unpublished(self) -> bool:
        """Say whether it was rewritten since it was published."""
        return self.published_revision is not None and self.published_revision != self.revision


class RuleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule met in the last 30 days; money (minor units, by currency) and labels of its latest `judged` hits."""

    day: int = 0
    month: int = 0
    judged: int = 0
    shadow: int = 0
    last_at: datetime | None = None
    amounts: dict[str, int] = {}
    fraud: int = 0
    legitimate: int = 0

    @property
    def is_cut(self) -> bool:
        """Say whether money and labels are of a part of the hits."""
        return self.judged < self.month

    @property
    def precision(self) -> float | None:
        """The share of fraud among the labelled payments that it met, 0 to 100; None without a label."""
        labelled = self.fraud + self.legitimate
        return 100 * self.fraud / labelled if labelled else None


def list_rules(
    *, organization_id: uuid.UUID, environment: Environment, states: Collection[RuleState], limit: int, offset: int
) -> tuple[list[RuleFacts], int]:
    """Return one page of the rules in these states and how many there are in all.

    First those of the policy in force, in the order in which they block; then the drafts, then the retired.
    """
    rows = Rule.objects.for_organization(organization_id, environment).filter(state__in=[s.value for s in states])
    page = rows.order_by(_TURN, "position", "created_at", "id")[offset : offset + limit]
    return [read_facts(row) for row in page], rows.count()


def count_rules(*, organization_id: uuid.UUID, environment: Environment) -> dict[RuleState, int]:
    """Return how many rules are in each state."""
    states = Rule.objects.for_organization(organization_id, environment).values_list("state", flat=True)
    counts = dict.fromkeys(RuleState, 0)
    for state in states:
        counts[RuleState(state)] += 1
    return counts


def get_rule(*, organization_id: uuid.UUID, environment: Environment, rule_id: uuid.UUID) -> RuleFacts:
    """Return the rule. Raises RuleNotFound."""
    row = Rule.objects.for_organization(organization_id, environment).filter(id=rule_id).first()
    if row is None:
        raise RuleNotFound
    return read_facts(row)


def summarize_rules(
    *, organization_id: uuid.UUID, environment: Environment, codes: Sequence[str], now: datetime
) -> dict[str, RuleRecord]:
    """Return what each rule met in the last 30 days, by its code."""
    parameters: dict[str, object] = {
        "organization_id": organization_id,
        "environment": environment.value,
        "codes": list(codes),
        "day": now - _DAY,
        "month": now - MONTH,
    }
    counted = run_statement(Statement(_COUNT, parameters))
    shares = share_hits({row[0]: row[2] for row in counted}, most=LATEST_HITS)
    shared = parameters | {"codes": list(shares), "shares": list(shares.values())}
    judged: dict[str, list[tuple[Any, ...]]] = {}
    for row in run_statement(Statement(_JUDGE, shared)):
        judged.setdefault(row[0], []).append(row)
    return {
        code: RuleRecord(
            day=day,
            month=month,
            judged=shares[code],
            shadow=shadow,
            last_at=last_at,
            amounts={row[1]: row[2] for row in judged.get(code, [])},
            fraud=sum(row[3] for row in judged.get(code, [])),
            legitimate=sum(row[4] for row in judged.get(code, [])),
        )
        for code, day, month, shadow, last_at in counted
    }


def share_hits(hits: Mapping[str, int], *, most: int) -> dict[str, int]:
    """Return how many hits of each are read, `most` in all: all of those that have few, equal parts of the rest."""
    shares: dict[str, int] = {}
    for code in sorted(hits, key=lambda each: hits[each]):
        shares[code] = min(hits[code], (most - sum(shares.values())) // (len(hits) - len(shares)))
    return shares


def read_facts(row: Rule) -> RuleFacts:
    """Return the rule as everybody but its services sees it."""
    return RuleFacts(
        id=row.id,
        code=row.code,
        name=row.name,
        description=row.description,
        flow=RuleFlow(row.flow),
        condition=row.condition,
        action=RuleAction(row.action),
        weight=row.weight,
        guard_percent=row.guard_percent,
        state=RuleState(row.state),
        position=row.position,
        revision=row.revision,
        published_revision=row.published_revision,
        guarded_at=row.guarded_at,
        created_by=row.created_by_id,
        updated_at=row.updated_at,
    )
