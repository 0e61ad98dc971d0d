"""`/dashboard/audit`."""

import csv
import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.types import Role
from accounts.web import audit
from core.actor import Actor, ActorKind
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import ChainCheck, Event
from events.services.erase_personal_data import erase_personal_data
from events.trail import find_last_check
from events.types import ErasureReason
from tests.events.trail import calling_from
from tests.events.trail import record_event as record_any
from tests.factories.accounts import make_api_key, make_member, make_organization
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

AUDIT = "/dashboard/audit"
NOW = read_clock()


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def _actor(member: Membership, **changes: Any) -> Actor:
    given: dict[str, Any] = {
        "organization_id": member.organization_id,
        "environment": Environment.SANDBOX,
        "kind": ActorKind.USER,
        "id": member.user_id,
        "name": "admin",
    }
    return Actor(**(given | changes))


def _record(member: Membership, *, ago: int = 0, actor: Actor | None = None, **changes: Any) -> uuid.UUID:
    return record_any(actor or _actor(member), now=NOW - timedelta(seconds=ago), **changes)


def _read(browser: Client, query: str = "", *, status: int = 200) -> str:
    response = browser.get(f"{AUDIT}{query}")
    assert response.status_code == status
    return response.content.decode()


def _listed(page: str) -> list[str]:
    """Return the ids of the events that the page lists, in its order."""
    return [part[:36] for part in page.split(f'href="{AUDIT}/')[1:] if part[36] == '"']


def test_the_newest_stands_first_with_who_did_what_to_what_from_where(browser: Client, admin: Membership) -> None:
    older = _record(admin, ago=2)
    with calling_from("203.0.113.9", request_id="trace-0001"):
        newer = _record(
            admin, ago=1, kind="organization.changed", payload={"language": {"before": "es-mx", "after": "en"}}
        )
    page = _read(browser)
    assert _listed(page) == [str(newer), str(older)]
    for told in (
        "Se cambió la configuración",
        admin.user.email,
        "Administrador",
        "203.0.113.9",
        "Español (México) → Inglés",
    ):
        assert told in page


def test_keys_people_and_the_system_are_called_by_name(browser: Client, admin: Membership) -> None:
    key, _ = make_api_key(organization=admin.organization, name="Núcleo bancario")
    _record(admin, actor=_actor(admin, kind=ActorKind.API_KEY, id=key.id, name=key.public_id))
    _record(admin, actor=_actor(admin, kind=ActorKind.SYSTEM, id=None, name="command:set_modules"))
    _record(admin, actor=_actor(admin, id=uuid.uuid4(), name="viewer"))
    page = _read(browser)
    for told in ("Núcleo bancario", key.public_id, "Sistema", "command:set_modules", "Visor"):
        assert told in page


def test_a_filter_leaves_what_it_says_and_can_be_taken_away(browser: Client, admin: Membership) -> None:
    created, revoked = _record(admin, ago=2), _record(admin, ago=1, kind="key.revoked")
    other = make_member(organization=admin.organization)
    theirs = _record(admin, actor=_actor(other))
    live = _record(admin, ago=3, actor=_actor(admin, environment=Environment.PRODUCTION))
    assert _listed(_read(browser, "?kind=key.revoked")) == [str(revoked)]
    assert _listed(_read(browser, f"?person={other.user_id}")) == [str(theirs)]
    assert _listed(_read(browser, f"?text={created}")) == [str(created)]
    assert _listed(_read(browser, "?environment=production")) == [str(live)]
    page = _read(browser, "?kind=key.revoked&environment=production")
    assert _listed(page) == []
    assert "Nada coincide" in page
    assert 'href="?environment=production"' in page
    assert 'href="?kind=key.revoked"' in page


def test_days_are_those_of_the_organizations_zone_and_whole(browser: Client, admin: Membership) -> None:
    # 05:30 UTC is still the day before in Mexico City.
    at = NOW.replace(month=6, day=15, hour=5, minute=30)
    event_id = record_any(_actor(admin), now=at)
    year = at.year
    assert _listed(_read(browser, f"?since={year}-06-14&until={year}-06-14")) == [str(event_id)]
    assert _listed(_read(browser, f"?since={year}-06-15")) == []
    assert _listed(_read(browser, f"?until={year}-06-13")) == []


