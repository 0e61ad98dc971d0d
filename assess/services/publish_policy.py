"""Puts another version of the policy in force. A version is never changed; each stands on the one before it."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import Q

from assess.custom_rules import RuleStage
from assess.models import AssessmentPolicy, Rule
from assess.policies import load_policy
from assess.policy import ENGINE, Policy, decode_policy, encode_policy
from assess.policy_difference import PolicyChange, list_changes
from assess.types import RuleState
from core.actor import Actor, ActorKind
from core.errors import StaleForm, ValidationFailed
from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.services.record import record

MAXIMUM_REASON_LENGTH = 1_000

# A rule that is locked so may be rewritten meanwhile, and brought to another stage, but not deleted.
_HOLD_RULES = """
SELECT r.code FROM assess_rule r
WHERE r.organization_id = %(organization_id)s AND r.environment = %(environment)s AND r.code = ANY(%(codes)s)
ORDER BY r.id FOR KEY SHARE
"""


class PolicyMoved(StaleForm):
    """Another version was published since this one was begun."""

    message = "Another version of the policy was published meanwhile; nothing was published."


class NothingToPublish(ValidationFailed):
    """The policy is the one in force already."""

    message = "Nothing differs from the policy in force."


class RulesUnknown(ValidationFailed):
    """The policy holds rules that were deleted, or never were: nobody could see, change or retire them."""


@service
def publish_policy(
    *,
    actor: Actor,
    document: object,
    base_version: int,
    reason: str,
    approved_by: uuid.UUID | None = None,
    now: datetime,
) -> Policy:
    """Publish the document as the next version and return it; the next assessment obeys it, on every process.

    Raises ValidationFailed (no reason) and as `check_publication`.
    """
    said = require_reason(reason)
    policy, changes = check_publication(actor=actor, document=document, base_version=base_version)
    _insert(actor, policy, said, approved_by, now)
    _follow_rules(actor, policy, now)
    _record(actor, policy, changes, said, approved_by, now)
    return policy


@service
def check_publication(*, actor: Actor, document: object, base_version: int) -> tuple[Policy, tuple[PolicyChange, ...]]:
    """Return the next version as the document would make it, and what it changes; nothing is written.

    Its rules cannot be deleted until the unit of work ends. Raises PolicyInvalid, PolicyMoved (`base_version` is not
    in force any more), NothingToPublish and RulesUnknown.
    """
    current = load_policy(**actor.scope)
    if current.version != base_version:
        raise PolicyMoved(details={"version": current.version})
    policy = _adopt(document, version=base_version + 1)
    changes = list_changes(current, policy)
    if not changes:
        raise NothingToPublish
    _hold_rules(actor, policy)
    return policy, changes


def require_reason(reason: str) -> str:
    """Return the reason without the space around it; raises ValidationFailed when there is none, or too much."""
    said = reason.strip()
    if not said or len(said) > MAXIMUM_REASON_LENGTH or "\x00" in said:
        raise ValidationFailed.of_field("reason", f"must be text of 1 to {MAXIMUM_REASON_LENGTH} characters")
    return said


def _adopt(document: object, *, version: int) -> Policy:
    """Return the policy, written for this engine: what an earlier one did not know stays off."""
    policy = decode_policy(document, version=version)
    return msgspec.structs.replace(policy, engine=ENGINE)


def _hold_rules(actor: Actor, policy: Policy) -> None:
    codes = [rule.id for rule in policy.rules]
    scope = {"organization_id": actor.organization_id, "environment": actor.environment.value}
    held = {code for (code,) in run_statement(Statement(_HOLD_RULES, scope | {"codes": codes}))}
    unknown = [code for code in codes if code not in held]
    if unknown:
        raise RulesUnknown.of_field("rules", f"must be rules that there are, and these are not: {', '.join(unknown)}")


def _insert(actor: Actor, policy: Policy, reason: str, approved_by: uuid.UUID | None, now: datetime) -> None:
    """Insert the version unless its place was taken meanwhile; a conflict leaves no line in PostgreSQL's log."""
    row = AssessmentPolicy(
        id=uuid.uuid4(),
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        version=policy.version,
        document=encode_policy(policy),
        reason=reason,
        published_by_id=actor.id if actor.kind is ActorKind.USER else None,
        approved_by_id=approved_by,
        published_at=now,
    )
    rows = AssessmentPolicy.objects.for_organization(actor.organization_id, actor.environment)
    rows.bulk_create([row], ignore_conflicts=True)
    if not rows.filter(id=row.id).exists():
        raise PolicyMoved(details={"version": policy.version})


def _follow_rules(actor: Actor, policy: Policy, now: datetime) -> None:
    """Let the rules that are worked on say how they stand in the policy in force; those that stand as before stay."""
    standing = {rule.id: (rule.stage.value, rule.revision, place) for place, rule in enumerate(policy.rules)}
    rows = Rule.objects.for_organization(actor.organization_id, actor.environment)
    concerned = rows.filter(Q(code__in=standing) | Q(state__in=[stage.value for stage in RuleStage]))
    for row in concerned.order_by("id"):
        stands = standing.get(row.code, (RuleState.RETIRED.value, None, row.position))
        if stands != (row.state, row.published_revision, row.position):
            row.state, row.published_revision, row.position = stands
            row.updated_at = now
            row.save(update_fields=["state", "published_revision", "position", "updated_at"])


def _record(
    actor: Actor,
    policy: Policy,
    changes: tuple[PolicyChange, ...],
    reason: str,
    approved_by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Record what changed; the conditions and names of rules, and the reason, may be about somebody."""
    plain = [change for change in changes if not change.is_personal]
    hidden = [change for change in changes if change.is_personal]
    record(
        actor=actor,
        kind="policy.published",
        subject_type="policy",
        subject_id=str(policy.version),
        payload={"version": policy.version, "approved_by": str(approved_by) if approved_by else None} | _pair(plain),
        personal={"reason": reason} | _pair(hidden),
        now=now,
    )


def _pair(changes: list[PolicyChange]) -> dict[str, object]:
    """Return both sides by path; a side that has nothing of a path does not name it."""
    sides = {
        "before": {".".join(each.path): each.before for each in changes if each.before is not None},
        "after": {".".join(each.path): each.after for each in changes if each.after is not None},
    }
    return {side: values for side, values in sides.items() if values}
