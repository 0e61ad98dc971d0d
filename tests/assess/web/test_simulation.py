"""`/dashboard/simulation`: one payment tried by form or JSON, and what would change its decision."""

import html
import json
import re
import uuid
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.test import Client

from accounts.models import Membership
from accounts.types import Module, OrganizationType, Role
from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import Bands, default_policy, encode_policy
from assess.services.replay_assessment import find_assessment, rescore
from assess.web.simulation_scenarios import EXAMPLES, SCENARIOS
from blocklists.types import FlowScope, ListType
from core.environments import Environment
from events.models import Event
from tests.assess.conftest import Caller, make_payout
from tests.blocklists.factories import make_entry
from tests.factories.accounts import make_api_key, make_member, make_organization, make_submerchant
from tests.factories.pages import sign_in_as
from tests.factories.transactions import PAYIN_DETAILS, make_transaction
from transactions.models import IdentityEvent, Transaction
from transactions.types import Flow

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/simulation"
PAYOUT = {
    "form": "payout",
    "amount": "2,500.00",
    "currency": "mxn",
    "beneficiary__clabe": "646180111800000004",
    "origin__account_id": "acct-1",
    "payout__initiated_by": "laura.gomez",
}
PAYIN = {
    "form": "payin",
    "amount": "150.00",
    "email": "ana@example.com",
    "payment_method__card_country": "US",
    "billing__country": "MX",
    "behavior__mouse_movements": "0",
}
PERSON = {"session_duration_ms": 95_000, "mouse_movements": 240, "keystrokes": 60, "copy_paste_events": 0}


@pytest.fixture
def analyst() -> Membership:
    return make_member(organization=make_organization(), role=Role.ANALYST)


@pytest.fixture
def browser(analyst: Membership) -> Client:
    return sign_in_as(analyst)


def read(response: Any, status: int = 200) -> str:
    """Return the page's text, without markup."""
    assert response.status_code == status, response.content
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def tables(response: Any) -> dict[str, tuple[int, str]]:
    """Return the changes with score and decision."""
    rows = re.findall(
        r'cell cell--wide">(.*?)</span></th><td class="table__number">(\d+)</td><td>.*?decision--(\w+)',
        response.content.decode(),
        re.DOTALL,
    )
    return {html.unescape(re.sub(r"<[^>]+>.*", "", label)): (int(score), decision) for label, score, decision in rows}


def test_the_page_begins_with_a_form_and_ready_scenarios(browser: Client) -> None:
    said = read(browser.get(PAGE))
    assert "Aún no se ha simulado nada" in said
    for scenario in SCENARIOS:
        assert str(scenario.title) in said
    assert Transaction.unscoped.count() == 0


def test_a_form_is_simulated_as_the_api_would_and_kept_with_its_tag(browser: Client, analyst: Membership) -> None:
    response = browser.post(PAGE, PAYOUT)
    said = read(response)
    assert "SIMULACIÓN" in said
    assert "20 puntos política, versión 1" in said
    assert "Primer pago de este origen a esta cuenta" in said
    row = Transaction.unscoped.get()
    assert (row.is_simulated, row.amount_minor, row.currency, row.decision) == (True, 250_000, "MXN", "approve")
    assert row.details["beneficiary"]["clabe"] == "646180111800000004"
    assert IdentityEvent.unscoped.count() == 0
    assert Event.unscoped.get(kind="simulation.run").actor_id == analyst.user_id
    assert row.organization_id == analyst.organization_id


def test_json_leads_to_the_same_decision_as_the_form(browser: Client) -> None:
    body = {
        "amount": 250_000,
        "currency": "MXN",
        "beneficiary": {"clabe": "646180111800000004"},
        "origin": {"account_id": "acct-1"},
        "payout": {"initiated_by": "laura.gomez"},
    }
    said = read(browser.post(PAGE, {"form": "json", "flow": "payout", "body": json.dumps(body)}))
    assert "20 puntos política, versión 1" in said
    browser.post(PAGE, PAYOUT)
    by_json, by_form = Transaction.unscoped.order_by("id").values_list(
        "amount_minor", "currency", "decision", "risk_score", "signals", "details"
    )
    assert by_json == by_form


@pytest.mark.parametrize("flow", list(Flow))
def test_the_example_of_each_flow_stands(browser: Client, flow: Flow) -> None:
    response = browser.post(PAGE, {"form": "json", "flow": flow.value, "body": EXAMPLES[flow]})
    warned = re.findall(r"<li><code>[\w.]+</code>: ([^<]*)</li>", response.content.decode())
    assert set(warned) == {"Se recomienda este campo."}
    assert Transaction.unscoped.get().flow == flow.value