def test_payments_are_shown_of_the_last_day_unless_a_period_is_given(browser: Client, admin: Membership) -> None:
    payment: dict[str, Any] = {
        "kind": "transaction.created",
        "subject_type": "transaction",
        "payload": {"decision": "approve"},
    }
    fresh = _record(admin, ago=60, **payment)
    old = _record(admin, ago=2 * 86_400, **payment)
    assert _listed(_read(browser)) == []
    assert _listed(_read(browser, "?kind=transaction.created")) == [str(fresh)]
    since = (NOW - timedelta(days=4)).date()
    assert _listed(_read(browser, f"?kind=transaction.created&since={since}")) == [str(fresh), str(old)]


@pytest.mark.parametrize(
    "query",
    [
        "?kind=key.vanished",
        "?person=x",
        "?person=00000000-0000-4000-8000-000000000000",
        "?since=yesterday",
        "?since=2026-02-30",
        "?since=2026-11-02&until=2026-11-01",
        "?environment=x",
        "?text=a%00b",
        f"?text={'x' * 129}",
    ],
)
def test_a_filter_that_cannot_be_is_told(browser: Client, admin: Membership, query: str) -> None:
    _record(admin)
    page = _read(browser, query, status=422)
    assert _listed(page) == []
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("query", ["?before=x", "?before=", "?since=0001-01-01", "?until=9999-12-31", "?page=abc"])
def test_an_odd_query_that_leaves_nothing_out_lists_everything(browser: Client, admin: Membership, query: str) -> None:
    event_id = _record(admin)
    assert _listed(_read(browser, query)) == [str(event_id)]


@pytest.mark.parametrize("query", ["?text=%25", "?text=_", "?text=%27"])
def test_a_sign_of_sql_is_a_text_like_any_other(browser: Client, admin: Membership, query: str) -> None:
    _record(admin)
    assert _listed(_read(browser, query)) == []


