"""What an entry would have met: payments of the last 30 days, counted by their history or in a sample of the newest.

Which values have a history by which payments are found is `rules.stored_payments`'; the rest is compared, payment by
payment, with the newest of the flow, as many as take a moment. So the time is bounded however many payments there are.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from blocklists.rules.stored_payments import find_identity, is_met, list_flows
from blocklists.types import FlowScope, ListType
from core.environments import Environment
from transactions.recent import RecentPayment, list_newest_payments, list_payments_of
from transactions.types import Decision, Flow

SHOWN_DAYS = 30
MOST_COUNTED = 5_000
SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class FlowEffect:
    """What would have been met of one flow.

    `sampled` is among how many of the newest payments was looked, None when all of the 30 days were; `is_cut` says that
    counting stopped at the most.
    """

    flow: Flow
    payments: tuple[RecentPayment, ...]
    sampled: int | None
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry would have met in all its flows."""

    flows: tuple[FlowEffect, ...]

    @property
    def payments(self) -> list[RecentPayment]:
        return [payment for flow in self.flows for payment in flow.payments]

    @property
    def is_cut(self) -> bool:
        return any(flow.is_cut for flow in self.flows)

    @property
    def approved(self) -> list[RecentPayment]:
        """Return what went through, which an entry would have changed."""
        return [payment for payment in self.payments if payment.decision is Decision.APPROVE]

    @property
    def frauds(self) -> int:
        return sum(payment.is_fraudulent is True for payment in self.payments)

    @property
    def legitimate(self) -> int:
        return sum(payment.is_fraudulent is False for payment in self.payments)


def sum_up(payments: Iterable[RecentPayment]) -> list[tuple[str, int]]:
    """Return each currency with what was paid in it, in minor units, by currency."""
    sums: Counter[str] = Counter()
    for payment in payments:
        sums[payment.currency] += payment.amount_minor
    return sorted(sums.items())


def measure_effect(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    list_type: ListType,
    value: str,
    scope: FlowScope,
    now: datetime,
) -> Effect:
    """Return what an entry with this canonical value would have met in the 30 days until now."""
    whose = _Asked(organization_id, environment, list_type, value, now - timedelta(days=SHOWN_DAYS))
    return Effect(tuple(_measure_flow(whose, flow) for flow in list_flows(list_type, scope)))


@dataclass(frozen=True, slots=True)
class _Asked:
    organization_id: uuid.UUID
    environment: Environment
    list_type: ListType
    value: str
    since: datetime


def _measure_flow(asked: _Asked, flow: Flow) -> FlowEffect:
    identity = find_identity(asked.list_type, asked.value, flow=flow, environment=asked.environment)
    if identity is None:
        return _sample(asked, flow)
    found = list_payments_of(
        organization_id=asked.organization_id,
        environment=asked.environment,
        identities=[identity],
        since=asked.since,
        most=MOST_COUNTED + 1,
    )
    return FlowEffect(flow, tuple(found[:MOST_COUNTED]), None, is_cut=len(found) > MOST_COUNTED)


def _sample(asked: _Asked, flow: Flow) -> FlowEffect:
    newest = list_newest_payments(
        organization_id=asked.organization_id,
        environment=asked.environment,
        flow=flow,
        since=asked.since,
        most=SAMPLE,
    )
    met = [payment for payment, details in newest if is_met(asked.list_type, asked.value, flow=flow, details=details)]
    return FlowEffect(flow, tuple(met), len(newest) if len(newest) == SAMPLE else None, is_cut=False)
