"""`/dashboard/protection/policy`: what is in force, its history, and who may change it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.types import Role
from assess.models import AssessmentPolicy, PolicyDraft, PolicySettings
from assess.policy import encode_policy
from core.web import paging
from events.models import Event
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as
from tests.factories.policies import (
    current_policy,
    make_rule_row,
    publish_change,
    publish_document,
    publish_rule,
)

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/protection/policy"


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def read(browser: Client, path: str = PAGE, *, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status
    return response.content.decode()


def colleague(admin: Membership, role: Role) -> Client:
    return sign_in_as(make_member(organization=admin.organization, role=role))


def settings() -> tuple[Any, ...]:
    row = PolicySettings.unscoped.get()
    return (row.second_person_percent, row.are_analysts_heard, row.revision)


def test_an_organization_that_published_none_sees_the_one_that_everybody_begins_with(browser: Client) -> None:
    page = read(browser)
    for words in (
        "La de fábrica",
        "Alta velocidad",
        "Pagos justo bajo un límite",
        "$50,000.00 MXN",
        "0 a 29",
        "80 a 100",
    ):
        assert words in page
    assert "Esta versión no tiene reglas." in page


def test_the_policy_in_force_says_who_published_it_and_why(admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    page = read(colleague(admin, Role.VIEWER))
    assert f"<dt>Quién la publicó</dt><dd>{admin.user.email}</dd>" in page
    assert '<dt>Motivo</dt><dd class="definitions__lines">prueba</dd>' in page
    assert "0 a 19" in page
    assert "20 a 49" in page


def test_amounts_are_money_and_a_signal_that_is_off_says_so(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payin", "parameters", amount_limit={"maximum_minor": {"CLP": 900_000, "MXN": 12_345_00}})
    document = encode_policy(current_policy(admin))
    document["payin"]["disabled"] = ["short_session"]
    publish_document(admin, document)
    page = read(browser, f"{PAGE}?flow=payin")
    assert "$900,000 CLP" in page
    assert "$12,345.00 MXN" in page
    assert page.count("Apagada") == 1
    assert "Apagada" not in read(browser)


def test_the_rules_are_listed_with_what_they_do(browser: Client, admin: Membership) -> None:
    publish_rule(admin, make_rule_row(admin, name="Sobre cien", weight=35))
    page = read(browser)
    for words in ("Sobre cien", "Activa", "Suma al puntaje (+35)"):
        assert words in page


def test_a_version_says_what_it_changed_in_words(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payin", "weights", high_velocity=20)
    publish_change(admin, "payout", "bands", review=20)
    publish_rule(admin, make_rule_row(admin, name="Sobre cien"))
    assert ">Cobros · Peso de Alta velocidad<" in read(browser, f"{PAGE}/versions/2")
    page = read(browser, f"{PAGE}/versions/3")
    assert ">Pagos salientes · Revisión desde<" in page
    assert '<td class="table__text">30</td><td class="table__text">20</td>' in page
    assert "Regla Sobre cien" in read(browser, f"{PAGE}/versions/4")
    assert "Nada cambió con ella" in read(browser, f"{PAGE}/versions/1")


def test_english_readers_read_english(admin: Membership) -> None:
    publish_change(admin, "payin", "weights", high_velocity=20)
    admin.user.preferences = {"language": "en"}
    admin.user.save(update_fields=["preferences"])
    assert "Pay-ins · Weight of High velocity" in read(sign_in_as(admin), f"{PAGE}/versions/2")


@pytest.mark.parametrize("version", ["0", "9", "99999999999999999999"])
def test_a_version_that_does_not_exist_is_not_found(browser: Client, version: str) -> None:
    current_version = read(browser)
    assert current_version
    read(browser, f"{PAGE}/versions/{version}", status=404)


def test_a_stranger_sees_their_own_versions_only(admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    stranger = sign_in_as(make_member(organization=make_organization()))
    assert "0 a 29" in read(stranger)
    read(stranger, f"{PAGE}/versions/2", status=404)
    response = stranger.post(f"{PAGE}/versions/2/revert")
    assert (response.status_code, PolicyDraft.unscoped.count()) == (404, 0)


def test_the_history_is_paged(browser: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    for review in (20, 21, 22):
        publish_change(admin, "payout", "bands", review=review)
    assert "1 a 2 de 4" in read(browser)
    last = read(browser, f"{PAGE}?page=2")
    assert "3 a 4 de 4" in last
    assert f'href="{PAGE}/versions/1">Versión 1' in last


def test_reverting_makes_a_draft_of_the_old_version_on_the_one_in_force(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    publish_change(admin, "payout", "bands", review=25)
    response = browser.post(f"{PAGE}/versions/2/revert")
    draft = PolicyDraft.unscoped.get()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}/drafts/{draft.id}")
    assert (draft.base_version, draft.title, draft.document["payout"]["bands"]["review"]) == (
        3,
        "Revertir a la versión 2",
        20,
    )
    assert (current_policy(admin).payout.bands.review, AssessmentPolicy.unscoped.count()) == (25, 3)


def test_the_version_in_force_is_not_reverted_to(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    assert "Revertir a esta versión" not in read(browser, f"{PAGE}/versions/2")
    assert "Revertir a esta versión" in read(browser, f"{PAGE}/versions/1")


def test_who_may_not_propose_is_offered_nothing(admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    for role in (Role.COMPLIANCE_OFFICER, Role.VIEWER):
        reader = colleague(admin, role)
        assert "Empezar un borrador" not in read(reader)
        assert "Revertir a esta versión" not in read(reader, f"{PAGE}/versions/1")
        assert reader.post(f"{PAGE}/drafts").status_code == 403
        assert reader.post(f"{PAGE}/versions/1/revert").status_code == 403
        assert reader.post(f"{PAGE}/settings", {"revision": 0}).status_code == 403
    assert PolicyDraft.unscoped.count() == 0


def test_analysts_propose_where_they_are_heard(browser: Client, admin: Membership) -> None:
    analyst = colleague(admin, Role.ANALYST)
    assert "Empezar un borrador" in read(analyst)
    browser.post(f"{PAGE}/settings", {"revision": 0, "second_person_percent": 5})
    assert "Empezar un borrador" not in read(analyst)
    assert analyst.post(f"{PAGE}/drafts").status_code == 403
    assert PolicyDraft.unscoped.count() == 0


def test_the_settings_are_kept_and_told(browser: Client) -> None:
    response = browser.post(
        f"{PAGE}/settings", {"revision": 0, "second_person_percent": "", "are_analysts_heard": "on"}
    )
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert settings() == (None, True, 1)
    assert "Quedó guardado quién propone y quién aprueba." in read(browser)
    assert Event.unscoped.get().kind == "policy_settings.changed"


@pytest.mark.parametrize("percent", ["0", "101", "-1", "5.5", "x"])
def test_a_percentage_that_cannot_be_is_refused_beside_its_field(browser: Client, percent: str) -> None:
    response = browser.post(f"{PAGE}/settings", {"revision": 0, "second_person_percent": percent})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert (PolicySettings.unscoped.count(), Event.unscoped.count()) == (0, 0)


def test_of_two_that_set_at_once_the_second_sees_both(browser: Client, admin: Membership) -> None:
    other = colleague(admin, Role.ADMIN)
    other.post(f"{PAGE}/settings", {"revision": 0, "second_person_percent": 10, "are_analysts_heard": "on"})
    response = browser.post(
        f"{PAGE}/settings", {"revision": 0, "second_person_percent": 20, "are_analysts_heard": "on"}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert ">10</td>" in page
    assert ">20</mark>" in page
    assert settings() == (10, True, 1)


def test_readers_see_the_settings_in_words(admin: Membership) -> None:
    page = read(colleague(admin, Role.VIEWER))
    assert "Cuando cambiaría el 5 % de las decisiones o más" in page
    assert 'name="second_person_percent"' not in page


def test_what_waits_for_a_second_person_stands_on_top(browser: Client, admin: Membership) -> None:
    browser.post(f"{PAGE}/drafts")
    assert "espera segunda firma" not in read(browser).lower()
    PolicyDraft.unscoped.update(state="proposed")
    page = read(browser)
    assert "1 propuesta espera segunda firma:" in page
    assert page.index("1 propuesta espera") < page.index("En vigor")


def test_the_audit_page_says_what_a_publication_changed_in_words(browser: Client, admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    publish_change(admin, "payin", "parameters", amount_limit={"maximum_minor": {"MXN": 50_000_00}})
    publish_rule(admin, make_rule_row(admin, name="Sobre cien", weight=35))
    found = [
        read(browser, f"/dashboard/audit/{event.id}")
        for event in Event.unscoped.filter(kind="policy.published").order_by("id")
    ]
    for page, words in zip(
        found,
        (
            ("Pagos salientes · Revisión desde", '<td class="table__text">30</td><td class="table__text">20</td>'),
            ("Cobros · Importe sobre el máximo · Importe máximo que puede pasar", "$50,000.00 MXN"),
            ("Regla Sobre cien", "Activa · Suma al puntaje (+35)", "payment.amount &gt; 100"),
        ),
        strict=True,
    ):
        for word in words:
            assert word in page
