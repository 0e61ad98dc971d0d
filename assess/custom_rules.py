"""Rules of an organization's own, as a policy holds them and as they judge a payment (contract §8). Pure."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from assess.conditions.evaluating import Asked, Condition, Verdict, compile_condition
from assess.conditions.faults import ConditionFault
from assess.conditions.field import Scored
from assess.types import Facts, RuleMark
from core.structs import make_ready
from transactions.types import Decision, Flow

MAXIMUM_RULES = 200
"""Active and in shadow together."""
MAXIMUM_WEIGHT = 100
BLOCK_WEIGHT = 100
_ID_FORM = re.compile(r"[0-9a-f]{8}")


class RuleFlow(StrEnum):
    PAYIN = "payin"
    PAYOUT = "payout"
    BOTH = "both"

    @property
    def flows(self) -> frozenset[Flow]:
        """The flows whose payments the rule is asked of."""
        return frozenset(Flow) if self is RuleFlow.BOTH else frozenset({Flow(self.value)})


class RuleAction(StrEnum):
    """What a rule does when its condition holds, the mildest first."""

    SCORE = "score"
    REVIEW = "review"
    CHALLENGE = "challenge"
    BLOCK = "block"


class RuleStage(StrEnum):
    """How a rule stands in a policy: one in shadow is asked and recorded, and decides nothing."""

    SHADOW = "shadow"
    ACTIVE = "active"


FLOORS = {RuleAction.REVIEW: Decision.REVIEW, RuleAction.CHALLENGE: Decision.CHALLENGE}


class PolicyRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of a policy. `condition` is in its canonical text; `weight` counts for the action `score` only.

    `id` is the rule's short code, as answers show it in `custom_rule:<id>`; `revision` says which text of it this is;
    `guard_percent` takes it back to shadow when it meets more than that share of an hour's payments.
    """

    id: str
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    revision: Annotated[int, msgspec.Meta(ge=1)]
    flow: RuleFlow
    condition: str
    action: RuleAction
    stage: RuleStage
    weight: Annotated[int, msgspec.Meta(ge=-MAXIMUM_WEIGHT, le=MAXIMUM_WEIGHT)] = 0
    guard_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for an id of another form, or a weight that nothing would use."""
        if _ID_FORM.fullmatch(self.id) is None:
            raise ValueError("a rule's id is 8 digits of 0-9a-f")
        if self.action is not RuleAction.SCORE and self.weight != 0:
            raise ValueError("only the action score has a weight")

    @property
    def code(self) -> str:
        """The code of its signal."""
        return f"custom_rule:{self.id}"

    @property
    def is_shadow(self) -> bool:
        """Say whether it decides nothing."""
        return self.stage is RuleStage.SHADOW


class RuleFinding(msgspec.Struct, frozen=True, kw_only=True):
    """An active rule whose condition holds."""

    rule: PolicyRule

    @property
    def weight(self) -> int:
        """What it adds to the score."""
        return BLOCK_WEIGHT if self.rule.action is RuleAction.BLOCK else self.rule.weight

    @property
    def floor(self) -> Decision | None:
        """The decision that it demands at least."""
        return FLOORS.get(self.rule.action)

    @property
    def blocks(self) -> str | None:
        """What `blocked_by` says when it blocks."""
        return f"rule:{self.rule.id}" if self.rule.action is RuleAction.BLOCK else None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say of one payment: `findings` of active ones, `marks` of all that held or could not be told.

    `unjudged` are the codes of active rules that a failed look-up kept from being told.
    """

    findings: tuple[RuleFinding, ...] = ()
    marks: tuple[RuleMark, ...] = ()
    unjudged: tuple[str, ...] = ()


NOTHING = Judged()


class ReadyRules:
    """The rules of one flow, compiled; they share what they read of a payment."""

    def __init__(self, rules: Iterable[PolicyRule], flow: Flow) -> None:
        self._rules: list[tuple[PolicyRule, Condition]] = [
            (rule, compile_condition(rule.condition, flows=rule.flow.flows))
            for rule in rules
            if flow in rule.flow.flows
        ]
        self._fields = tuple({each.name: each for _, ready in self._rules for each in ready.fields}.values())

    def judge(self, facts: Facts, scored: Scored) -> Judged:
        """Ask every rule in its order."""
        if not self._rules:
            return NOTHING
        asked = Asked(fields=self._fields, facts=facts, scored=scored)
        verdicts = [(rule, condition, asked.ask(condition)) for rule, condition in self._rules]
        return Judged(
            findings=tuple(
                RuleFinding(rule=rule)
                for rule, _, verdict in verdicts
                if verdict is Verdict.TRUE and not rule.is_shadow
            ),
            marks=tuple(
                RuleMark(rule_id=rule.id, is_shadow=rule.is_shadow, is_met=verdict is Verdict.TRUE)
                for rule, _, verdict in verdicts
                if verdict is not Verdict.FALSE
            ),
            unjudged=tuple(
                rule.code
                for rule, condition, verdict in verdicts
                if verdict is Verdict.UNKNOWN
                and not rule.is_shadow
                and not condition.needs.isdisjoint(facts.failed_lookups)
            ),
        )


class RuleInvalid(ValueError):
    """A rule of a document that is none: the place in the list and what is wrong with it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def decode_rules(value: object) -> tuple[PolicyRule, ...]:
    """Return the rules of a policy's document, every condition read and checked; raises RuleInvalid."""
    if not isinstance(value, list | tuple):
        raise RuleInvalid("", "must be a list of rules")
    if len(value) > MAXIMUM_RULES:
        raise RuleInvalid("", f"must be at most {MAXIMUM_RULES} rules")
    rules = tuple(_decode_rule(each, f"[{place}]") for place, each in enumerate(value))
    if len({rule.id for rule in rules}) != len(rules):
        raise RuleInvalid("", "must have every rule once")
    return rules


def _decode_rule(value: object, path: str) -> PolicyRule:
    if not isinstance(value, Mapping):
        raise RuleInvalid(path, "must be an object")
    try:
        rule = msgspec.convert(value, type=make_ready(PolicyRule))
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise RuleInvalid(path + place.rstrip("`"), reason) from None
    try:
        compiled = compile_condition(rule.condition, flows=rule.flow.flows)
    except ConditionFault as fault:
        raise RuleInvalid(f"{path}.condition", f"{fault.fault} at {fault.at}") from None
    if compiled.text != rule.condition:
        raise RuleInvalid(f"{path}.condition", "must be written in its canonical form")
    return rule


def encode_rules(rules: Iterable[PolicyRule]) -> list[dict[str, Any]]:
    """Return the rules as JSON; `decode_rules` gives the same rules back."""
    return [msgspec.to_builtins(rule) for rule in rules]
