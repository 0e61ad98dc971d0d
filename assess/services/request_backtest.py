"""Asking for a policy to be tried on the payments of a period (docs/decisions/0053)."""

import uuid
from datetime import UTC, datetime
from typing import Any

from assess.models import Backtest, PolicyDraft
from assess.policies import load_policy
from assess.policy import Policy, decode_policy, encode_policy
from assess.queries import BacktestNotFound, get_backtest
from assess.services.policy_drafts import DraftNotFound
from assess.services.run_backtest import KIND
from assess.stored import count_stored
from assess.types import BacktestState, Baseline, NewBacktest
from core.actor import Actor
from core.errors import Duplicate, StaleForm, ValidationFailed
from core.ids import make_uuid7
from core.unit_of_work import service
from events.services.record import record
from jobs.services.request_job import request_job

MAXIMUM_PAYMENTS = 2_000_000
"""How long a worker takes for a hundred thousand of them stands in docs/performance.md."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Where ids of payments begin (core/ids.py): no period begins before, whatever is asked for."""
MAXIMUM_RUNNING = 5
MAXIMUM_NAME_LENGTH = 120


class TooManyBacktests(Duplicate):
    """As many as may wait are waiting."""

    message = "Several backtests of this organization are running already; wait for one, or cancel it."


class BacktestChanged(StaleForm):
    """Somebody renamed it first."""


@service
def request_backtest(*, actor: Actor, wanted: NewBacktest, timezone: str, now: datetime) -> Backtest:
    """Have a worker try the policy on the payments of the period; days are told in `timezone`.

    Raises ValidationFailed (`name`, `draft_id`, `version`, `since`, `until`: nothing or too much to try it on),
    PolicyInvalid, DraftNotFound, TooManyBacktests.
    """
    name = require_name(wanted.name)
    _require_turn(actor)
    since, until = max(wanted.since, EARLIEST), min(wanted.until, now)
    policy, tried = _find_tried(actor, wanted)
    payments = _count(actor, since, until)
    row = Backtest(
        id=make_uuid7(at=now),
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        name=name,
        draft_id=wanted.draft_id,
        version=wanted.version,
        tried=tried,
        document=encode_policy(policy),
        baseline_version=load_policy(**actor.scope).version if wanted.baseline is Baseline.CURRENT else None,
        since=since,
        until=until,
        timezone=timezone,
        payments=payments,
        created_by_id=actor.id,
        created_at=now,
    )
    job = request_job(actor=actor, kind=KIND, parameters={"backtest_id": str(row.id)}, total=payments, now=now)
    row.job_id = job.id
    row.save(force_insert=True)
    _record(actor, row, "backtest.requested", now, {"payments": payments})
    return row


@service
def rename_backtest(*, actor: Actor, backtest_id: uuid.UUID, name: str, revision: int, now: datetime) -> Backtest:
    """Give it another name. Raises BacktestNotFound, BacktestChanged, ValidationFailed."""
    said = require_name(name)
    rows = Backtest.objects.for_organization(actor.organization_id, actor.environment)
    row = rows.select_for_update(of=("self",)).filter(id=backtest_id).first()
    if row is None:
        raise BacktestNotFound
    if row.revision != revision:
        raise BacktestChanged.of_row(row, {"name": said})
    former, row.name, row.revision = row.name, said, row.revision + 1
    row.save(update_fields=["name", "revision"])
    _record(actor, row, "backtest.renamed", now, personal={"before": {"name": former}, "after": {"name": said}})
    return row


@service
def export_backtest(*, actor: Actor, backtest_id: uuid.UUID, table: str, now: datetime) -> None:
    """Note in the trail that one of its tables was taken out. Raises BacktestNotFound."""
    row = get_backtest(**actor.scope, backtest_id=backtest_id)
    _record(actor, row, "backtest.exported", now, {"table": table})


def require_name(name: str) -> str:
    """Return the name without the space around it; raises ValidationFailed."""
    said = name.strip()
    if not said or len(said) > MAXIMUM_NAME_LENGTH or not said.isprintable():
        raise ValidationFailed.of_field("name", f"must be text of 1 to {MAXIMUM_NAME_LENGTH} characters")
    return said


def _require_turn(actor: Actor) -> None:
    rows = Backtest.objects.for_organization(actor.organization_id, actor.environment)
    if rows.filter(state=BacktestState.RUNNING.value).count() >= MAXIMUM_RUNNING:
        raise TooManyBacktests(details={"running": MAXIMUM_RUNNING})


def _find_tried(actor: Actor, wanted: NewBacktest) -> tuple[Policy, str]:
    """Return the policy to be tried, and what it is called."""
    if (wanted.draft_id is None) == (wanted.version is None):
        raise ValidationFailed.of_field("draft_id", "give either a draft or a version")
    if wanted.version is not None:
        return _load_version(actor, wanted.version), ""
    drafts = PolicyDraft.objects.for_organization(actor.organization_id, actor.environment)
    draft = drafts.filter(id=wanted.draft_id or uuid.UUID(int=0)).first()
    if draft is None:
        raise DraftNotFound
    return decode_policy(draft.document, version=draft.base_version), draft.title


def _load_version(actor: Actor, version: int) -> Policy:
    try:
        return load_policy(**actor.scope, version=version)
    except LookupError:
        raise ValidationFailed.of_field("version", "is no version of this policy") from None


def _count(actor: Actor, since: datetime, until: datetime) -> int:
    if since >= until:
        raise ValidationFailed.of_field("until", "must be after since, and since in the past")
    payments = count_stored(**actor.scope, since=since, until=until, limit=MAXIMUM_PAYMENTS + 1)
    if payments > MAXIMUM_PAYMENTS:
        raise ValidationFailed.of_field("since", f"holds more than {MAXIMUM_PAYMENTS} payments: choose a shorter one")
    if payments == 0:
        raise ValidationFailed.of_field("since", "holds no payment that was assessed")
    return payments


def _record(
    actor: Actor,
    row: Backtest,
    kind: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        kind=kind,
        subject_type="backtest",
        subject_id=str(row.id),
        payload={"draft_id": str(row.draft_id) if row.draft_id else None, "version": row.version} | (payload or {}),
        personal=personal or {"name": row.name},
        now=now,
    )
