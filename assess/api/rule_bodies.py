"""The JSON of rules, in and out (contract §8)."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from msgspec import Meta

from assess.custom_rules import RuleAction, RuleFlow
from assess.models import PolicyDraft
from assess.rule_queries import RuleFacts, RuleRecord
from assess.types import DraftState, NewRule, RuleState
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.responses import format_time

type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
type Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset, in the future")]


class RuleIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule to be written. `condition` is CEL over the fields of the rule editor; amounts in minor units.

    `weight` counts for the action `score` only; `guard_percent` takes the rule back to shadow when it meets more than
    that share of an hour's payments; `revision` is of the rule that was read, when one is changed.
    """

    name: str
    flow: RuleFlow
    condition: str
    action: RuleAction
    description: str = ""
    weight: int = 0
    guard_percent: int | None = None
    revision: int = 0


class StageIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to bring a rule, why, and when (at once without `publish_at`); `revision` is of the rule that was read."""

    stage: Literal["shadow", "active", "retired"]
    reason: str
    revision: int
    publish_at: Moment | None = None


class RuleOut(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. `published_revision` is the text in force, null when none is; hits are of the last 30 days.

    `precision_percent` is of the latest hits, 10,000 at most of all the rules of one answer.
    """

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
    revision: int
    published_revision: int | None
    guarded_at: Time | None
    updated_at: Time
    hits_24h: int
    hits_30d: int
    shadow_hits_30d: int
    last_hit_at: Time | None
    precision_percent: float | None


class RulesOut(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the rules: those in force first, in the order in which they block; `total` counts all of them."""

    data: list[RuleOut]
    total: int
    limit: int
    offset: int


class StageOut(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the change: `published`, `scheduled`, or `proposed` (it waits for another person)."""

    draft_id: uuid.UUID
    state: DraftState
    version: int | None
    payments: int
    changed: int


def read_rule(request: HttpRequest) -> tuple[NewRule, int]:
    """Return the rule that the body asks for and the revision that it was read in; raises ValidationFailed."""
    body = _read(request, RuleIn)
    rule = NewRule(
        name=body.name,
        description=body.description,
        flow=body.flow.value,
        condition=body.condition,
        action=body.action.value,
        weight=body.weight,
        guard_percent=body.guard_percent,
    )
    return rule, body.revision


def read_stage(request: HttpRequest) -> StageIn:
    """Return where the body brings the rule; raises ValidationFailed."""
    return _read(request, StageIn)


def _read[T: msgspec.Struct](request: HttpRequest, kind: type[T]) -> T:
    tree = read_object(request)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)


def make_rule_body(rule: RuleFacts, record: RuleRecord) -> RuleOut:
    """Return the rule with what it met."""
    return RuleOut(
        id=rule.id,
        code=rule.code,
        name=rule.name,
        description=rule.description,
        flow=rule.flow,
        condition=rule.condition,
        action=rule.action,
        weight=rule.weight,
        guard_percent=rule.guard_percent,
        state=rule.state,
        revision=rule.revision,
        published_revision=rule.published_revision,
        guarded_at=format_time(rule.guarded_at),
        updated_at=format_time(rule.updated_at),
        hits_24h=record.day,
        hits_30d=record.month,
        shadow_hits_30d=record.shadow,
        last_hit_at=format_time(record.last_at),
        precision_percent=record.precision,
    )


def make_stage_body(draft: PolicyDraft) -> StageOut:
    """Return what became of a rule's change."""
    impact = draft.impact or {}
    return StageOut(
        draft_id=draft.id,
        state=DraftState(draft.state),
        version=draft.published_version,
        payments=impact.get("payments", 0),
        changed=impact.get("changed", 0),
    )
