"""`/dashboard/protection/blocklists/<id>` and what may be done there."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.types import Role
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.types import ListType
from core.clock import read_clock
from core.environments import Environment
from events.models import Event
from tests.blocklists.events import list_entry_events
from tests.blocklists.factories import make_entry
from tests.blocklists.web.conftest import LIST, list_invalid
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as
from tests.factories.transactions import make_transaction

pytestmark = pytest.mark.django_db
CLABE = "646180115000009034"


@pytest.fixture
def entry(admin: Membership) -> BlocklistEntry:
    return make_entry(
        organization=admin.organization,
        list_type=ListType.CLABE,
        value=CLABE,
        reason="Mula",
        created_by=admin.user,
        expires_at=read_clock() + timedelta(days=60),
    )


def _sent(entry: BlocklistEntry, **changed: Any) -> dict[str, Any]:
    """Return what the form sends when nothing but this is changed in it."""
    row = BlocklistEntry.unscoped.get(pk=entry.pk)
    given = {
        "severity": row.severity,
        "flow": row.flow_scope,
        "reason": row.reason,
        "expires_date": row.expires_at.date().isoformat() if row.expires_at else "",
        "is_active": "on" if row.is_active else "",
        "seen": row.updated_at.isoformat(),
    }
    return {name: value for name, value in (given | changed).items() if value != ""}


def _stored() -> dict[str, Any]:
    row: dict[str, Any] = BlocklistEntry.unscoped.values().get()  # type: ignore[assignment]
    return row


def _role(admin: Membership, role: Role) -> Client:
    return sign_in_as(make_member(organization=admin.organization, role=role))


def test_the_page_says_all_that_is_known(browser: Client, admin: Membership, entry: BlocklistEntry) -> None:
    payment = make_transaction(organization=admin.organization)
    BlocklistHit.objects.create(
        organization_id=admin.organization_id,
        environment=Environment.SANDBOX,
        entry_id=entry.id,
        transaction_id=payment.id,
        hit_at=read_clock() - timedelta(hours=3),
    )
    page = browser.get(f"{LIST}/{entry.id}").content.decode()
    for said in ("646 180 11500000903 4", "Mula", "Rechaza el pago.", admin.user.email, str(payment.id), "$150.00"):
        assert said in page
    assert "hace 3 h" in page
    assert "Liberar" in page


def test_the_history_tells_who_changed_what_from_what_to_what(
    browser: Client, admin: Membership, entry: BlocklistEntry
) -> None:
    browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, severity="review", reason="Ya pagó"))
    viewer = _role(admin, Role.VIEWER).get(f"{LIST}/{entry.id}").content.decode()
    assert "Severidad: Bloqueo → Revisión" in viewer
    assert "Motivo: Mula → Ya pagó" in viewer
    assert "/dashboard/audit/" not in viewer
    assert "/dashboard/audit/" in browser.get(f"{LIST}/{entry.id}").content.decode()


def test_the_history_tells_what_was_added_without_a_before(browser: Client) -> None:
    browser.post(f"{LIST}/new", {"type": "clabe", "value": CLABE, "severity": "block"})
    page = browser.get(f"{LIST}/{_stored()['id']}").content.decode()
    assert "<span>Severidad: Bloqueo</span>" in page
    assert "<span>Expediente" not in page
    assert "→" not in page


def test_a_change_is_kept_and_recorded(browser: Client, admin: Membership, entry: BlocklistEntry) -> None:
    response = browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, flow="both", expires_date=""))
    assert (response.status_code, response["Location"]) == (303, f"{LIST}/{entry.id}")
    assert (_stored()["flow_scope"], _stored()["expires_at"], _stored()["severity"]) == ("both", None, "block")
    kinds = [kind for kind, _payload, _personal in list_entry_events(admin.organization)]
    assert kinds == ["blocklist_entry.changed"]


def test_the_last_day_counts_to_its_end_where_the_organization_is(browser: Client, entry: BlocklistEntry) -> None:
    browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, expires_date="2099-12-31"))
    assert _stored()["expires_at"] == datetime(2100, 1, 1, 5, 59, 59, tzinfo=UTC)


def test_a_form_sent_unchanged_changes_nothing(browser: Client, entry: BlocklistEntry) -> None:
    before = _stored()
    assert browser.post(f"{LIST}/{entry.id}/edit", _sent(entry)).status_code == 303
    assert _stored() == before
    assert Event.unscoped.count() == 0


@pytest.mark.parametrize("reason", ["Mula\nde abril", "Mula\r\nde abril ", " Mula\rde abril", "x\n" * 999 + "xx"])
def test_a_reason_of_several_lines_sent_unchanged_is_no_change(
    browser: Client, entry: BlocklistEntry, reason: str
) -> None:
    BlocklistEntry.unscoped.update(reason=reason)
    before = _stored()
    sent = "\r\n".join(reason.splitlines())
    assert browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, reason=sent)).status_code == 303
    assert _stored() == before
    assert Event.unscoped.count() == 0


def test_of_two_at_once_the_second_sees_both_versions(
    browser: Client, admin: Membership, entry: BlocklistEntry
) -> None:
    late = _sent(entry, severity="review")
    _role(admin, Role.COMPLIANCE_OFFICER).post(f"{LIST}/{entry.id}/edit", _sent(entry, severity="flag"))
    before = _stored()
    response = browser.post(f"{LIST}/{entry.id}/edit", late)
    page = response.content.decode()
    assert response.status_code == 409
    assert '<td class="table__text">Marca</td>' in page
    assert "Revisión" in page
    assert f'href="{LIST}/{entry.id}/edit"' in page
    assert _stored() == before


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"severity": "deny"}, {"severity"}),
        ({"flow": "all"}, {"flow"}),
        ({"expires_date": "2001-01-01"}, {"expires_date"}),
        ({"expires_date": "9999-01-01"}, {"expires_date"}),
        ({"expires_date": "9998-12-31"}, {"expires_date"}),
        ({"reason": "x" * 2001}, {"reason"}),
        ({"reason": "a\x00b"}, {"reason"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_changes(
    browser: Client, entry: BlocklistEntry, fields: dict[str, str], wrong: set[str]
) -> None:
    before = _stored()
    response = browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, **fields))
    assert response.status_code == 422
    assert list_invalid(response.content.decode()) == wrong
    assert _stored() == before
    assert Event.unscoped.count() == 0


@pytest.mark.parametrize("seen", ["x", "2026-01-01"])
def test_a_form_that_does_not_say_what_it_showed_is_refused(browser: Client, entry: BlocklistEntry, seen: str) -> None:
    before = _stored()
    response = browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, severity="flag") | {"seen": seen})
    assert response.status_code == 422
    assert "Vuelva a abrir la página." in response.content.decode()
    assert _stored() == before
    assert Event.unscoped.count() == 0


@pytest.mark.parametrize("changed", [{"severity": "review"}, {"is_active": ""}, {"expires_date": "tomorrow"}])
def test_an_analyst_may_strengthen_but_not_weaken(
    admin: Membership, entry: BlocklistEntry, changed: dict[str, str]
) -> None:
    analyst = _role(admin, Role.ANALYST)
    before = _stored()
    if changed.get("expires_date") == "tomorrow":
        changed = {"expires_date": (read_clock() + timedelta(days=1)).date().isoformat()}
    response = analyst.post(f"{LIST}/{entry.id}/edit", _sent(entry, **changed))
    assert response.status_code == 403
    assert "Administración o Cumplimiento" in response.content.decode()
    assert _stored() == before
    assert analyst.post(f"{LIST}/{entry.id}/edit", _sent(entry, flow="both")).status_code == 303
    assert _stored()["flow_scope"] == "both"


def test_a_flow_that_another_entry_has_is_refused_beside_the_field(
    browser: Client, admin: Membership, entry: BlocklistEntry
) -> None:
    make_entry(organization=admin.organization, list_type=ListType.CLABE, value=CLABE, flow_scope="both")
    before = list(BlocklistEntry.unscoped.order_by("id").values())
    response = browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, flow="both"))
    assert response.status_code == 409
    assert "Otra entrada ya tiene este valor en ese flujo." in response.content.decode()
    assert list_invalid(response.content.decode()) == {"flow"}
    assert list(BlocklistEntry.unscoped.order_by("id").values()) == before
    assert Event.unscoped.count() == 0


def test_an_administrator_removes_an_entry_after_a_question(
    browser: Client, admin: Membership, entry: BlocklistEntry
) -> None:
    assert "Quitar la entrada" in browser.get(f"{LIST}/{entry.id}/remove").content.decode()
    assert BlocklistEntry.unscoped.count() == 1
    response = browser.post(f"{LIST}/{entry.id}/remove")
    assert (response.status_code, response["Location"]) == (303, LIST)
    assert BlocklistEntry.unscoped.count() == 0
    kinds = [kind for kind, _payload, _personal in list_entry_events(admin.organization)]
    assert kinds == ["blocklist_entry.removed"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMPLIANCE_OFFICER, Role.VIEWER])
def test_nobody_else_removes_an_entry(admin: Membership, entry: BlocklistEntry, role: Role) -> None:
    person = _role(admin, role)
    assert "/remove" not in person.get(f"{LIST}/{entry.id}").content.decode()
    assert person.post(f"{LIST}/{entry.id}/remove").status_code == 403
    assert BlocklistEntry.unscoped.count() == 1


def test_an_entry_is_prolonged_once_however_often_the_button_is_pressed(browser: Client, entry: BlocklistEntry) -> None:
    end, form = _stored()["expires_at"], {"seen": entry.updated_at.isoformat(), "next": f"{LIST}?state=review"}
    response = browser.post(f"{LIST}/{entry.id}/prolong", form)
    assert (response.status_code, response["Location"]) == (303, f"{LIST}?state=review")
    assert _stored()["expires_at"] == end + timedelta(days=90)
    browser.post(f"{LIST}/{entry.id}/prolong", form)
    assert _stored()["expires_at"] == end + timedelta(days=90)
    assert Event.unscoped.count() == 1


def test_what_an_entry_met_is_not_counted_to_change_or_prolong_it(
    browser: Client, entry: BlocklistEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blocklists.web.entry_rows.summarize_hits", None)
    assert "646 180 11500000903 4" in browser.get(f"{LIST}/{entry.id}/edit").content.decode()
    assert browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, flow="both")).status_code == 303
    assert browser.post(f"{LIST}/{entry.id}/prolong", {"seen": _sent(entry)["seen"]}).status_code == 303
    assert Event.unscoped.count() == 2


def test_an_analyst_prolongs_what_is_over_from_now_on(admin: Membership, entry: BlocklistEntry) -> None:
    BlocklistEntry.unscoped.update(expires_at=read_clock() - timedelta(days=3))
    analyst = _role(admin, Role.ANALYST)
    page = analyst.get(LIST, query_params={"state": "review"}).content.decode()
    assert reverse("list_entry_prolong", kwargs={"entry_id": entry.id}) in page
    assert "Venció y nadie la ha prorrogado" in analyst.get(f"{LIST}/{entry.id}").content.decode()
    analyst.post(f"{LIST}/{entry.id}/prolong", {"seen": entry.updated_at.isoformat()})
    assert timedelta(days=89) < _stored()["expires_at"] - read_clock() <= timedelta(days=90)


def test_a_stranger_and_the_other_environment_find_nothing(
    stranger: Client, admin: Membership, entry: BlocklistEntry
) -> None:
    before = _stored()
    for browser in (stranger, sign_in_as(admin, environment=Environment.PRODUCTION)):
        for act in ("", "/edit", "/remove"):
            assert browser.get(f"{LIST}/{entry.id}{act}").status_code == 404
        assert browser.post(f"{LIST}/{entry.id}/edit", _sent(entry, severity="flag")).status_code == 404
        assert browser.post(f"{LIST}/{entry.id}/remove").status_code == 404
        assert browser.post(f"{LIST}/{entry.id}/prolong", {"seen": entry.updated_at.isoformat()}).status_code == 404
    assert browser.get(f"{LIST}/{uuid.uuid4()}").status_code == 404
    assert _stored() == before


def test_an_end_of_the_last_second_is_shown_kept_and_not_prolonged(endless: tuple[Client, BlocklistEntry]) -> None:
    browser, entry = endless
    before = _stored()
    assert "31/12/9999 23:59:59 UTC (UTC)" in browser.get(f"{LIST}/{entry.id}").content.decode()
    assert 'value="9999-12-31"' in browser.get(f"{LIST}/{entry.id}/edit").content.decode()
    assert browser.post(f"{LIST}/{entry.id}/edit", _sent(entry)).status_code == 303
    assert browser.post(f"{LIST}/{entry.id}/prolong", {"seen": entry.updated_at.isoformat()}).status_code == 303
    assert _stored() == before
    assert Event.unscoped.count() == 0
