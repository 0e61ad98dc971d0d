"""What a bank does with its payments after the decisions, through the same services as its people and its worker.

It runs beside the API, on the same database. All it is told of a payment is whether it was fraud, never how.
"""

import uuid
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.actor import Actor, make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from transactions.queries import find_tenant, list_tenants
from transactions.services.label_transaction import label_transaction
from transactions.services.set_outcome import set_outcome
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.types import Flow, FraudReason, Outcome, Tenant

COMMAND = "replay_dataset"
REASONS = {Flow.PAYIN: FraudReason.CHARGEBACK, Flow.PAYOUT: FraudReason.AUTHORIZED_PUSH_PAYMENT}
"""What is known when only the fact of the fraud is. Of a card payment a chargeback came; the payer is then the suspect.
Of a transfer the one who paid complains; the beneficiary is then the suspect, and no customer is accused."""


class NotOurPayment(Exception):
    """The API's payments are not in this command's database."""


class Bank:
    """`told` counts what was done, by name. For one thread."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        self._tenants: dict[Flow, Tenant] = {}
        self._days: dict[Flow, date] = {}

    def confirm_fraud(self, *, flow: Flow, transaction_id: str, at: datetime) -> None:
        """Label a payment as fraud, known since `at`. Raises NotOurPayment, AppError."""
        with unit_of_work():
            is_new = label_transaction(
                actor=self._act(flow, transaction_id),
                transaction_id=uuid.UUID(transaction_id),
                is_fraudulent=True,
                reason=REASONS[flow],
                fraudster_side=None,
                labelled_at=at,
                now=read_clock(),
            )
        self.told["frauds confirmed"] += is_new

    def decide(self, *, flow: Flow, transaction_id: str, is_fraud: bool) -> None:
        """Release a good payment that waits, cancel a fraud. Raises NotOurPayment, AppError."""
        outcome = Outcome.CANCELLED if is_fraud else Outcome.RELEASED
        with unit_of_work():
            actor = self._act(flow, transaction_id)
            is_new = set_outcome(
                actor=actor, transaction_id=uuid.UUID(transaction_id), outcome=outcome, now=read_clock()
            )
        self.told[f"waiting payments {outcome.value}"] += is_new

    def meet(self, *, flow: Flow, transaction_id: str) -> None:
        """Learn from a payment of the flow whose it is. Raises NotOurPayment."""
        if flow not in self._tenants:
            self._tenants[flow] = _find_tenant(transaction_id)

    def is_day_over(self, at: datetime) -> bool:
        """Say whether a day of an organization, in its time zone, has ended since days were closed last."""
        return any(self._days.get(flow) != _local_date(tenant, at) for flow, tenant in self._tenants.items())

    def close_days(self, at: datetime) -> None:
        """Sum up the amounts of the days that have ended, as the worker does every night."""
        for flow, tenant in self._tenants.items():
            if self._days.get(flow) == _local_date(tenant, at):
                continue
            self._days[flow] = _local_date(tenant, at)
            with unit_of_work():
                self.told["daily sums of amounts"] += snapshot_amounts_of(
                    actor=_make_actor(tenant), timezone=tenant.timezone, until=at, days=1
                )

    def _act(self, flow: Flow, transaction_id: str) -> Actor:
        self.meet(flow=flow, transaction_id=transaction_id)
        return _make_actor(self._tenants[flow])


def _make_actor(tenant: Tenant) -> Actor:
    return make_system_actor(organization_id=tenant.organization_id, environment=tenant.environment, name=COMMAND)


def _local_date(tenant: Tenant, at: datetime) -> date:
    return at.astimezone(ZoneInfo(tenant.timezone)).date()


def _find_tenant(transaction_id: str) -> Tenant:
    try:
        found = find_tenant(transaction_id=uuid.UUID(transaction_id))
    except ValueError:
        found = None
    if found is None:
        raise NotOurPayment("this command's DATABASE_URL is not the database of the API: a payment is not in it")
    return next(tenant for tenant in list_tenants() if (tenant.organization_id, tenant.environment) == found)