def test_pages_follow_each_other(browser: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE_ROWS", 2)
    ids = [str(_record(admin, ago=ago)) for ago in range(5)]
    page = _read(browser, "?kind=key.created")
    assert _listed(page) == ids[:2]
    following = f"?kind=key.created&amp;before={ids[1]}"
    assert following in page
    page = _read(browser, following.replace("&amp;", "&"))
    assert _listed(page) == ids[2:4]
    assert 'href="?kind=key.created"' in page
    assert _listed(_read(browser, f"?before={ids[3]}")) == ids[4:]


def test_twelve_rows_cost_as_many_queries_as_two(browser: Client, admin: Membership) -> None:
    counts = []
    for added in (2, 10):
        for number in range(added):
            member = make_member(organization=admin.organization)
            _record(admin, actor=_actor(member), ago=number)
        with CaptureQueriesContext(connection) as captured:
            assert len(_listed(_read(browser))) in {2, 12}
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_event_shows_everything_personal_data_too(browser: Client, admin: Membership) -> None:
    with calling_from("203.0.113.9", request_id="trace-0001"):
        event_id = _record(
            admin,
            kind="organization.changed",
            subject_type="organization",
            payload={"requires_mfa": {"before": False, "after": True}},
            personal={"allowed_ips": {"before": [], "after": ["203.0.113.0/24", "198.51.100.7"]}},
        )
    page = browser.get(f"{AUDIT}/{event_id}").content.decode()
    for told in ("Exige segundo factor", "No", "Sí", "203.0.113.0/24\n198.51.100.7", "203.0.113.9", "trace-0001"):
        assert told in page
    listed = _read(browser)
    assert "203.0.113.0/24" not in listed, "the list shows no personal data"
    assert "Direcciones permitidas: …" in listed, "but says that there are some"
    with unit_of_work():
        erase_personal_data(actor=_actor(admin), event_id=event_id, reason=ErasureReason.RETENTION_ENDED, now=NOW)
    page = browser.get(f"{AUDIT}/{event_id}").content.decode()
    assert "se borraron" in page
    assert "203.0.113" not in page


def test_another_organizations_event_is_not_there(browser: Client) -> None:
    stranger = make_member(organization=make_organization())
    event_id = _record(stranger)
    assert browser.get(f"{AUDIT}/{event_id}").status_code == 404
    assert browser.get(f"{AUDIT}/{uuid.uuid4()}").status_code == 404
    assert browser.get(f"{AUDIT}/x").status_code == 404
    assert _listed(_read(browser, f"?text={event_id}")) == []


def test_a_check_is_asked_for_and_shown(browser: Client, admin: Membership) -> None:
    assert "Nadie la ha verificado" in _read(browser)
    for _ in range(2):
        response = browser.post(f"{AUDIT}/check")
        assert (response.status_code, response["Location"]) == (303, AUDIT)
    assert ChainCheck.unscoped.count() == 1
    assert "Verificando: 0 eventos" in _read(browser)
    ChainCheck.unscoped.update(state="passed", ended_at=NOW, sealed=12, waiting=1)
    page = _read(browser)
    assert "12 eventos sellados están como se registraron; 1 recientes" in page
    assert f"La pidió {admin.user.email}" in page
    ChainCheck.unscoped.update(state="failed", problems=30, first_problems=["sequence 4: the event was altered"])
    page = _read(browser)
    assert "Problemas: 30" in page
    assert "sequence 4: the event was altered" in page


def test_the_result_is_the_organizations_own(browser: Client, admin: Membership) -> None:
    stranger = make_member(organization=make_organization())
    sign_in_as(stranger).post(f"{AUDIT}/check")
    assert "Nadie la ha verificado" in _read(browser)
    assert find_last_check(organization_id=admin.organization_id) is None


def _export(browser: Client, **fields: Any) -> Any:
    return browser.post(f"{AUDIT}/export", fields)


def test_csv_has_what_the_filter_leaves_and_no_formula(browser: Client, admin: Membership) -> None:
    _record(admin, kind="key.revoked")
    wanted = _record(
        admin,
        subject_id="=HYPERLINK(1)",
        payload={"note": "=1+1"},
        personal={"name": 'Ángela, "la jefa"'},
    )
    response = _export(browser, format="csv", kind="key.created")
    body = b"".join(response.streaming_content).decode()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert body.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")))
    assert (row["id"], row["subject_id"], row["what"]) == (str(wanted), "'=HYPERLINK(1)", "Se creó una clave API")
    assert row["who"] == admin.user.email
    assert json.loads(row["payload"]) == {"note": "=1+1"}
    assert json.loads(row["personal"]) == {"name": 'Ángela, "la jefa"'}


def test_json_lines_are_one_object_each(browser: Client, admin: Membership) -> None:
    ids = [_record(admin, ago=ago) for ago in (2, 1)]
    response = _export(browser, format="jsonl", kind="key.created")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert [line["id"] for line in lines] == [str(ids[1]), str(ids[0])]
    assert lines[0]["payload"] == {"limit": 600, "permissions": ["*"]}
    assert lines[0]["sequence"] is None


def test_an_export_is_itself_recorded_and_not_in_itself(browser: Client, admin: Membership) -> None:
    _record(admin, ago=5)
    response = _export(browser, format="jsonl", environment="sandbox", text="clm_sk_1")
    assert len(b"".join(response.streaming_content).splitlines()) == 1
    event = Event.unscoped.get(kind="audit.exported")
    assert (event.actor_id, event.organization_id) == (admin.user_id, admin.organization_id)
    assert event.payload == {"format": "jsonl", "filters": {"environments": ["sandbox"]}}


@pytest.mark.parametrize("fields", [{}, {"format": "xlsx"}, {"format": "csv", "kind": "x"}, {"format": "csv\x00"}])
def test_what_cannot_be_exported_is_told_and_nothing_leaves(browser: Client, fields: dict[str, str]) -> None:
    response = _export(browser, **fields)
    assert (response.status_code, response["Location"]) == (303, AUDIT)
    assert Event.unscoped.count() == 0


def test_an_export_needs_a_fresh_proof(admin: Membership) -> None:
    response = _export(sign_in_as(admin, is_fresh=False), format="csv")
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/login/confirm")
    assert Event.unscoped.count() == 0


def test_an_officer_reads_and_an_analyst_does_not(admin: Membership) -> None:
    officer = make_member(organization=admin.organization, role=Role.COMPLIANCE_OFFICER)
    analyst = make_member(organization=admin.organization, role=Role.ANALYST)
    assert sign_in_as(officer).get(AUDIT).status_code == 200
    assert sign_in_as(analyst).get(AUDIT).status_code == 403
