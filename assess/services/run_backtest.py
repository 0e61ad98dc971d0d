"""The work of a backtest, a step at a time: its tally is kept with its place, so a killed worker costs one step."""

import uuid
from datetime import datetime

from assess.backtests.judging import Counting, Trial
from assess.backtests.tally import Tally, decode_tally, encode_tally
from assess.models import Backtest
from assess.policies import load_policy
from assess.policy import decode_policy
from assess.stored import StoredBatch, read_stored
from assess.types import BacktestState
from core.actor import Actor
from core.environments import Environment
from core.unit_of_work import service
from jobs.types import JobFacts, JobRefused, RunningJob, Step

KIND = "assess.backtest"
BATCHES_A_STEP = 5
"""Five thousand payments: a few seconds, with many rules too."""


@service
def run_backtest(*, job: RunningJob, now: datetime) -> Step:
    """Try the policy on the next payments; with the last of them, keep the result. Raises JobRefused."""
    row = _find(job.actor.organization_id, job.actor.environment, job.parameters["backtest_id"])
    if row is None:
        raise JobRefused("BACKTEST_GONE")
    tally = decode_tally(job.cursor["tally"]) if job.cursor else Tally()
    counting = Counting(_make_trial(job.actor, row), tally)
    after = uuid.UUID(job.cursor["after"]) if job.cursor else None
    for _ in range(BATCHES_A_STEP):
        batch = read_stored(**job.actor.scope, since=row.since, until=row.until, after=after)
        if batch is None:
            return _finish(row, tally, now)
        _count(counting, tally, batch)
        after = batch.last
    done = tally.payments + tally.unreadable
    return Step(done=done, total=max(row.payments, done), cursor={"after": str(after), "tally": encode_tally(tally)})


@service
def end_backtest(*, job: JobFacts, now: datetime) -> None:
    """Note that the job failed or was cancelled: nothing came of it."""
    row = _find(job.organization_id, job.environment, job.parameters["backtest_id"])
    if row is not None:
        row.state, row.finished_at = BacktestState(job.state.value).value, now
        row.save(update_fields=["state", "finished_at"])


def _find(organization_id: uuid.UUID, environment: Environment, backtest_id: str) -> Backtest | None:
    return Backtest.objects.for_organization(organization_id, environment).filter(id=backtest_id).first()


def _make_trial(actor: Actor, row: Backtest) -> Trial:
    before = row.baseline_version
    return Trial(
        before=None if before is None else load_policy(**actor.scope, version=before),
        after=decode_policy(row.document, version=row.version or 0),
        version=row.version,
        timezone=row.timezone,
    )


def _count(counting: Counting, tally: Tally, batch: StoredBatch) -> None:
    tally.unreadable += batch.unreadable
    for stored in batch.decisions:
        counting.add(stored)


def _finish(row: Backtest, tally: Tally, now: datetime) -> Step:
    row.result, row.state, row.finished_at = encode_tally(tally), BacktestState.DONE.value, now
    row.save(update_fields=["result", "state", "finished_at"])
    done = tally.payments + tally.unreadable
    return Step(done=done, total=done, result={"backtest_id": str(row.id), "payments": done})
