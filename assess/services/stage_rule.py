"""Brings a rule to another stage: what would change is counted first, then it is proposed like any other change."""

from datetime import datetime
from typing import Any

import msgspec

from assess.custom_rules import RuleStage
from assess.impact import Impact, measure_impact
from assess.models import PolicyDraft
from assess.policies import load_policy
from assess.policy import decode_policy
from assess.rule_queries import RuleFacts
from assess.services.policy_drafts import MAXIMUM_TITLE_LENGTH, propose_draft, start_draft
from assess.services.rules import RuleChanged, make_staged_document
from assess.services.try_rule import PERIOD, SAMPLE
from assess.stored import list_newest
from core.actor import Actor
from core.unit_of_work import service


class PreparedStage(msgspec.Struct, frozen=True, kw_only=True):
    """A policy with the rule at its stage, the version it stands on, and what it would change of recent payments."""

    document: dict[str, Any]
    base_version: int
    impact: Impact


def require_revision(rule: RuleFacts, revision: int) -> None:
    """Raise RuleChanged when the rule is not the one that was read.

    No row is locked for it: what is prepared of these facts is what is published, whoever rewrites the rule meanwhile.
    """
    if rule.revision != revision:
        raise RuleChanged(details={"revision": rule.revision})


def prepare_stage(*, actor: Actor, rule: RuleFacts, stage: RuleStage | None, now: datetime) -> PreparedStage:
    """Return what bringing the rule to that stage would be (None retires it); nothing is written.

    To be run in a unit of work of its own: a thousand payments are scored. Raises TooManyRules.
    """
    policy = load_policy(**actor.scope)
    document = make_staged_document(policy=policy, rule=rule, stage=stage)
    after = decode_policy(document, version=policy.version)
    stored = list_newest(**actor.scope, since=now - PERIOD, limit=SAMPLE)
    impact = measure_impact(stored=stored, before=policy, after=after)
    return PreparedStage(document=document, base_version=policy.version, impact=impact)


@service
def propose_stage(
    *,
    actor: Actor,
    prepared: PreparedStage,
    title: str,
    reason: str,
    publish_at: datetime | None = None,
    now: datetime,
) -> PolicyDraft:
    """Propose what was prepared and return its draft: published, scheduled, or waiting for somebody else.

    Raises ValidationFailed (no reason, a past moment), PolicyMoved, NothingToPublish, AnalystsNotHeard.
    """
    draft = start_draft(
        actor=actor,
        title=title[:MAXIMUM_TITLE_LENGTH],
        document=prepared.document,
        base_version=prepared.base_version,
        now=now,
    )
    return propose_draft(
        actor=actor, draft_id=draft.id, reason=reason, impact=prepared.impact, publish_at=publish_at, now=now
    )
