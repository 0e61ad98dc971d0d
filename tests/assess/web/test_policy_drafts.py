"""A draft's pages, from the form to the payment that obeys it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import decode_policy
from events.models import Event
from tests.assess.test_custom_rules import make_rule
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization
from tests.factories.pages import sign_in_as
from tests.factories.policies import current_policy, make_draft, publish_change

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/protection/policy"
STRICT = {"bands": {"review": 20}}


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank)


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def at(draft: PolicyDraft, act: str = "") -> str:
    return f"{PAGE}/drafts/{draft.id}{act}"


def read(browser: Client, path: str, *, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status
    return response.content.decode()


PARAMETERS = "payout?section=parameters"


def form_of(browser: Client, draft: PolicyDraft, flow: str = "payout") -> dict[str, Any]:
    """Return what the browser would send of the form as it stands."""
    form = browser.get(at(draft, f"/edit/{flow}")).context["form"]
    given = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in given.items()}
    return {name: value for name, value in shown.items() if value is not False and value is not None}


def propose(browser: Client, draft: PolicyDraft, sent: dict[str, str]) -> Any:
    """Send the form of publication as the page has it now, with what was typed."""
    shown = re.search(r'name="revision" value="([0-9]+)"', read(browser, at(draft)))
    given = {"revision": shown[1]} if shown else {}
    return browser.post(at(draft, "/propose"), given | sent)


def assess(bank: Organization, **fields: Any) -> dict[str, Any]:
    """Make a call of the API, as a client would."""
    given: dict[str, Any] = {"amount": 150_000, "currency": "MXN", "beneficiary": {"country": "MX"}} | fields
    key = bearer(make_api_key(organization=bank)[1])
    answer = Client().post("/api/v1/assess/payout", given, content_type="application/json", **key)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@contextmanager
def unchanged() -> Iterator[None]:
    before = [*PolicyDraft.unscoped.order_by("id").values(), *AssessmentPolicy.unscoped.order_by("id").values()]
    yield
    assert [*PolicyDraft.unscoped.order_by("id").values(), *AssessmentPolicy.unscoped.order_by("id").values()] == before


def test_a_draft_is_begun_on_the_version_in_force(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payin", "bands", review=25)
    response = browser.post(f"{PAGE}/drafts")
    draft = PolicyDraft.unscoped.get()
    assert (response.status_code, response["Location"]) == (303, at(draft))
    assert (draft.base_version, draft.title) == (2, "Cambio sobre la versión 2")
    assert decode_policy(draft.document, version=2) == current_policy(admin)
    assert "Este borrador todavía no cambia nada." in read(browser, at(draft))


def test_the_form_as_it_stands_changes_nothing(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin)
    for flow in ("payin", "payout"):
        draft.refresh_from_db()
        response = browser.post(at(draft, f"/edit/{flow}"), form_of(browser, draft, flow))
        assert (response.status_code, response["Location"]) == (303, at(draft))
    assert decode_policy(PolicyDraft.unscoped.get().document, version=1) == current_policy(admin)


def test_what_the_form_changes_is_said_in_words(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin)
    sent = form_of(browser, draft) | {
        "title": "Más estricta",
        "bands.review": 20,
        "weight.high_velocity": 50,
    }
    del sent["on.short_session"]
    browser.post(at(draft, "/edit/payout"), sent)
    sent = form_of(browser, draft, PARAMETERS) | {
        "parameter.amount_limit.maximum_minor": "MXN 50,000.00\n900000 clp",
        "parameter.payout_structuring.limits_minor": "MXN 50000\nMXN 10000\nUSD 9999.99",
        "parameter.payout_high_risk_country.lists": ["eu_tax_non_cooperative_annex_1"],
        "parameter.payout_unattributed_initiator.also_generic": "caja\ncaja\n tesorería ",
    }
    browser.post(at(draft, f"/edit/{PARAMETERS}"), sent)
    part = PolicyDraft.unscoped.get().document["payout"]
    assert (part["bands"]["review"], part["weights"]["high_velocity"], part["disabled"]) == (20, 50, ["short_session"])
    assert part["parameters"]["amount_limit"]["maximum_minor"] == {"MXN": 50_000_00, "CLP": 900_000}
    assert part["parameters"]["payout_structuring"]["limits_minor"] == {
        "MXN": [50_000_00, 10_000_00],
        "USD": [9_999_99],
    }
    assert part["parameters"]["payout_high_risk_country"]["lists"] == ["eu_tax_non_cooperative_annex_1"]
    assert part["parameters"]["payout_unattributed_initiator"]["also_generic"] == ["caja", "tesorería"]
    page = read(browser, at(draft))
    for words in (
        "Pagos salientes · Revisión desde",
        "Pagos salientes · Peso de Alta velocidad",
        "$50,000.00 MXN",
        "UE: no cooperadores fiscales, anexo I",
        "Apagada",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("bands.review", "0"),
        ("bands.review", "51"),
        ("bands.decline", "101"),
        ("bands.challenge", "x"),
        ("weight.high_velocity", "-1"),
        ("weight.high_velocity", "101"),
        ("weight.high_velocity", "1.5"),
        ("parameter.high_velocity.payer_limit", "0"),
        ("parameter.high_velocity.payer_limit", "1000001"),
        ("parameter.payout_structuring.near_percent", "101"),
        ("parameter.amount_limit.maximum_minor", "50000"),
        ("parameter.amount_limit.maximum_minor", "XXX 50000"),
        ("parameter.amount_limit.maximum_minor", "MXN 1.234"),
        ("parameter.amount_limit.maximum_minor", "MXN -1"),
        ("parameter.amount_limit.maximum_minor", "MXN 1e3"),
        ("parameter.amount_limit.maximum_minor", "MXN 5,00"),
        ("parameter.amount_limit.maximum_minor", "MXN 9999999999999999"),
        ("parameter.amount_limit.maximum_minor", "MXN 1\nMXN 2"),
        ("parameter.payout_high_risk_country.lists", "none_such"),
        ("parameter.payout_unattributed_initiator.also_generic", "x" * 121),
        ("parameter.payout_unattributed_initiator.also_generic", "a\x01b"),
    ],
)
def test_what_no_policy_can_say_is_refused_beside_its_field(
    browser: Client, admin: Membership, field: str, value: str
) -> None:
    draft = make_draft(admin)
    section = PARAMETERS if field.startswith("parameter.") else "payout"
    sent = form_of(browser, draft, section) | {field: value}
    with unchanged():
        response = browser.post(at(draft, f"/edit/{section}"), sent)
    assert response.status_code == 422
    assert f'href="#id_{field}' in response.content.decode()


def test_what_may_block_has_neither_weight_nor_switch(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin)
    sent = form_of(browser, draft)
    assert "weight.amount_limit" not in sent
    browser.post(at(draft, "/edit/payout"), sent | {"weight.amount_limit": 1})
    assert PolicyDraft.unscoped.get().document["payout"]["weights"]["amount_limit"] == 100


def test_of_two_that_edit_at_once_the_second_sees_both(browser: Client, admin: Membership, bank: Organization) -> None:
    draft = make_draft(admin)
    other = sign_in_as(make_member(organization=bank))
    mine, theirs = form_of(browser, draft), form_of(other, draft)
    other.post(at(draft, "/edit/payout"), theirs | {"bands.review": 11})
    with unchanged():
        response = browser.post(at(draft, "/edit/payout"), mine | {"bands.review": 12})
    page = response.content.decode()
    assert response.status_code == 409
    assert '<td class="table__text">11</td><td class="table__text"><mark class="differs">12</mark></td>' in page


def test_what_is_published_decides_the_next_payment(browser: Client, admin: Membership, bank: Organization) -> None:
    before = assess(bank)
    draft = make_draft(admin)
    sent = form_of(browser, draft, PARAMETERS) | {"parameter.amount_limit.maximum_minor": "MXN 1000.00"}
    browser.post(at(draft, f"/edit/{PARAMETERS}"), sent)
    assert assess(bank)["decision"] == before["decision"] == "approve"
    assert "Publicar" in read(browser, at(draft))
    browser.post(f"{PAGE}/settings", {"revision": 0, "second_person_percent": ""})
    response = propose(browser, draft, {"reason": "límite del comité"})
    assert (response.status_code, response["Location"]) == (303, at(draft))
    assert "La versión 2 quedó publicada" in read(browser, at(draft))
    after = assess(bank)
    assert (after["decision"], after["blocked_by"]) == ("decline", "amount_limit")


def test_the_impact_is_counted_on_the_newest_payments(browser: Client, admin: Membership, bank: Organization) -> None:
    for _ in range(3):
        assess(bank)
    draft = make_draft(admin, payout={"weights": {"payout_first_beneficiary": 30, "payout_unattributed_initiator": 30}})
    page = read(browser, at(draft))
    assert "De los 3 pagos más recientes" in page
    assert "cambiaría la decisión de <strong>3</strong>" in page
    assert "Pagos salientes: puntajes con este borrador" in page
    assert "otra persona de administración debe aprobarlo" in page


def test_without_payments_there_is_nothing_to_compare(browser: Client, admin: Membership) -> None:
    page = read(browser, at(make_draft(admin, payout=STRICT)))
    assert "No hay pagos de los últimos 30 días" in page
    assert "<figure" not in page


def test_a_great_change_waits_for_a_second_person(browser: Client, admin: Membership, bank: Organization) -> None:
    assess(bank)
    draft = make_draft(admin, payout={"parameters": {"amount_limit": {"maximum_minor": {"MXN": 1}}}})
    propose(browser, draft, {"reason": "más fraude"})
    page = read(browser, at(draft))
    assert "La propuesta espera a que otra persona la apruebe." in page
    assert "Aprobar y publicar" not in page
    assert "lo aprueba otra persona" in page
    revision = PolicyDraft.unscoped.get().revision
    assert browser.post(at(draft, "/approve"), {"revision": revision}).status_code == 403
    other = sign_in_as(make_member(organization=bank))
    seen = read(other, at(draft))
    for words in ("Aprobar y publicar", "más fraude", admin.user.email, "Importe máximo que puede pasar"):
        assert words in seen
    with unchanged():
        assert other.post(at(draft, "/approve"), {"revision": revision - 1}).status_code == 409
        assert other.post(at(draft, "/approve"), {"revision": "x"}).status_code == 409
    assert other.post(at(draft, "/approve"), {"revision": revision}).status_code == 303
    assert current_policy(admin).version == 2
    assert assess(bank)["decision"] == "decline"


def test_what_was_changed_after_it_was_read_is_shown_and_not_published(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    read(browser, at(draft))
    browser.post(at(draft, "/edit/payout"), form_of(browser, draft) | {"bands.review": 11})
    for sent in ({"revision": "0"}, {"revision": "9" * 5_000}, {}):
        with unchanged():
            response = browser.post(at(draft, "/propose"), {"reason": "lo que leí"} | sent)
        page = response.content.decode()
        assert response.status_code == 409
        assert "Alguien lo cambió después de que usted lo leyó" in page
        assert '<td class="table__text">30</td><td class="table__text">11</td>' in page
        assert "lo que leí</textarea>" in page
    assert current_policy(admin).version == 1
    again = re.search(r'name="revision" value="([0-9]+)"', page)
    assert again is not None
    assert browser.post(at(draft, "/propose"), {"reason": "ya leí", "revision": again[1]}).status_code == 303
    assert current_policy(admin).payout.bands.review == 11


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reason": " "},
        {"reason": "x" * 1_001},
        {"reason": "a\x00b"},
        {"reason": "x", "publish_at": "2020-01-01T00:00"},
        {"reason": "x", "publish_at": "mañana"},
    ],
)
def test_a_publication_without_reason_or_in_the_past_is_refused(
    browser: Client, admin: Membership, sent: dict[str, str]
) -> None:
    draft = make_draft(admin, payout=STRICT)
    with unchanged():
        response = propose(browser, draft, sent)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_what_changes_nothing_is_not_published(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin)
    with unchanged():
        response = propose(browser, draft, {"reason": "x"})
    assert response.status_code == 422
    assert "Este borrador no cambia nada de la política en vigor." in response.content.decode()


def test_a_publication_is_scheduled_in_the_organizations_hours(bank: Organization, admin: Membership) -> None:
    bank.timezone = "America/Mexico_City"
    bank.save(update_fields=["timezone"])
    draft = make_draft(admin, payout=STRICT)
    browser = sign_in_as(admin)
    propose(browser, draft, {"reason": "x", "publish_at": "2099-03-01T10:30"})
    row = PolicyDraft.unscoped.get()
    assert row.state == "scheduled"
    assert row.publish_at is not None
    assert row.publish_at.isoformat() == "2099-03-01T16:30:00+00:00"
    assert "01/03/2099 10:30:00 CDMX" in read(browser, at(draft))
    browser.post(at(draft, "/take-back"))
    assert PolicyDraft.unscoped.get().state == "draft"


def test_what_was_overtaken_is_put_on_the_version_in_force(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    publish_change(admin, "payin", "bands", review=25)
    assert "Traer lo publicado" in read(browser, at(draft))
    with unchanged():
        response = propose(browser, draft, {"reason": "x"})
    assert response.status_code == 409
    assert "Cobros · Revisión desde" in read(browser, at(draft, "/rebase"))
    assert browser.post(at(draft, "/rebase")).status_code == 303
    row = PolicyDraft.unscoped.get()
    bands = (row.document["payin"]["bands"]["review"], row.document["payout"]["bands"]["review"])
    assert (row.base_version, bands) == (2, (25, 20))
    propose(browser, draft, {"reason": "x"})
    assert current_policy(admin).version == 3


def test_where_both_changed_the_same_the_drafts_stands_once_it_was_seen(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    publish_change(admin, "payout", "bands", review=25)
    with unchanged():
        response = browser.post(at(draft, "/rebase"))
    assert response.status_code == 409
    assert '<td class="table__text">25</td><td class="table__text"><mark class="differs">20</mark></td>' in (
        response.content.decode()
    )
    assert browser.post(at(draft, "/rebase"), {"seen": "2"}).status_code == 303
    assert PolicyDraft.unscoped.get().document["payout"]["bands"]["review"] == 20


def test_two_changes_that_make_no_policy_together_are_refused(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout={"bands": {"review": 45}})
    publish_change(admin, "payout", "bands", challenge=40)
    with unchanged():
        response = browser.post(at(draft, "/rebase"))
    assert response.status_code == 422
    assert "no hacen una política posible" in response.content.decode()


def test_an_analyst_proposes_and_an_administrator_approves(bank: Organization, admin: Membership) -> None:
    analyst = sign_in_as(make_member(organization=bank, role=Role.ANALYST))
    analyst.post(f"{PAGE}/drafts")
    draft = PolicyDraft.unscoped.get()
    analyst.post(at(draft, "/edit/payout"), form_of(analyst, draft) | {"bands.review": 20})
    assert "Alguien de administración debe aprobarlo." in read(analyst, at(draft))
    propose(analyst, draft, {"reason": "x"})
    row = PolicyDraft.unscoped.get()
    assert (row.state, current_policy(admin).version) == ("proposed", 1)
    assert analyst.post(at(draft, "/approve"), {"revision": row.revision}).status_code == 403
    sign_in_as(admin).post(at(draft, "/approve"), {"revision": row.revision})
    assert current_policy(admin).payout.bands.review == 20


def test_a_draft_is_put_away_after_asking(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    assert "No se puede deshacer." in read(browser, at(draft, "/discard"))
    assert browser.post(at(draft, "/discard"))["Location"] == PAGE
    assert PolicyDraft.unscoped.get().state == "discarded"
    page = read(browser, at(draft))
    assert "Descartado" in page
    assert 'method="post" action="/dashboard/protection' not in page
    assert browser.post(at(draft, "/discard")).status_code == 409


def test_an_unknown_flow_is_not_found(browser: Client, admin: Membership) -> None:
    read(browser, at(make_draft(admin), "/edit/sideways"), status=404)


def test_a_stranger_neither_sees_nor_touches_a_draft(admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    stranger = sign_in_as(make_member(organization=make_organization()))
    events = Event.unscoped.count()
    for act in ("", "/edit/payout", "/discard", "/rebase"):
        read(stranger, at(draft, act), status=404)
    with unchanged():
        for act in ("/edit/payout", "/propose", "/approve", "/take-back", "/discard", "/rebase"):
            assert stranger.post(at(draft, act), {"reason": "x", "revision": 0}).status_code == 404
    assert Event.unscoped.count() == events


def test_what_lists_weigh_is_a_form_of_its_own_and_neither_touches_the_other(
    browser: Client, admin: Membership
) -> None:
    draft = make_draft(admin, payout={"bands": {"review": 20}})
    form = browser.get(at(draft, "/edit/payout?section=lists")).context["form"]
    assert [band.name for band in form.bands] == []
    sent = {each.html_name: each.value() for each in form} | {"parameter.blocklist_clabe.flag_weight": 55}
    assert browser.post(at(draft, "/edit/payout?section=lists"), sent).status_code == 303
    draft.refresh_from_db()
    payout = draft.document["payout"]
    assert payout["parameters"]["blocklist_clabe"] == {"flag_weight": 55, "review_weight": 20}
    assert payout["bands"]["review"] == 20
    own = form_of(browser, draft, "payout")
    assert not any("blocklist_" in name for name in own)
    browser.post(at(draft, "/edit/payout"), own | {"bands.review": 21, "weight.payout_structuring": 26})
    draft.refresh_from_db()
    changed = draft.document["payout"]
    assert (changed["bands"]["review"], changed["weights"]["payout_structuring"]) == (21, 26)
    assert changed["parameters"] == payout["parameters"]
    assert changed["disabled"] == payout["disabled"]


def test_a_draft_whose_rule_was_deleted_says_so(browser: Client, admin: Membership) -> None:
    draft = make_draft(admin, payout=STRICT)
    PolicyDraft.unscoped.update(document=draft.document | {"rules": [make_rule()]})
    with unchanged():
        response = browser.post(at(draft, "/propose"), {"reason": "más fraude", "revision": draft.revision})
    assert response.status_code == 422
    assert "Este borrador lleva una regla que ya se borró" in response.content.decode()
