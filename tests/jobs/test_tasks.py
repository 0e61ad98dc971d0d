"""The workers' side, with real commits."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from structlog.testing import capture_logs

from accounts.models import Membership, Organization
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from events.models import Event
from jobs import keeping, tasks
from jobs.models import Job
from jobs.registry import find_kind
from jobs.services.cancel_job import cancel_job
from jobs.services.claim_job import LEASE, claim_job
from jobs.services.run_step import LeaseLost, run_step
from jobs.types import JobFacts, JobState, RunningJob, Step
from tests.factories import jobs as kinds
from tests.factories.accounts import make_actor, make_organization
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db(transaction=True)


def _claim() -> RunningJob:
    with unit_of_work():
        job = claim_job(at_once=9, now=read_clock())
    assert job is not None
    return job


def _cancel(row: Job, member: Membership) -> None:
    with unit_of_work():
        cancel_job(actor=make_actor(member), job_id=row.id, now=read_clock())


def _set_run(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    kind = find_kind(kinds.COUNTING)
    monkeypatch.setattr("jobs.services.run_step.find_kind", lambda name: _Kind(kind, run))


class _Kind:
    def __init__(self, kind: Any, run: Any) -> None:
        self.run, self.on_failure = run, kind.on_failure


def test_a_job_is_taken_on_step_by_step_until_it_is_done(organization: Organization) -> None:
    row = make_job(organization=organization)
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.done_count, row.result) == (JobState.DONE, 7, {"seen": [3, 6, 7]})
    assert (row.cursor, row.lease, row.leased_until, row.error_code) == ({}, None, None, "")
    assert row.started_at is not None
    assert row.finished_at is not None
    assert row.started_at <= row.finished_at
    event = Event.unscoped.get(kind="job.finished")
    assert (event.actor_id, event.organization_id) == (row.requested_by, organization.id)
    assert event.payload == {"job_kind": kinds.COUNTING, "state": "done", "done_count": 7}
    assert kinds.ended == []


def test_a_turn_ends_and_the_job_that_waited_longer_has_the_next(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "TURN_MS", 0.0001)
    rows = [make_job(organization=organization), make_job(organization=make_organization())]
    seen = []
    for _ in range(4):
        tasks.run_jobs()
        for row in rows:
            row.refresh_from_db()
        seen.append([row.done_count for row in rows])
    assert seen == [[3, 0], [3, 3], [6, 3], [6, 6]]
    assert [(row.state, row.lease) for row in rows] == [(JobState.RUNNING, None)] * 2


def test_no_more_jobs_run_at_once_than_the_installation_says(organization: Organization, settings: Any) -> None:
    settings.JOBS_AT_ONCE = 1
    for _ in range(2):
        make_job(organization=organization)
    _claim()
    tasks.run_jobs()
    assert sorted(Job.unscoped.values_list("done_count", flat=True)) == [0, 0]


def test_a_job_whose_worker_was_killed_is_taken_up_where_it_was(organization: Organization) -> None:
    row = make_job(organization=organization)
    job = _claim()
    with unit_of_work():
        assert run_step(job=job, now=read_clock())
    tasks.run_jobs()
    row.refresh_from_db()
    assert row.done_count == 3
    Job.unscoped.update(leased_until=read_clock())
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.result) == (JobState.DONE, {"seen": [3, 6, 7]})


def test_whoever_lost_the_job_to_another_worker_changes_nothing(organization: Organization) -> None:
    row = make_job(organization=organization)
    former = _claim()
    Job.unscoped.update(leased_until=read_clock())
    assert _claim().lease != former.lease
    with pytest.raises(LeaseLost), unit_of_work():
        run_step(job=former, now=read_clock())
    row.refresh_from_db()
    assert (row.done_count, row.cursor) == (0, {})


def test_a_job_that_loses_its_worker_five_times_without_getting_on_fails(organization: Organization) -> None:
    row = make_job(organization=organization)
    for _ in range(5):
        _claim()
        Job.unscoped.update(leased_until=read_clock())
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.error_code, row.done_count) == (JobState.FAILED, "WORKER_LOST", 0)
    assert [job.id for job in kinds.ended] == [row.id]


@pytest.mark.parametrize("ending", ["lost", "cancelled"])
def test_a_job_that_cannot_be_cleared_up_ends_and_keeps_no_other_from_its_turn(
    organization: Organization, member: Membership, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    row, other = make_job(organization=organization), make_job(organization=make_organization())
    job = _claim()
    assert job.id == row.id
    if ending == "cancelled":
        _cancel(row, member)
    Job.unscoped.filter(id=row.id).update(leased_until=read_clock(), heartbeat_at=None, attempts=5)
    _set_ending(monkeypatch, row)
    with capture_logs() as logs:
        tasks.run_jobs()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.lease, other.state) == ("cancelled" if ending == "cancelled" else "failed", None, "done")
    assert row.error_code == ("" if ending == "cancelled" else "WORKER_LOST")
    assert Event.unscoped.filter(kind="job.finished", subject_id=str(row.id)).count() == 1
    assert [(log["event"], log["error"]) for log in logs] == [("job_not_cleared_up", "ProgrammingError")]
    assert "never_logged" not in str(logs)


def test_a_job_given_up_that_cannot_be_cleared_up_ends_with_its_lease(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_job(organization=organization, parameters={"refuses_at": 0}, attempts=4)
    _set_ending(monkeypatch, row)
    with capture_logs() as logs:
        tasks.run_jobs()
        row.refresh_from_db()
        assert row.state == JobState.RUNNING
        Job.unscoped.update(leased_until=read_clock())
        tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.error_code) == (JobState.FAILED, "WORKER_LOST")
    assert [log["event"] for log in logs] == ["job_not_ended", "job_not_cleared_up"]
    assert "never_logged" not in str(logs)


def _set_ending(monkeypatch: pytest.MonkeyPatch, row: Job) -> None:
    """Have the kind fail when it is told that this job ended, in the middle of the transaction."""

    def fail(*, job: JobFacts, now: datetime) -> None:
        if job.id == row.id:
            with connection.cursor() as cursor:
                cursor.execute("SELECT never_logged FROM never_made")

    kind = _Kind(find_kind(kinds.COUNTING), None)
    kind.on_failure = fail
    monkeypatch.setattr("jobs.services.end_job.find_kind", lambda name: kind)


def test_a_step_that_fails_is_tried_again_and_given_up_in_the_end(organization: Organization) -> None:
    row = make_job(organization=organization, parameters={"fails_at": 3})
    with capture_logs() as logs:
        for _ in range(6):
            tasks.run_jobs()
            Job.unscoped.update(not_before=read_clock())
    row.refresh_from_db()
    assert (row.state, row.error_code, row.done_count) == (JobState.FAILED, "INTERNAL_ERROR", 3)
    assert [log["event"] for log in logs] == ["job_step_failed"] * 4 + ["job_given_up"]
    assert "must not be logged" not in str(logs)
    assert Event.unscoped.get(kind="job.finished").payload["error_code"] == "INTERNAL_ERROR"
    assert [job.id for job in kinds.ended] == [row.id]


def test_a_step_that_failed_is_not_tried_again_at_once(organization: Organization) -> None:
    row = make_job(organization=organization, parameters={"fails_at": 0})
    with capture_logs():
        tasks.run_jobs()
        tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease) == (JobState.RUNNING, 1, None)
    assert row.not_before > read_clock() + timedelta(seconds=3)


def test_a_job_that_its_kind_refuses_fails_with_the_kinds_code(organization: Organization) -> None:
    row = make_job(organization=organization, parameters={"refuses_at": 6})
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.error_code, row.done_count) == (JobState.FAILED, "TOO_FAR", 6)
    assert [job.error_code for job in kinds.ended] == ["TOO_FAR"]


def test_a_job_of_a_kind_that_no_app_has_any_more_fails(organization: Organization) -> None:
    row = make_job(organization=organization, kind="tests.former")
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.error_code) == (JobState.FAILED, "UNKNOWN_KIND")


def test_a_waiting_job_is_cancelled_at_once(organization: Organization, member: Membership) -> None:
    row = make_job(organization=organization)
    _cancel(row, member)
    _cancel(row, member)
    tasks.run_jobs()
    row.refresh_from_db()
    assert (row.state, row.done_count) == (JobState.CANCELLED, 0)
    assert [job.state for job in kinds.ended] == [JobState.CANCELLED]
    kept = list(Event.unscoped.order_by("id").values_list("kind", "actor_id"))
    assert kept == [("job.cancelled", member.user_id), ("job.finished", row.requested_by)]


def test_a_running_job_is_cancelled_before_its_next_step(organization: Organization, member: Membership) -> None:
    row = make_job(organization=organization)
    job = _claim()
    _cancel(row, member)
    row.refresh_from_db()
    assert row.state == JobState.RUNNING
    with unit_of_work():
        assert run_step(job=job, now=read_clock()) is None
    row.refresh_from_db()
    assert (row.state, row.done_count) == (JobState.CANCELLED, 0)


def test_a_job_that_has_ended_cannot_be_cancelled(organization: Organization, member: Membership) -> None:
    row = make_job(organization=organization)
    tasks.run_jobs()
    _cancel(row, member)
    row.refresh_from_db()
    assert (row.state, row.cancel_requested_at) == (JobState.DONE, None)
    assert not Event.unscoped.filter(kind="job.cancelled").exists()


def test_a_step_in_the_middle_of_a_statement_is_stopped_by_a_cancel(
    organization: Organization, member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RENEW_SECONDS", 0.1)
    row = make_job(organization=organization)

    def sleep(*, job: RunningJob, now: datetime) -> Step:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return Step(done=7, result={})

    _set_run(monkeypatch, sleep)
    canceller = threading.Timer(0.3, _cancel_elsewhere, args=(row, member))
    canceller.start()
    began = time.monotonic()
    with capture_logs():
        tasks.run_jobs()
    canceller.join()
    row.refresh_from_db()
    assert (row.state, row.done_count) == (JobState.CANCELLED, 0)
    assert time.monotonic() - began < 10


def _cancel_elsewhere(row: Job, member: Membership) -> None:
    try:
        _cancel(row, member)
    finally:
        connection.close()


def test_a_step_may_take_longer_than_other_tasks(settings: Any) -> None:
    limit = tasks.run_jobs.time_limit
    assert (limit, settings.CELERY_TASK_TIME_LIMIT) == (7200, 600)


def test_the_lease_is_renewed_while_a_step_runs(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "RENEW_SECONDS", 0.05)
    row = make_job(organization=organization)
    held: list[datetime] = []

    def wait(*, job: RunningJob, now: datetime) -> Step:
        Job.unscoped.none()
        time.sleep(0.5)
        held.append(Job.unscoped.get(pk=row.pk).leased_until or now)
        return Step(done=7, result={})

    began = read_clock()
    _set_run(monkeypatch, wait)
    tasks.run_jobs()
    assert held[0] > began + LEASE + timedelta(seconds=0.2)
