"""Custom rules as they are worked on: written, changed, put in order, and brought into the policy (contract §8)."""

import os
import uuid
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from assess.conditions.evaluating import compile_condition
from assess.conditions.faults import ConditionFault, find_position
from assess.custom_rules import MAXIMUM_RULES, MAXIMUM_WEIGHT, PolicyRule, RuleAction, RuleFlow, RuleStage
from assess.models import PolicyDraft, Rule
from assess.policy import Policy, encode_policy
from assess.rule_queries import RuleFacts, RuleNotFound
from assess.services.policy_drafts import WRITE, AnalystsNotHeard
from assess.services.policy_settings import read_policy_settings
from assess.types import DraftState, Language, NewRule, RuleState
from core.actor import Actor
from core.errors import Forbidden, StaleForm, ValidationFailed
from core.unit_of_work import service
from events.services.record import record

MAXIMUM_NAME_LENGTH = 120
MAXIMUM_DESCRIPTION_LENGTH = 2_000
_FIELDS = ("name", "description", "flow", "condition", "action", "weight", "guard_percent")


class RuleChanged(StaleForm):
    """Somebody changed it first; `details.fields` has `theirs` and `yours` of each field that differs."""

    message = "Somebody changed the rule after it was read; nothing was saved."


class RuleInUse(StaleForm):
    """A rule that was ever in a policy is retired, never deleted."""

    message = "Only a rule that was never published can be deleted."


class RuleProposed(StaleForm):
    """A rule that waits to be published is not deleted; `details.draft_id` names the draft of the policy."""

    message = "A proposal or a scheduled publication holds the rule: take that back first."


class TooManyRules(ValidationFailed):
    """A policy has so many rules at most, active and in shadow together."""


class ConditionInvalid(ValidationFailed):
    """A condition that is refused; `details` say where: `line` and `column` from 1, `at` in characters from 0."""

    def __init__(self, fault: ConditionFault, source: str) -> None:
        line, column = find_position(source, fault.at)
        said = f"{fault.describe(Language.ENGLISH)} (line {line}, column {column})"
        super().__init__(
            f"condition: {said}",
            details={
                "fields": {"condition": [said]},
                "fault": fault.fault.value,
                "at": fault.at,
                "line": line,
                "column": column,
            },
        )
        self.fault = fault


@service
def add_rule(*, actor: Actor, rule: NewRule, now: datetime) -> Rule:
    """Keep a new rule as a draft and return it; nothing is asked of payments yet.

    Raises ValidationFailed, ConditionInvalid, AnalystsNotHeard.
    """
    _require_right(actor)
    fields = check_rule(rule)
    rows = Rule.objects.for_organization(actor.organization_id, actor.environment)
    row = Rule(
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        code=os.urandom(4).hex(),
        position=rows.count(),
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
        **fields,
    )
    row.save(force_insert=True)
    _record(actor, row, "rule.added", {}, fields, now)
    return row


@service
def change_rule(*, actor: Actor, rule_id: uuid.UUID, rule: NewRule, revision: int, now: datetime) -> Rule:
    """Change the draft of a rule; what is published stays as it is until this is published too.

    Raises RuleNotFound, RuleChanged, ValidationFailed, ConditionInvalid, AnalystsNotHeard.
    """
    _require_right(actor)
    row = lock_rule(actor, rule_id)
    fields = check_rule(rule)
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not differing:
        return row
    if revision != row.revision:
        raise RuleChanged.of_row(row, differing)
    before = {name: getattr(row, name) for name in differing}
    for name, value in (differing | {"revision": row.revision + 1, "updated_at": now}).items():
        setattr(row, name, value)
    row.save(update_fields=[*differing, "revision", "updated_at"])
    _record(actor, row, "rule.changed", before, differing, now)
    return row


@service
def remove_rule(*, actor: Actor, rule_id: uuid.UUID, now: datetime) -> None:
    """Delete a rule that was never published; raises RuleNotFound, RuleInUse, RuleProposed, Forbidden."""
    row = lock_rule(actor, rule_id)
    if not actor.can(WRITE) and row.created_by_id != actor.id:
        raise Forbidden(details={"permission": WRITE})
    if row.state != RuleState.DRAFT:
        raise RuleInUse(details={"state": row.state})
    _require_unproposed(actor, row)
    _record(actor, row, "rule.removed", {name: getattr(row, name) for name in _FIELDS}, {}, now)
    row.delete()


def lock_rule(actor: Actor, rule_id: uuid.UUID) -> Rule:
    """Return the rule, locked; raises RuleNotFound."""
    rows = Rule.objects.for_organization(actor.organization_id, actor.environment)
    row = rows.select_for_update(of=("self",)).filter(id=rule_id).first()
    if row is None:
        raise RuleNotFound
    return row


def make_staged_document(*, policy: Policy, rule: RuleFacts, stage: RuleStage | None) -> dict[str, Any]:
    """Return the policy's document with the rule as it is written now at that stage; None takes it out.

    A rule that is there keeps its place, a new one comes last. Raises TooManyRules.
    """
    others = [each for each in policy.rules if each.id != rule.code]
    place = next((n for n, each in enumerate(policy.rules) if each.id == rule.code), len(others))
    staged = [] if stage is None else [make_policy_rule(rule, stage)]
    rules = [*others[:place], *staged, *others[place:]]
    if len(rules) > MAXIMUM_RULES:
        said = f"must be at most {MAXIMUM_RULES}, active and in shadow together"
        raise TooManyRules(f"rules: {said}", details={"fields": {"rules": [said]}})
    return encode_policy(_with_rules(policy, rules))


