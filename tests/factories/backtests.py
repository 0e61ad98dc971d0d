"""Finished backtests for tests. Every row says whose it is."""

import uuid
from datetime import timedelta
from typing import Any

from accounts.models import Organization
from assess.backtests.tally import encode_tally
from assess.models import Assessment, Backtest
from assess.policies import load_policy
from assess.policy import ENGINE, encode_policy
from core.environments import Environment
from core.ids import make_uuid7
from core.unit_of_work import unit_of_work
from tests.assess.backtests.test_tally import count as count_moves
from tests.assess.backtests.test_tally import make_move
from tests.assess.test_custom_rules import make_rule
from tests.factories.jobs import make_job
from tests.factories.transactions import NOW
from transactions.models import Transaction
from transactions.types import Decision, Flow


def make_assessment(row: Transaction) -> Assessment:
    """Give the payment what an assessment of it would have left behind, under the policy in force."""
    details = row.details | {"flow": row.flow, "amount_minor": row.amount_minor, "currency": row.currency}
    Transaction.unscoped.filter(pk=row.pk).update(details=details)
    scope: dict[str, Any] = {
        "organization_id": row.organization_id,
        "environment": Environment(row.environment),
    }
    with unit_of_work():
        version = load_policy(**scope).version
    return Assessment.objects.create(
        **scope,
        transaction_id=row.id,
        policy_version=version,
        engine=ENGINE,
        language="es-MX",
        facts={"at": row.occurred_at.isoformat(), "local_hour": 12, "fail_policy": "fail_open"},
        envelope={},
        response=b"{}",
        latency_ms=1,
    )


def make_backtest(*, organization: Organization, transaction: Transaction | None = None, **fields: Any) -> Backtest:
    """Insert a finished backtest of the version in force, which moved the payment from approve to review."""
    environment = Environment.SANDBOX
    with unit_of_work():
        policy = load_policy(organization_id=organization.id, environment=environment)
    moved = make_move(transaction_id=str(transaction.id if transaction else make_uuid7(at=NOW)), amount_minor=15_000)
    given: dict[str, Any] = {
        "id": make_uuid7(at=NOW),
        "environment": environment,
        "name": "Umbral más bajo",
        "version": policy.version,
        "document": encode_policy(policy),
        "since": NOW - timedelta(days=7),
        "until": NOW + timedelta(days=1),
        "timezone": "America/Mexico_City",
        "payments": 1,
        "state": "done",
        "job_id": make_job(organization=organization).id,
        "result": encode_tally(count_moves(moved)),
        "created_at": NOW,
        "finished_at": NOW,
    }
    return Backtest.objects.create(organization_id=organization.id, **(given | fields))


def make_full_backtest(*, organization: Organization) -> Backtest:
    """Insert a backtest whose result is as large as they come: every move, many segments, samples and rules."""
    moves = [
        make_move(
            before,
            after,
            transaction_id=str(uuid.UUID(int=place)),
            amount_minor=10**13 + place,
            currency=("MXN", "USD", "CLP")[place % 3],
            flow=list(Flow)[place % 2],
            segments=(
                ("bank", f"{place % 90:03}"),
                ("country", "MX"),
                ("channel", f"canal-{place % 70}"),
                ("amount", "MXN:14"),
            ),
            met=(f"{place % 60:08x}",),
        )
        for place in range(1_200)
        for before in Decision
        for after in Decision
    ]
    with unit_of_work():
        policy = load_policy(organization_id=organization.id, environment=Environment.SANDBOX)
    rules = [make_rule(f"{place:08x}", name="Regla de nombre largo " * 5) for place in range(60)]
    return make_backtest(
        organization=organization,
        document=encode_policy(policy) | {"rules": rules},
        payments=len(moves),
        result=encode_tally(count_moves(*moves)),
    )
