"""`/dashboard/protection/rules`: written in sentences or text, tried, put to shadow, published, obeyed."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.types import Role
from assess.custom_rules import RuleStage
from assess.models import PolicyDraft, Rule
from assess.services import rules as services
from assess.web import rules
from core.environments import Environment
from core.web import paging
from events.models import Event
from tests.assess.conftest import Caller
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as
from tests.factories.policies import current_policy, make_rule_row, publish_rule

pytestmark = pytest.mark.django_db

RULES = "/dashboard/protection/rules"
HEAD = {"name": "Importe alto", "flow": "payout", "action": "block", "description": "", "weight": ""}
ROWS = {
    "mode": "rows",
    "join": "all",
    "g0-join": "all",
    "g0r0-field": "payment.amount",
    "g0r0-operator": "gt",
    "g0r0-value": "100,000",
    "g0r1-field": "beneficiary.country",
    "g0r1-operator": "in",
    "g0r1-value": "MX, US",
}
CONDITION = "payment.amount > 100000 && beneficiary.country in ['MX', 'US']"


@pytest.fixture
def admin(bank: Caller) -> Membership:
    return make_member(organization=bank.organization, role=Role.ADMIN)


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def send(browser: Client, path: str, **fields: Any) -> Any:
    return browser.post(f"{RULES}/{path}", {**HEAD, **ROWS, **fields})


def bring(browser: Client, rule: Rule, stage: str, sent: dict[str, str]) -> Any:
    """Confirm what the page says now."""
    rule.refresh_from_db()
    return browser.post(f"{RULES}/{rule.id}/{stage}", {"revision": rule.revision} | sent)


def read(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content
    text: str = response.content.decode()
    return text


def the_rule() -> Rule:
    return Rule.unscoped.get()


def test_a_rule_is_written_tried_put_to_shadow_published_and_obeyed(browser: Client, bank: Caller) -> None:
    first = bank.payout()
    assert "Ninguna regla está vigente" in read(browser.get(RULES))
    tried = read(send(browser, "new", act="try"))
    assert "De los 1 pagos de los últimos 30 días, coincidiría con 1." in " ".join(tried.split())
    assert first["transaction_id"][-8:] in tried
    assert not Rule.unscoped.exists()
    assert send(browser, "new", act="save").status_code == 303
    rule = the_rule()
    assert (rule.condition, rule.state, rule.action) == (CONDITION, "draft", "block")
    page = read(browser.get(f"{RULES}/{rule.id}"))
    assert "Importe (en centavos) es mayor que 100,000 y País del beneficiario es uno de “MX”, “US”" in page.replace(
        "&quot;", '"'
    )
    assert bank.payout(payment_id="p-2")["blocked_by"] is None

    assert bring(browser, rule, "shadow", {"reason": "probar"}).status_code == 303
    assert bank.payout(payment_id="p-3")["blocked_by"] is None
    assert "Sombra" in read(browser.get(RULES))

    response = bring(browser, rule, "active", {"reason": "funciona"})
    assert response.status_code == 303
    waiting = PolicyDraft.unscoped.get(state="proposed")
    assert "espera a que otra persona la apruebe" in read(browser.get(f"{RULES}/{rule.id}"))
    assert waiting.impact == {"payments": 3, "changed": 3, "moves": {"approve>decline": 3}}
    assert bank.payout(payment_id="p-4")["blocked_by"] is None


def test_an_active_rule_decides_the_next_call(browser: Client, bank: Caller, admin: Membership) -> None:
    send(browser, "new", act="save")
    bring(browser, the_rule(), "active", {"reason": "aún no hay pagos"})
    found = bank.payout()
    assert (found["decision"], found["blocked_by"]) == ("decline", f"rule:{the_rule().code}")
    page = read(browser.get(RULES))
    assert "$2,500.00" in page
    bring(browser, the_rule(), "retired", {"reason": "ya no"})
    waiting = PolicyDraft.unscoped.get(state="proposed")
    assert (waiting.impact, waiting.document["rules"]) == (
        {"payments": 1, "changed": 1, "moves": {"decline>approve": 1}},
        [],
    )
    assert [rule.id for rule in current_policy(admin).rules] == [the_rule().code]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"g0r0-value": "mucho"}, "Escriba un valor que vaya con el campo"),
        ({"g0r0-operator": "contains"}, "Ese operador no va con este campo"),
        ({"g0r0-field": "payment.amont"}, "Elija un campo."),
        ({"name": ""}, "requerido"),
        ({"name": "Importe\xa0alto"}, "El nombre tiene un carácter que no se ve"),
        ({"flow": "both"}, "beneficiary.country no es un campo de este flujo"),
        ({"mode": "text", "condition": "payment.amount >"}, "Línea 1, columna 17: aquí se espera un valor."),
        ({"mode": "text", "condition": "a.b.all(x, x)"}, "los recorridos de listas"),
        ({"mode": "text", "condition": "payment.amount > 1 &&\n nada.x == 1"}, "Línea 2, columna 2"),
        ({"mode": "text", "condition": "x" * 2001}, "debe tener a lo más 2000 bytes"),
        ({"weight": "101"}, "menor o igual"),
    ],
)
@pytest.mark.parametrize("act", ["save", "try"])
def test_what_is_wrong_stands_beside_it_and_nothing_is_saved(browser: Client, fields: Any, said: str, act: str) -> None:
    assert said in read(send(browser, "new", act=act, **fields), 422)
    assert not Rule.unscoped.exists()


def test_the_text_and_the_sentences_are_turned_into_each_other(browser: Client) -> None:
    text = read(send(browser, "new", act="text"))
    assert 'name="mode" value="text"' in text
    assert "payment.amount &gt; 100000 &amp;&amp; beneficiary.country in [&#x27;MX&#x27;, &#x27;US&#x27;]" in text
    rows = read(send(browser, "new", act="rows", mode="text", condition=CONDITION))
    assert 'name="g0r1-value" value="MX, US"' in rows
    only_text = read(send(browser, "new", act="rows", mode="text", condition="payment.amount + 1 > 2"))
    assert "solo se puede escribir como texto" in only_text


def test_rows_and_groups_come_and_go_without_a_script(browser: Client) -> None:
    assert 'name="g0r2-field"' in read(send(browser, "new", act="row:0"))
    assert 'name="g1r0-field"' in read(send(browser, "new", act="group"))
    dropped = read(send(browser, "new", act="drop:0:0"))
    assert 'name="g0r1-field"' not in dropped
    assert 'value="MX, US"' in dropped
    for nowhere in (
        "drop:9:9",
        f"drop:{'0' * 5_000}:0",
        f"drop:0:{'9' * 5_000}",
        f"row:{'9' * 5_000}",
        "row:²",
        "row:",
    ):
        assert 'name="g0r1-field"' in read(send(browser, "new", act=nowhere))
    assert 'name="name" value="Importe alto"' in dropped.replace('maxlength="120" ', "")


def test_the_script_gets_the_part_that_it_asks_for(browser: Client) -> None:
    fields = {**HEAD, **ROWS, "act": "check"}
    part = read(browser.post(f"{RULES}/new", fields, headers={"X-Fragment": "condition"}))
    assert "<html" not in part
    assert 'name="g0r1-value"' in part
    reading = read(browser.post(f"{RULES}/new", fields, headers={"X-Fragment": "reading"}))
    assert "payment.amount &gt; 100000 &amp;&amp; " in reading
    assert "<input" not in reading
    assert "<textarea" not in reading
    trial = read(browser.post(f"{RULES}/new", {**fields, "act": "try"}, headers={"X-Fragment": "trial"}))
    assert "No hay pagos de este flujo" in trial
    wrong = read(browser.post(f"{RULES}/new", {**fields, "name": ""}, headers={"X-Fragment": "trial"}))
    assert "Escriba la condición y pruebe" in wrong


def test_a_rule_that_another_rewrote_meanwhile_shows_both(browser: Client, admin: Membership) -> None:
    row = make_rule_row(admin)
    send(browser, f"{row.id}/edit", act="save", revision=1, name="La mía")
    page = read(send(browser, f"{row.id}/edit", act="save", revision=1, name="La otra"), 409)
    assert "La mía" in page
    assert "La otra" in page
    assert the_rule().name == "La mía"


def test_what_is_published_is_shown_while_the_draft_says_otherwise(browser: Client, admin: Membership) -> None:
    row = make_rule_row(admin)
    publish_rule(admin, row)
    assert "Importe alto" in read(browser.get(f"{RULES}/{row.id}/edit"))
    send(browser, f"{row.id}/edit", act="save", revision=1)
    page = read(browser.get(f"{RULES}/{row.id}"))
    assert "Lo publicado dice otra cosa" in page
    assert "payment.amount &gt; 100<" in page
    assert "Publicar los cambios" in page


@pytest.mark.parametrize("sent", [{"revision": 1}, {"revision": "9" * 5_000}, {"revision": "²"}, {}])
def test_a_rule_that_was_rewritten_after_it_was_read_is_shown_and_not_published(
    browser: Client, admin: Membership, sent: dict[str, Any]
) -> None:
    row = make_rule_row(admin, condition="payment.amount > 90000000")
    assert 'name="revision" value="1"' in read(browser.get(f"{RULES}/{row.id}/active"))
    send(browser, f"{row.id}/edit", act="save", revision=1, mode="text", condition="payment.amount > 1")
    page = read(browser.post(f"{RULES}/{row.id}/active", {"reason": "lo que leí"} | sent), 409)
    assert "Alguien lo cambió después de que usted lo leyó" in page
    assert "payment.amount &gt; 1<" in page
    assert "lo que leí</textarea>" in page
    assert 'name="revision" value="2"' in page
    assert (current_policy(admin).version, PolicyDraft.unscoped.count()) == (1, 0)
    assert bring(browser, row, "active", {"reason": "ya leí"}).status_code == 303
    assert current_policy(admin).rules[0].condition == "payment.amount > 1"


def test_a_reason_is_asked_for(browser: Client, admin: Membership) -> None:
    row = make_rule_row(admin)
    assert "requerido" in read(bring(browser, row, "active", {"reason": ""}), 422)
    assert current_policy(admin).rules == ()


def test_a_publication_may_wait_for_its_hour_in_the_organizations_zone(browser: Client, admin: Membership) -> None:
    row = make_rule_row(admin)
    sent = {"reason": "mañana", "publish_at": "2036-01-02T09:30"}
    assert bring(browser, row, "active", sent).status_code == 303
    draft = PolicyDraft.unscoped.get()
    assert draft.publish_at is not None
    assert (draft.state, draft.publish_at.isoformat()) == ("scheduled", "2036-01-02T15:30:00+00:00")
    past = {"reason": "ayer", "publish_at": "2020-01-02T09:30"}
    assert "Elija un momento que aún no pase." in read(bring(browser, row, "active", past), 422)


def test_nothing_is_published_twice(browser: Client, admin: Membership) -> None:
    row = make_rule_row(admin)
    publish_rule(admin, row)
    assert "nada cambiaría" in read(bring(browser, row, "active", {"reason": "otra vez"}), 422)
    assert current_policy(admin).version == 2


def test_a_rule_for_which_there_is_no_room_is_told_so_on_its_page(
    browser: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (services, rules):
        monkeypatch.setattr(module, "MAXIMUM_RULES", 1)
    publish_rule(admin, make_rule_row(admin))
    row = make_rule_row(admin, name="La que no cabe")
    pages = [browser.get(f"{RULES}/{row.id}/active"), bring(browser, row, "active", {"reason": "cabe"})]
    for response, status in zip(pages, (200, 422), strict=True):
        page = read(response, status)
        assert "Ya hay 1 reglas vigentes" in page
        assert 'name="reason"' not in page
    assert (current_policy(admin).version, PolicyDraft.unscoped.count()) == (2, 0)


def test_rules_change_places(browser: Client, admin: Membership) -> None:
    rows = [make_rule_row(admin, name=f"Regla {n}") for n in range(2)]
    for row in rows:
        publish_rule(admin, row, RuleStage.SHADOW)
    assert browser.post(f"{RULES}/{rows[1].id}/move", {"way": "up"}).status_code == 303
    assert [rule.name for rule in current_policy(admin).rules] == ["Regla 1", "Regla 0"]
    page = read(browser.get(RULES))
    assert page.index("Regla 1") < page.index("Regla 0")


def test_the_list_has_the_order_of_the_policy_whatever_the_states_are(
    browser: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    rows = [make_rule_row(admin, name=f"Regla {n}") for n in range(3)]
    make_rule_row(admin, name="Un borrador")
    for row, stage in zip(rows, (RuleStage.SHADOW, RuleStage.ACTIVE, RuleStage.SHADOW), strict=True):
        publish_rule(admin, row, stage)
    first, last = read(browser.get(RULES)), read(browser.get(f"{RULES}?page=2"))
    assert re.findall(r'name="way" value="(\w+)"( disabled)?>', first) == [
        ("up", " disabled"), ("down", ""), ("up", ""), ("down", "")
    ]  # fmt: skip
    assert re.findall(r'name="way" value="(\w+)"( disabled)?>', last) == [("up", ""), ("down", " disabled")]
    assert re.findall(r">(Regla \d)</a>", first + last) == ["Regla 0", "Regla 1", "Regla 2"]


def test_a_rule_that_cannot_move_stays_and_the_list_says_why(browser: Client, admin: Membership) -> None:
    rows = [make_rule_row(admin, name=f"Regla {n}") for n in range(2)]
    publish_rule(admin, rows[0])
    for row, way, said in (
        (rows[0], "up", "La regla ya está en ese extremo"),
        (rows[0], "down", "La regla ya está en ese extremo"),
        (rows[1], "up", "La regla no está vigente"),
    ):
        assert browser.post(f"{RULES}/{row.id}/move", {"way": way}).status_code == 303
        assert said in read(browser.get(RULES))
    assert browser.post(f"{RULES}/{rows[0].id}/move", {"way": "left"}).status_code == 400
    assert (current_policy(admin).version, PolicyDraft.unscoped.count()) == (2, 0)


def test_the_audit_page_tells_of_rules_and_drafts_without_a_code(browser: Client, admin: Membership) -> None:
    send(browser, "new", act="save", action="score", weight="35", guard_percent="20")
    send(browser, f"{the_rule().id}/edit", act="save", revision=1)
    bring(browser, the_rule(), "shadow", {"reason": "probar"})
    told = dict[str, str]()
    for event in Event.unscoped.filter(subject_type__in=["rule", "policy_draft"]):
        told[event.kind] = read(browser.get(f"/dashboard/audit/{event.id}"))
    assert told.keys() == {"rule.added", "rule.changed", "policy_draft.started"}
    for word in ("Pagos salientes", "Suma al puntaje", "Qué hace", "Peso", "Guardia (%", "Código", "Condición"):
        assert word in told["rule.added"]
    assert "Rechaza el pago" in told["rule.changed"]
    assert "Título" in told["policy_draft.started"]
    for page in told.values():
        assert (
            re.findall(
                r">\s*(payout|score|block|flow|action|title|code|name|rule|weight|guard_percent|description|condition)\s*<",
                page,
            )
            == []
        )


def test_a_draft_is_deleted_and_a_published_rule_is_not(browser: Client, admin: Membership) -> None:
    draft, kept = make_rule_row(admin), make_rule_row(admin)
    publish_rule(admin, kept)
    assert browser.post(f"{RULES}/{draft.id}/remove").status_code == 303
    assert browser.post(f"{RULES}/{kept.id}/remove").status_code == 409
    assert the_rule().id == kept.id


def test_a_draft_that_waits_to_be_published_is_kept_and_said_so(
    browser: Client, bank: Caller, admin: Membership
) -> None:
    analyst = sign_in_as(make_member(organization=bank.organization, role=Role.ANALYST))
    row = make_rule_row(admin)
    assert analyst.post(f"{RULES}/{row.id}/active", {"reason": "propongo", "revision": 1}).status_code == 303
    response = browser.post(f"{RULES}/{row.id}/remove")
    assert (response.status_code, response["Location"]) == (303, f"{RULES}/{row.id}")
    assert "espera publicarse con esta regla" in read(browser.get(f"{RULES}/{row.id}"))
    assert the_rule().id == row.id


def test_an_analyst_proposes_and_does_not_publish(bank: Caller, admin: Membership) -> None:
    analyst = sign_in_as(make_member(organization=bank.organization, role=Role.ANALYST))
    send(analyst, "new", act="save")
    assert bring(analyst, the_rule(), "active", {"reason": "propongo"}).status_code == 303
    assert PolicyDraft.unscoped.get().state == "proposed"
    assert current_policy(admin).rules == ()


def test_an_analyst_who_is_not_heard_is_offered_nothing(bank: Caller, admin: Membership) -> None:
    analyst = sign_in_as(make_member(organization=bank.organization, role=Role.ANALYST))
    row = make_rule_row(admin)
    offers = {RULES: 'href="/dashboard/protection/rules/new"', f"{RULES}/{row.id}": f'href="{RULES}/{row.id}/'}
    for path, offer in offers.items():
        assert offer in read(analyst.get(path))
    sign_in_as(admin).post("/dashboard/protection/policy/settings", {"revision": 0, "second_person_percent": 5})
    for path, offer in offers.items():
        assert offer not in read(analyst.get(path))
        assert offer in read(sign_in_as(admin).get(path))
    for path in ("new", f"{row.id}/edit", f"{row.id}/active"):
        assert analyst.get(f"{RULES}/{path}").status_code == 403
        assert send(analyst, path, act="save", revision=1, reason="propongo").status_code == 403
    assert (the_rule().revision, PolicyDraft.unscoped.count()) == (1, 0)


def test_a_stranger_sees_no_rule(admin: Membership) -> None:
    row = make_rule_row(admin)
    stranger = sign_in_as(make_member(organization=make_organization()))
    assert "Importe alto" not in read(stranger.get(f"{RULES}?state=drafts"))
    for path in ("", "/edit", "/active", "/remove"):
        assert stranger.get(f"{RULES}/{row.id}{path}").status_code == 404
    assert Rule.objects.for_organization(row.organization_id, Environment.SANDBOX).count() == 1


def test_hostile_text_is_shown_as_text(browser: Client, admin: Membership) -> None:
    row = make_rule_row(
        admin, name="<script>alert(1)</script>", condition="beneficiary.name == '<img src=x onerror=alert(1)>'"
    )
    for path in (f"{RULES}?state=drafts", f"{RULES}/{row.id}", f"{RULES}/{row.id}/edit", f"{RULES}/{row.id}/active"):
        page = read(browser.get(path))
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_fields_are_told_with_todays_distribution_and_no_persons_value(browser: Client, bank: Caller) -> None:
    bank.payout()
    bank.payout(payment_id="p-2", amount=750_000)
    page = read(browser.get(f"{RULES}/fields"))
    assert "de 250,000 a 750,000; mediana 250,000" in page
    assert "MX (2)" in page
    assert "1 valores distintos" in page
    for value in ("646180111800000004", "Comercializadora"):
        assert value not in page


def test_the_score_of_the_signals_is_told_without_what_rules_add(
    browser: Client, bank: Caller, admin: Membership
) -> None:
    publish_rule(admin, make_rule_row(admin, weight=35))
    score = bank.payout()["risk_score"] - 35
    page = read(browser.get(f"{RULES}/fields"))
    assert f"de {score} a {score}; mediana {score}" in page