@pytest.mark.parametrize(
    ("name", "decision", "signal"),
    [
        ("ordinary", "approve", ""),
        ("first", "review", "payout_first_beneficiary"),
        ("mule", "challenge", "payout_beneficiary_fan_in"),
        ("structuring", "review", "payout_structuring"),
        ("listed", "decline", "blocklist_clabe"),
        ("shopper", "approve", ""),
        ("bot", "decline", "high_velocity"),
    ],
)
def test_a_ready_scenario_works_in_an_organization_without_a_past(
    browser: Client, name: str, decision: str, signal: str
) -> None:
    scenario = next(each for each in SCENARIOS if each.name == name)
    assert str(scenario.initial["amount"]) in browser.get(f"{PAGE}?scenario={name}").content.decode()
    response = browser.post(PAGE, scenario.initial | {"form": scenario.flow.value})
    assert "Decisión SIMULACIÓN" in read(response)
    row = Transaction.unscoped.get()
    assert row.decision == decision
    assert signal in row.signals or (not signal and row.signals == [])


@pytest.mark.parametrize(
    ("changed", "supposed", "stored"),
    [
        ({}, "double_amount", {"amount_minor": 500_000}),
        ({}, "half_amount", {"amount_minor": 125_000}),
        ({"payout__first_to_beneficiary": "true"}, "known_beneficiary", {"payout": {"initiated_by": "laura.gomez"}}),
        ({}, "structuring", {"amount_minor": 250_000}),
        (PAYIN, "human", {"behavior": PERSON}),
        (PAYIN, "home_card", {"payment_method": {"card_country": "MX"}}),
    ],
)
def test_what_is_supposed_of_the_payment_is_stored_with_it_and_decides_the_same_again(
    browser: Client, changed: dict[str, str], supposed: str, stored: dict[str, Any]
) -> None:
    read(browser.post(PAGE, PAYOUT | changed | {"supposition": supposed}))
    row = Transaction.unscoped.get()
    assert {name: row.details[name] for name in stored} == stored
    assert row.amount_minor == row.details["amount_minor"]
    kept = find_assessment(name=str(row.id))
    assert kept is not None
    assert rescore(kept, version=1).body == kept.response


def test_every_scenario_is_tested() -> None:
    assert {scenario.name for scenario in SCENARIOS} == {
        "ordinary", "first", "mule", "structuring", "listed", "shopper", "bot"
    }  # fmt: skip


def test_what_would_change_the_decision_is_told(browser: Client) -> None:
    scenario = next(each for each in SCENARIOS if each.name == "mule")
    response = browser.post(PAGE, scenario.initial | {"form": "payout", "origin__user_limit": "10,000.00"})
    said = read(response)
    assert "sin «Primer pago de este origen a esta cuenta» (20 puntos) sería En revisión" in said
    assert "Desde $10,000.01 MXN : Rechazar" in said
    assert "Hasta" not in said
    over = scenario.initial | {"form": "payout", "origin__user_limit": "10,000.00", "amount": "12,000.00"}
    assert "Hasta $10,000.00 MXN : Verificar" in read(browser.post(PAGE, over))
    found = tables(response)
    assert found["Sin «Orígenes que pagan a esta cuenta en 24 horas: 13»"] == (20, "approve")
    assert found["El doble del importe"] == (80, "decline")
    assert found["Al beneficiario ya se le pagó antes"] == (30, "review")
    assert found["Está en una lista que bloquea"] == (100, "decline")


def test_other_policies_judge_the_same_facts(browser: Client, analyst: Membership) -> None:
    def publish(version: int, bands: Bands) -> None:
        part = msgspec.structs.replace(default_policy().payout, bands=bands)
        document = encode_policy(msgspec.structs.replace(default_policy(), payout=part))
        AssessmentPolicy.objects.create(**given, version=version, document=document)

    given: dict[str, Any] = {"organization_id": analyst.organization_id, "environment": Environment.SANDBOX}
    publish(1, Bands())
    publish(2, Bands(review=10, challenge=15, decline=20))
    strict = msgspec.structs.replace(default_policy().payout, bands=Bands(review=5, challenge=19, decline=90))
    draft = encode_policy(msgspec.structs.replace(default_policy(), payout=strict))
    PolicyDraft.objects.create(**given, title="Más estricta", base_version=2, document=draft)
    PolicyDraft.objects.create(**given, title="Rota", base_version=2, document={"engine": "1"})
    PolicyDraft.objects.create(**given, title="Vieja", base_version=1, document=draft, state="discarded")
    PolicyDraft.objects.create(**given, title="Atrasada", base_version=1, document=draft, state="stale")
    response = browser.post(PAGE, PAYOUT)
    assert "20 puntos política, versión 2" in read(response)
    found = tables(response)
    assert found["Bajo el borrador «Más estricta»"] == (20, "challenge")
    assert found["Bajo el borrador «Atrasada»"] == (20, "challenge")
    assert found["Bajo la versión 1 de la política"] == (20, "approve")
    assert not [label for label in found if "Rota" in label or "Vieja" in label]
    response = browser.post(PAGE, PAYOUT | {"policy_version": "1"})
    assert "20 puntos política, versión 1" in read(response)
    assert tables(response)["Bajo la versión 2 de la política"] == (20, "decline")
    assert read(browser.post(PAGE, PAYOUT | {"policy_version": "7"}), 422)


