"""Reads of backtests, and of the policies that can be tried."""

import uuid

from assess.models import AssessmentPolicy, Backtest, PolicyDraft
from assess.types import DraftState
from core.environments import Environment
from core.errors import NotFound


class BacktestNotFound(NotFound):
    message = "There is no such backtest."


def get_backtest(*, organization_id: uuid.UUID, environment: Environment, backtest_id: uuid.UUID) -> Backtest:
    """Return the backtest; raises BacktestNotFound."""
    rows = Backtest.objects.for_organization(organization_id, environment).select_related("created_by")
    row = rows.filter(id=backtest_id).first()
    if row is None:
        raise BacktestNotFound
    return row


def list_backtests(
    *, organization_id: uuid.UUID, environment: Environment, limit: int, offset: int = 0
) -> tuple[list[Backtest], int]:
    """Return the newest backtests without what came of them, and how many there are."""
    rows = Backtest.objects.for_organization(organization_id, environment)
    page = rows.defer("result", "document").select_related("created_by").order_by("-id")[offset : offset + limit]
    return list(page), rows.count()


def list_backtests_named(
    *, organization_id: uuid.UUID, environment: Environment, backtest_ids: list[uuid.UUID]
) -> list[Backtest]:
    """Return those of the backtests that there are, in the order given."""
    rows = Backtest.objects.for_organization(organization_id, environment).filter(id__in=backtest_ids)
    found = {row.id: row for row in rows}
    return [found[each] for each in backtest_ids if each in found]


def list_drafts_to_try(*, organization_id: uuid.UUID, environment: Environment, limit: int = 50) -> list[PolicyDraft]:
    """Return the drafts that somebody still works on, the latest change first."""
    rows = PolicyDraft.objects.for_organization(organization_id, environment).exclude(
        state__in=[DraftState.PUBLISHED.value, DraftState.DISCARDED.value]
    )
    return list(rows.defer("document").order_by("-updated_at", "-id")[:limit])


def list_versions_to_try(*, organization_id: uuid.UUID, environment: Environment, limit: int = 20) -> list[int]:
    """Return the latest published versions, the newest first."""
    rows = AssessmentPolicy.objects.for_organization(organization_id, environment)
    return list(rows.order_by("-version").values_list("version", flat=True)[:limit])
