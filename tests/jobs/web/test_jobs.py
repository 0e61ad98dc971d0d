from datetime import timedelta

import pytest

from accounts.models import Membership, Organization
from accounts.types import Role
from core.clock import read_clock
from jobs.models import Job
from tests.factories.accounts import make_member, make_organization
from tests.factories.jobs import make_job
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db


def _read(member: Membership, row: Job) -> str:
    answer = sign_in_as(member).get(f"/dashboard/jobs/{row.id}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_running_job_shows_rows_and_time_left_and_can_be_given_up(member: Membership) -> None:
    row = make_job(
        organization=member.organization,
        state="running",
        done_count=250_000,
        total_count=1_000_000,
        requested_by=member.user_id,
        started_at=read_clock() - timedelta(minutes=1),
    )
    page = _read(member, row)
    assert "250,000 de 1,000,000 filas" in page
    assert "Quedan 4 minutos" in page
    assert f"Lo pidió {member.user.email}" in page
    assert f'data-job="/api/v1/jobs/{row.id}?environment=sandbox"' in page
    assert 'data-progress="{done} de {total} filas"' in page
    assert f'action="/dashboard/jobs/{row.id}/cancel"' in page
    assert f'href="/dashboard/jobs/{row.id}"' in page
    assert "/counted/" not in page


def test_a_job_that_is_done_leads_to_what_came_of_it(member: Membership) -> None:
    row = make_job(organization=member.organization, state="done", done_count=7, finished_at=read_clock())
    page = _read(member, row)
    assert 'href="/counted/7"' in page
    assert "7 de 7 filas" in page
    assert "Ver el resultado" in page
    assert "data-job" not in page
    assert "/cancel" not in page


def test_a_job_that_failed_says_why_and_that_nothing_was_changed(member: Membership) -> None:
    row = make_job(organization=member.organization, state="failed", error_code="WORKER_LOST")
    page = _read(member, row)
    assert "El proceso que lo hacía se detuvo varias veces seguidas. No se cambió nada." in page
    assert 'href="/counted/0"' in page
    page = _read(member, make_job(organization=member.organization, state="failed", error_code="TOO_FAR"))
    assert "No se cuenta tan lejos. No se cambió nada." in page
    page = _read(member, make_job(organization=member.organization, state="failed", error_code="FORMER_CODE"))
    assert "No se pudo terminar. No se cambió nada." in page
    assert "FORMER_CODE" not in page


def test_a_job_is_cancelled_once_and_too_late_is_told(member: Membership) -> None:
    row = make_job(organization=member.organization)
    browser = sign_in_as(member)
    answer = browser.post(f"/dashboard/jobs/{row.id}/cancel", follow=True)
    assert answer.redirect_chain == [(f"/dashboard/jobs/{row.id}", 303)]
    assert "Se pidió cancelar el trabajo." in answer.content.decode()
    assert "Se canceló antes de terminar. No se cambió nada." in answer.content.decode()
    assert "Ver detalle" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "cancelled"
    done = make_job(organization=member.organization, state="done")
    late = browser.post(f"/dashboard/jobs/{done.id}/cancel", follow=True)
    assert "El trabajo ya había terminado." in late.content.decode()
    done.refresh_from_db()
    assert done.cancel_requested_at is None


def test_a_stranger_and_a_viewer_neither_see_nor_cancel_it(organization: Organization) -> None:
    row = make_job(organization=organization)
    for member, status in (
        (make_member(organization=make_organization()), 404),
        (make_member(organization=organization, role=Role.VIEWER), 403),
    ):
        browser = sign_in_as(member)
        assert browser.get(f"/dashboard/jobs/{row.id}").status_code == status
        assert browser.post(f"/dashboard/jobs/{row.id}/cancel").status_code == status
    row.refresh_from_db()
    assert row.state == "queued"