def test_the_real_past_is_told_in_words(analyst: Membership, browser: Client) -> None:
    key = make_api_key(organization=analyst.organization)[1]
    core = Caller(analyst.organization, key)
    for place in range(7):
        core.payout(origin={"account_id": f"a-{place}"})
    make_entry(organization=analyst.organization, list_type=ListType.COUNTRY, value="MX", flow_scope=FlowScope.BOTH)
    said = read(browser.post(PAGE, PAYOUT))
    assert "7 pagos en la última hora; $17,500.00 MXN en 24 h; 7 pagos en 30 días; 7 orígenes en 24 h" in said
    assert "Cuenta de origen Sin pagos en los últimos 30 días" in said
    assert "Listas País: bloquea" in said
    assert "Bloqueo directo: blocklist:country" in said


@pytest.mark.parametrize(
    ("changed", "label", "said"),
    [
        ({"amount": ""}, "Importe", "Este campo es"),
        ({"amount": "15,00"}, "Importe", "Escriba un importe con punto decimal, como 1500.50 o 1,500.50."),
        ({"amount": "1.005"}, "Importe", "La moneda tiene 2 decimales."),
        ({"currency": "XXX"}, "Moneda", "No es una moneda vigente (ISO 4217)."),
        ({"beneficiary__clabe": "123"}, "CLABE", "Una CLABE tiene 18 dígitos."),
        ({"beneficiary__clabe": ""}, "CLABE", "Dé al menos uno: país, nombre, CLABE, IBAN o cuenta."),
        ({"beneficiary__name": "4111 1111 1111 1111"}, "Nombre", "Parece un número de tarjeta; no se acepta."),
        ({"origin__user_limit": "x"}, "Límite del usuario (MTU)", "Escriba un importe con punto decimal"),
        ({"supposition": "human"}, "Suponer además", "Seleccione una opción válida"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_is_kept(
    browser: Client, changed: dict[str, str], label: str, said: str
) -> None:
    page = read(browser.post(PAGE, PAYOUT | changed), 422)
    assert f"{label} : {said}" in page
    assert page.count(said) == 2, "on top, and beside the field"
    assert Transaction.unscoped.count() == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "No es un objeto JSON que se pueda leer"),
        ("[]", "No es un objeto JSON que se pueda leer"),
        ('{"currency": "MXN", "beneficiary": {}}', "amount: Falta este campo."),
        ('{"amount": "1", "currency": "MXN"}', "amount: Debe ser un número de JSON, sin comillas."),
        ('{"amount": 1.5, "currency": "MXN", "beneficiary": {"country": "MX"}}', 'amount: Sin "amount_unit"'),
        ('{"amount": 1, "currency": "MXN", "beneficiary": {"clabe": 5}}', "beneficiary.clabe: Se esperaba str"),
        ('{"amount": 1, "currency": "MXN", "beneficiary": {"clabe": "5"}}', "beneficiary.clabe: Una CLABE tiene"),
    ],
)
def test_a_wrong_body_is_told_with_its_path(browser: Client, body: str, said: str) -> None:
    page = read(browser.post(PAGE, {"form": "json", "flow": "payout", "body": body}), 422)
    assert said in page
    assert Transaction.unscoped.count() == 0


def test_a_stored_payment_fills_the_form_and_its_people_stay_hidden(browser: Client, analyst: Membership) -> None:
    key = make_api_key(organization=analyst.organization)[1]
    stored = Caller(analyst.organization, key).payout(**make_payout(amount=123_456))["transaction_id"]
    page = browser.get(f"{PAGE}?transaction={stored}").content.decode()
    assert 'value="1234.56"' in page
    assert 'value="laura.gomez"' in page
    assert "terminado en 0004" in page
    for personal in ("646180111800000004", "Proveedor Norte", "acct-1"):
        assert personal not in page
    sent = {"form": "payout", "transaction": stored, "amount": "999.00", "currency": "MXN"}
    answer = browser.post(PAGE, sent)
    for personal in ("646180111800000004", "Proveedor Norte", "acct-1"):
        assert personal not in answer.content.decode()
    row = Transaction.unscoped.get(is_simulated=True)
    assert row.amount_minor == 99_900
    assert row.details["beneficiary"]["name"] == "Proveedor Norte"
    assert row.details["origin"] == {"account_id": "acct-1"}
    assert "payout" not in row.details or row.details["payout"] == {}


