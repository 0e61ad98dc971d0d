"""Reads of payments. Lists are read by key, never by offset, in the order of the payments' own time."""

import uuid
from typing import Any

from django.db.models import QuerySet

from core.environments import Environment
from core.errors import NotFound
from core.ids import ceiling_of_time, floor_of_time
from core.sql import Statement, run_statement
from transactions.models import Transaction
from transactions.types import AmountSeries, Flow, SessionTransaction, Simulated, Tenant, TransactionFilter

# Steps from one flow and currency to the next, and in each to its end: DISTINCT would read every payment. Comparisons
# are of rows, with the order of the index, since an equality would let the planner walk the payments by id instead.
_AMOUNT_SERIES = """
WITH RECURSIVE series AS (
    (SELECT t.flow, t.currency
     FROM transactions_transaction t
     WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
       AND NOT t.is_simulated AND NOT t.is_advisory AND t.released_at IS NULL
     ORDER BY t.flow, t.currency
     LIMIT 1)
    UNION ALL
    SELECT later.flow, later.currency
    FROM series
    CROSS JOIN LATERAL (
        SELECT t.flow, t.currency
        FROM transactions_transaction t
        WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
          AND NOT t.is_simulated AND NOT t.is_advisory AND t.released_at IS NULL
          AND (t.flow, t.currency) > (series.flow, series.currency)
        ORDER BY t.flow, t.currency
        LIMIT 1
    ) AS later
)
SELECT series.flow, series.currency, latest.occurred_at
FROM series
CROSS JOIN LATERAL (
    SELECT t.occurred_at
    FROM transactions_transaction t
    WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
      AND NOT t.is_simulated AND NOT t.is_advisory AND t.released_at IS NULL
      AND (t.flow, t.currency) <= (series.flow, series.currency)
    ORDER BY t.flow DESC, t.currency DESC, t.id DESC
    LIMIT 1
) AS latest
"""

_TENANTS = """
SELECT o.id, e.environment, o.timezone
FROM accounts_organization o
CROSS JOIN unnest(%(environments)s::text[]) AS e (environment)
WHERE EXISTS (
    SELECT FROM transactions_transaction t WHERE t.organization_id = o.id AND t.environment = e.environment
)
ORDER BY o.id, e.environment
"""


def list_transactions(
    *, organization_id: uuid.UUID, environment: Environment, wanted: TransactionFilter
) -> tuple[list[Transaction], bool]:
    """Return one page, the newest first, and whether more follow; without the payments' details."""
    rows = _narrow(Transaction.objects.for_organization(organization_id, environment), wanted)
    page = list(_with_submerchant(rows).order_by("-id")[: wanted.limit + 1])
    return page[: wanted.limit], len(page) > wanted.limit


def get_transaction(*, organization_id: uuid.UUID, environment: Environment, transaction_id: uuid.UUID) -> Transaction:
    """Return the payment without its details; raises NotFound, for another tenant's or environment's too."""
    rows = Transaction.objects.for_organization(organization_id, environment).filter(pk=transaction_id)
    return _one(_with_submerchant(rows))


def get_whole_transaction(
    *, organization_id: uuid.UUID, environment: Environment, transaction_id: uuid.UUID
) -> Transaction:
    """Return the payment with its details, which hold personal data; raises NotFound."""
    return _one(Transaction.objects.for_organization(organization_id, environment).filter(pk=transaction_id))


def lock_transaction(*, organization_id: uuid.UUID, environment: Environment, transaction_id: uuid.UUID) -> Transaction:
    """Return the payment, locked until the unit of work ends; raises NotFound."""
    rows = Transaction.objects.for_organization(organization_id, environment).filter(pk=transaction_id)
    return _one(rows.select_for_update(of=("self",)))


def lock_real_transactions(
    *, organization_id: uuid.UUID, environment: Environment, **conditions: Any
) -> list[Transaction]:
    """Return the payments that meet the conditions and were not simulated, oldest first, locked."""
    rows = Transaction.objects.for_organization(organization_id, environment).filter(is_simulated=False, **conditions)
    return list(rows.select_for_update(of=("self",)).defer("details").order_by("pk"))


def find_newest_attempt(
    *, organization_id: uuid.UUID, environment: Environment, order_id: str, payment_id: str
) -> Transaction | None:
    """Return the latest attempt under the pair that was not simulated, or None."""
    rows = Transaction.objects.for_organization(organization_id, environment)
    attempts = rows.filter(order_id=order_id, payment_id=payment_id, is_simulated=False)
    return attempts.defer("details").order_by("-id").first()


def find_tenant(*, transaction_id: uuid.UUID) -> tuple[uuid.UUID, Environment] | None:
    """Return whose payment it is and in which environment, or None when there is no such payment."""
    rows = Transaction.objects.across_organizations(reason="an operator names a payment by its id alone")
    found = rows.filter(pk=transaction_id).values_list("organization_id", "environment").first()
    return (found[0], Environment(found[1])) if found else None


def find_payment(*, name: str) -> SessionTransaction | None:
    """Return the payment with that id, else the newest one of the session with that id, of whichever organization."""
    rows = Transaction.objects.across_organizations(reason="an operator names a payment by an id alone")
    try:
        named = rows.filter(pk=uuid.UUID(name))
    except ValueError:
        named = rows.filter(session_id=name)
    row = named.order_by("-created_at", "-id").first()
    if row is None:
        return None
    return SessionTransaction(
        transaction_id=row.id,
        organization_id=row.organization_id,
        environment=Environment(row.environment),
        details=row.details,
    )


def list_tenants() -> list[Tenant]:
    """Return every organization and environment that has payments."""
    rows = run_statement(Statement(_TENANTS, {"environments": [environment.value for environment in Environment]}))
    return [Tenant(organization_id=row[0], environment=Environment(row[1]), timezone=row[2]) for row in rows]


def list_amount_series(*, organization_id: uuid.UUID, environment: Environment) -> list[AmountSeries]:
    """Return each flow and currency in which the organization has counted payments."""
    parameters = {
        "organization_id": organization_id,
        "environment": environment.value,
    }
    rows = run_statement(Statement(_AMOUNT_SERIES, parameters))
    return [AmountSeries(flow=Flow(row[0]), currency=row[1], last_at=row[2]) for row in rows]


def _one(rows: QuerySet[Transaction]) -> Transaction:
    transaction = rows.first()
    if transaction is None:
        raise NotFound
    return transaction


def _with_submerchant(rows: QuerySet[Transaction]) -> QuerySet[Transaction]:
    return rows.select_related("submerchant").defer("details")


def _narrow(rows: QuerySet[Transaction], wanted: TransactionFilter) -> QuerySet[Transaction]:
    equal = {"flow": wanted.flow, "decision": wanted.decision, "payment_id": wanted.payment_id,
             "order_id": wanted.order_id, "session_id": wanted.session_id}  # fmt: skip
    narrowed = rows.filter(**{name: value for name, value in equal.items() if value is not None})
    if wanted.simulation is not Simulated.INCLUDE:
        narrowed = narrowed.filter(is_simulated=wanted.simulation is Simulated.ONLY)
    if wanted.from_at is not None:
        narrowed = narrowed.filter(occurred_at__gte=wanted.from_at, id__gte=floor_of_time(wanted.from_at))
    if wanted.until_at is not None:
        narrowed = narrowed.filter(occurred_at__lt=wanted.until_at, id__lte=ceiling_of_time(wanted.until_at))
    return narrowed.filter(id__lt=wanted.below_id) if wanted.below_id is not None else narrowed
