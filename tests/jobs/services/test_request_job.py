import pytest

from accounts.models import Membership
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from jobs.models import Job
from jobs.queries import JobNotFound, get_job
from jobs.services import poke
from jobs.services.request_job import UnknownJobKind, request_job
from jobs.types import JobState
from tests.factories.accounts import make_actor, make_organization
from tests.factories.jobs import COUNTING

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_waits_in_the_actors_own_world_and_the_trail_tells_of_it(member: Membership) -> None:
    now = read_clock()
    with unit_of_work():
        job = request_job(actor=make_actor(member), kind=COUNTING, parameters={"list": "a"}, total=9, now=now)
    held = get_job(organization_id=member.organization_id, environment=Environment.SANDBOX, job_id=job.id)
    assert held == job
    assert (job.state, job.parameters, job.total_count, job.done_count) == (JobState.QUEUED, {"list": "a"}, 9, 0)
    assert (job.requested_by, job.created_at) == (member.user_id, now)
    event = Event.unscoped.get(kind="job.requested")
    assert (event.subject_type, event.subject_id, event.actor_id) == ("job", str(job.id), member.user_id)
    assert event.payload == {"job_kind": COUNTING, "state": "queued"}


def test_a_worker_is_asked_after_the_commit(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(poke, "ask_worker", lambda task, *, or_log: asked.append(Job.unscoped.exists()))
    with unit_of_work():
        request_job(actor=make_actor(member), kind=COUNTING, parameters={}, now=read_clock())
        assert asked == []
    assert asked == [True]


def test_a_kind_that_no_app_has_is_refused(member: Membership) -> None:
    with pytest.raises(UnknownJobKind), unit_of_work():
        request_job(actor=make_actor(member), kind="tests.nothing", parameters={}, now=read_clock())
    assert not Job.unscoped.exists()
    assert not Event.unscoped.exists()


def test_a_strangers_job_is_not_found(member: Membership) -> None:
    with unit_of_work():
        job = request_job(actor=make_actor(member), kind=COUNTING, parameters={}, now=read_clock())
    for owner, world in (
        (make_organization().id, Environment.SANDBOX),
        (member.organization_id, Environment.PRODUCTION),
    ):
        with pytest.raises(JobNotFound):
            get_job(organization_id=owner, environment=world, job_id=job.id)