def test_a_stored_payin_is_asked_about_in_its_own_form(browser: Client, analyst: Membership) -> None:
    stored = make_transaction(organization=analyst.organization, details=PAYIN_DETAILS)
    page = browser.get(f"{PAGE}?transaction={stored.id}").content.decode()
    assert 'name="form" value="payin"' in page
    assert 'value="150.00"' in page
    assert "ana@example.com" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_does_not_find_a_payment(browser: Client, method: str) -> None:
    other = make_transaction(organization=make_organization())
    live = make_transaction(organization=make_organization(), environment=Environment.PRODUCTION, details=PAYIN_DETAILS)
    for named in (other.id, live.id, uuid.uuid4(), "nonsense"):
        if method == "get":
            response = browser.get(f"{PAGE}?transaction={named}")
        else:
            response = browser.post(
                PAGE, {"form": "payin", "transaction": str(named), "amount": "1", "currency": "MXN"}
            )
        assert response.status_code == 404
    assert Transaction.unscoped.filter(is_simulated=True).count() == 0


def test_the_other_environments_payment_is_not_found(analyst: Membership) -> None:
    live = make_transaction(organization=analyst.organization, environment=Environment.PRODUCTION)
    assert sign_in_as(analyst).get(f"{PAGE}?transaction={live.id}").status_code == 404
    there = sign_in_as(analyst, environment=Environment.PRODUCTION)
    assert there.get(f"{PAGE}?transaction={live.id}").status_code == 200


def test_only_contracted_flows_are_offered_and_taken() -> None:
    organization = make_organization(modules=[Module.PREVENTION.value])
    browser = sign_in_as(make_member(organization=organization))
    page = browser.get(PAGE).content.decode()
    assert 'name="form" value="payin"' in page
    assert ">Cobros<" in page
    assert "Pagos salientes" not in page
    assert browser.post(PAGE, PAYOUT).status_code == 403
    by_json = {"form": "json", "flow": "payout", "body": EXAMPLES[Flow.PAYOUT]}
    assert browser.post(PAGE, by_json).status_code == 422
    assert Transaction.unscoped.count() == 0


def test_an_organization_without_a_flow_is_told_so() -> None:
    browser = sign_in_as(make_member(organization=make_organization(modules=[])))
    assert "no hay qué simular" in read(browser.get(PAGE))
    assert browser.post(PAGE, {"form": "json"}).status_code == 403


def test_a_psp_must_name_a_submerchant_beside_its_field() -> None:
    organization = make_organization(organization_type=OrganizationType.PSP.value)
    make_submerchant(organization=organization, external_id="shop-1")
    browser = sign_in_as(make_member(organization=organization))
    assert "Diga de qué subcomercio activo es el pago." in read(browser.post(PAGE, PAYOUT), 422)
    assert "SIMULACIÓN" in read(browser.post(PAGE, PAYOUT | {"submerchant_id": "shop-1"}))


def test_a_reader_of_english_gets_english(analyst: Membership) -> None:
    analyst.user.preferences = {"language": "en"}
    analyst.user.save(update_fields=["preferences"])
    said = read(sign_in_as(analyst).post(PAGE, PAYOUT))
    assert "First payout from this origin to this account" in said
    assert "What would change the decision" in said


def test_a_viewer_may_not_come() -> None:
    viewer = sign_in_as(make_member(organization=make_organization(), role=Role.VIEWER))
    assert viewer.get(PAGE).status_code == 403
    assert viewer.post(PAGE, PAYOUT).status_code == 403
    assert Transaction.unscoped.count() == 0


def test_the_money_of_a_form_is_exact(browser: Client) -> None:
    browser.post(PAGE, PAYOUT | {"amount": "0.29"})
    assert Decimal(Transaction.unscoped.get().amount_minor) == 29


def test_a_scenario_that_is_unknown_or_not_contracted_is_an_empty_form(browser: Client) -> None:
    mule = next(each for each in SCENARIOS if each.name == "mule")
    told = re.compile(r'name="amount" value="([^"]*)"')
    assert told.findall(browser.get(f"{PAGE}?scenario=mule").content.decode()) == [mule.initial["amount"]]
    page = browser.get(f"{PAGE}?scenario=nonsense").content.decode()
    assert ('name="form" value="payout"' in page, told.findall(page)) == (True, [])
    buyers = make_organization(modules=[Module.PREVENTION.value])
    page = sign_in_as(make_member(organization=buyers)).get(f"{PAGE}?scenario=mule").content.decode()
    assert ('name="form" value="payin"' in page, told.findall(page)) == (True, [])
