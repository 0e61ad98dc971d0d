"""A policy, its versions and its drafts as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import ActiveSignal, Bands, FlowPolicy, Policy
from assess.policy_difference import list_changes
from assess.signals.base import Parameters, Signal
from assess.signals.table import list_signals
from assess.types import DraftState
from assess.web.policy_values import ShownPolicyChange, show_change, show_meaning, show_parameter
from assess.web.policy_words import (
    DRAFT_STATES,
    DRAFT_TONES,
    FLOWS,
    RULE_ACTIONS,
    RULE_FLOWS,
    RULE_STAGES,
    SIGNALS,
    words_of_parameter,
)
from transactions.types import Decision, Flow

_FIRST_REASON = "default"
_MOST_SEVERE = 100


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """One signal of a flow; `parameters` are (what it is called, its value)."""

    name: str | Promise
    meaning: str
    weight: int
    is_on: bool
    can_block: bool
    parameters: list[tuple[str | Promise, str]]


@dataclass(frozen=True, slots=True)
class ShownFlow:
    """How one flow is decided; `bands` are (decision, from and to which score), the last None where none leads."""

    code: str
    label: str | Promise
    bands: list[tuple[str, tuple[int, int] | None]]
    signals: list[ShownSignal]


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule of a policy in short."""

    name: str
    stage: str | Promise
    flow: str | Promise
    action: str
    is_shadow: bool


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with the people behind it."""

    row: AssessmentPolicy

    @property
    def reason(self) -> str:
        return _("La de fábrica") if self.is_first else self.row.reason

    @property
    def is_first(self) -> bool:
        return self.row.reason == _FIRST_REASON and self.row.published_by_id is None

    @property
    def publisher(self) -> str:
        return name_person(self.row.published_by) or _("Sistema")

    @property
    def approver(self) -> str:
        return name_person(self.row.approved_by)


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft with its people and what may be said of its state."""

    row: PolicyDraft

    @property
    def state(self) -> str | Promise:
        return DRAFT_STATES[self.row.state]

    @property
    def tone(self) -> str:
        return DRAFT_TONES.get(self.row.state, "")

    @property
    def creator(self) -> str:
        return name_person(self.row.created_by)

    @property
    def proposer(self) -> str:
        return name_person(self.row.proposed_by)

    @property
    def approver(self) -> str:
        return name_person(self.row.approved_by)

    @property
    def is_proposed(self) -> bool:
        return self.row.state == DraftState.PROPOSED.value

    @property
    def is_scheduled(self) -> bool:
        return self.row.state == DraftState.SCHEDULED.value

    @property
    def is_published(self) -> bool:
        return self.row.state == DraftState.PUBLISHED.value

    @property
    def is_changeable(self) -> bool:
        return self.row.state in {DraftState.DRAFT.value, DraftState.STALE.value}

    @property
    def is_open(self) -> bool:
        return self.is_changeable or self.is_proposed or self.is_scheduled


def name_person(person: Any) -> str:
    """Return the person's name, of whoever has given none the e-mail; nothing for nobody."""
    return (person.name or person.email) if person else ""


def show_flow(policy: Policy, flow: Flow) -> ShownFlow:
    """Return one flow of a policy."""
    return _show_flow(policy.of(flow))


def show_rules(policy: Policy) -> list[ShownRule]:
    """Return the rules of a policy in their order."""
    return [
        ShownRule(
            name=rule.name,
            stage=RULE_STAGES[rule.stage],
            flow=RULE_FLOWS[rule.flow],
            action=f"{RULE_ACTIONS[rule.action]} ({rule.weight:+})" if rule.weight else str(RULE_ACTIONS[rule.action]),
            is_shadow=rule.is_shadow,
        )
        for rule in policy.rules
    ]


def show_changes(before: Policy, after: Policy) -> list[ShownPolicyChange]:
    """Return what differs between two policies, in words."""
    names = {rule.id: rule.name for policy in (before, after) for rule in policy.rules}
    return [show_change(change, names) for change in list_changes(before, after)]


def show_parameters(signal: Signal[Any], held: Parameters) -> list[tuple[str | Promise, str]]:
    """Return what a signal's parameters are called, and their values."""
    return [
        (words_of_parameter(signal.code, name).label, show_parameter(signal.code, name, getattr(held, name)))
        for name in held.__struct_fields__
    ]


def _show_flow(part: FlowPolicy) -> ShownFlow:
    signals = (
        ActiveSignal(signal, part.weights[signal.code], part.parameters[signal.code])
        for signal in list_signals(flow=part.flow)
    )
    return ShownFlow(part.flow.value, FLOWS[part.flow], _show_bands(part.bands), [*_show_signals(signals, part)])


def _show_signals(signals: Iterable[ActiveSignal], part: FlowPolicy) -> Iterable[ShownSignal]:
    for each in signals:
        yield ShownSignal(
            name=SIGNALS[each.signal.code],
            meaning=show_meaning(each.signal),
            weight=each.weight,
            is_on=each.signal.code not in part.disabled,
            can_block=each.signal.can_block,
            parameters=show_parameters(each.signal, each.parameters),
        )


def _show_bands(bands: Bands) -> list[tuple[str, tuple[int, int] | None]]:
    starts = [0, bands.review, bands.challenge, bands.decline]
    ends = [*(start - 1 for start in starts[1:]), _MOST_SEVERE]
    decisions = (Decision.APPROVE, Decision.REVIEW, Decision.CHALLENGE, Decision.DECLINE)
    return [
        (decision.value, (start, end) if start <= end else None)
        for decision, start, end in zip(decisions, starts, ends, strict=True)
    ]