def make_restaged_document(*, policy: Policy, code: str, stage: RuleStage) -> dict[str, Any]:
    """Return the policy's document with a rule, as it is published, at another stage."""
    rules = [replace(rule, stage=stage) if rule.id == code else rule for rule in policy.rules]
    return encode_policy(_with_rules(policy, rules))


def make_moved_document(*, policy: Policy, code: str, steps: int) -> dict[str, Any]:
    """Return the policy's document with one rule earlier (negative) or later in the order in which rules block."""
    rules = list(policy.rules)
    place = next((n for n, rule in enumerate(rules) if rule.id == code), None)
    if place is None:
        raise RuleNotFound
    rules.insert(min(max(place + steps, 0), len(rules) - 1), rules.pop(place))
    return encode_policy(_with_rules(policy, rules))


def _with_rules(policy: Policy, rules: list[PolicyRule]) -> Policy:
    return replace(policy, rules=tuple(rules))


def make_policy_rule(rule: RuleFacts, stage: RuleStage) -> PolicyRule:
    """Return the rule, as it is written now, as a policy at that stage would hold it."""
    return PolicyRule(
        id=rule.code,
        name=rule.name,
        revision=rule.revision,
        flow=rule.flow,
        condition=rule.condition,
        action=rule.action,
        stage=stage,
        weight=rule.weight,
        guard_percent=rule.guard_percent,
    )


def check_rule(rule: NewRule) -> dict[str, Any]:
    """Return the fields as they are stored, the condition in its canonical text.

    Raises ValidationFailed, ConditionInvalid.
    """
    flow, action = _read_word("flow", rule.flow, RuleFlow), _read_word("action", rule.action, RuleAction)
    weight = rule.weight if action is RuleAction.SCORE else 0
    if not -MAXIMUM_WEIGHT <= weight <= MAXIMUM_WEIGHT:
        raise ValidationFailed.of_field("weight", f"must be a whole number from -{MAXIMUM_WEIGHT} to {MAXIMUM_WEIGHT}")
    if rule.guard_percent is not None and not 1 <= rule.guard_percent <= 100:
        raise ValidationFailed.of_field("guard_percent", "must be a whole number from 1 to 100")
    return {
        "name": _read_text("name", rule.name, MAXIMUM_NAME_LENGTH, is_required=True),
        "description": _read_text("description", rule.description, MAXIMUM_DESCRIPTION_LENGTH, is_required=False),
        "flow": flow.value,
        "condition": read_condition_text(rule.condition, flow),
        "action": action.value,
        "weight": weight,
        "guard_percent": rule.guard_percent,
    }


def read_condition_text(source: str, flow: RuleFlow) -> str:
    """Return the condition in its canonical text; raises ConditionInvalid."""
    try:
        return compile_condition(source, flows=flow.flows).text
    except ConditionFault as fault:
        raise ConditionInvalid(fault, source) from None


def _read_word[W: (RuleFlow, RuleAction)](field: str, given: str, words: type[W]) -> W:
    if given not in {word.value for word in words}:
        raise ValidationFailed.of_field(field, f"must be one of {', '.join(word.value for word in words)}")
    return words(given)


def _read_text(field: str, given: str, longest: int, *, is_required: bool) -> str:
    said = given.strip()
    is_readable = said.isprintable() if is_required else "\x00" not in said
    if len(said) > longest or not is_readable or (is_required and not said):
        raise ValidationFailed.of_field(field, f"must be text of {int(is_required)} to {longest} characters")
    return said


def _require_unproposed(actor: Actor, row: Rule) -> None:
    drafts = PolicyDraft.objects.for_organization(actor.organization_id, actor.environment)
    waiting = drafts.filter(state__in=[DraftState.PROPOSED.value, DraftState.SCHEDULED.value])
    found = waiting.filter(document__contains={"rules": [{"id": row.code}]}).values_list("id", flat=True).first()
    if found is not None:
        raise RuleProposed(details={"draft_id": str(found)})


def _require_right(actor: Actor) -> None:
    if not actor.can("rules:write") and not read_policy_settings(**actor.scope).are_analysts_heard:
        raise AnalystsNotHeard


def _record(actor: Actor, row: Rule, kind: str, before: dict[str, Any], after: dict[str, Any], now: datetime) -> None:
    """Record both sides; what is free text may be about somebody."""
    plain, hidden = ("flow", "action", "weight", "guard_percent"), ("name", "description", "condition")
    record(
        actor=actor,
        kind=kind,
        subject_type="rule",
        subject_id=str(row.id),
        payload={"code": row.code, **_pair(before, after, plain)},
        personal={"rule": row.name, **_pair(before, after, hidden)},
        now=now,
    )


def _pair(before: dict[str, Any], after: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    sides = {"before": before, "after": after}
    picked = {side: {name: values[name] for name in names if name in values} for side, values in sides.items()}
    return {side: values for side, values in picked.items() if values}
