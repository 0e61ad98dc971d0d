"""Lists from outside in an assessment, from the request to the stored facts and back."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.types import Module
from assess import gathering
from assess.models import Assessment
from assess.services.replay_assessment import find_assessment, rescore
from core.actor import Scope
from core.environments import Environment
from core.sql import Statement
from feeds.models import FeedHit, MutedFeed
from feeds.types import FeedKind
from tests.assess.conftest import Caller, make_caller
from tests.feeds.factories import NOW, fill, make_feed

ADDRESS = {"ip": "203.0.113.7"}


@pytest.fixture
def caller(db: None) -> Caller:
    return make_caller()


def signals(answer: dict[str, Any]) -> dict[str, str]:
    return {each["code"]: each["description"] for each in answer["signal_details"]}


def test_an_address_on_a_subscribed_list_weighs_25_and_the_description_names_the_list(caller: Caller) -> None:
    fill(make_feed(caller.organization, title="Mala gente"), "203.0.113.0/24")
    answer = caller.payin(device=ADDRESS)
    assert (answer["signals"], answer["risk_score"]) == (["ip_list_hit"], 25)
    assert signals(answer) == {"ip_list_hit": "IP address on the threat list Mala gente of 2026-11-25"}


def test_a_payout_is_asked_too_and_in_spanish(caller: Caller) -> None:
    fill(make_feed(caller.organization, title="Mala gente"), "203.0.113.7")
    body = {"amount": 1500, "currency": "MXN", "beneficiary": {"country": "MX"}, "device": ADDRESS}
    answer = caller.post("/api/v1/assess/payout", body, HTTP_ACCEPT_LANGUAGE="es-MX").json()
    assert signals(answer)["ip_list_hit"] == "Dirección IP en la lista de amenazas Mala gente del 2026-11-25"


def test_an_entry_that_a_refresh_removed_is_silent_for_the_next_payment(caller: Caller) -> None:
    feed = make_feed(caller.organization)
    fill(feed, "203.0.113.7", "203.0.113.8")
    assert caller.payin(device=ADDRESS)["signals"] == ["ip_list_hit"]
    fill(feed, "203.0.113.8", "203.0.113.9")
    assert caller.payin(device=ADDRESS)["signals"] == []


def test_another_organizations_list_changes_nothing(caller: Caller, stranger: Organization) -> None:
    fill(make_feed(stranger), "203.0.113.7")
    assert caller.payin(device=ADDRESS)["signals"] == []
    assert FeedHit.unscoped.count() == 0


def test_without_the_module_threat_lists_are_not_read_but_others_are(caller: Caller) -> None:
    fill(make_feed(caller.organization), "203.0.113.7")
    fill(make_feed(caller.organization, kind=FeedKind.SUSPICIOUS_TLD, title="Dominios"), "invented")
    caller.organization.modules = [module.value for module in Module if module is not Module.INTELLIGENCE]
    caller.organization.save()
    answer = caller.payin(device=ADDRESS, email="ana@shop.invented")
    assert answer["signals"] == ["suspicious_tld"]


@pytest.mark.parametrize(
    ("modules", "payment", "is_asked"),
    [
        (frozenset(Module), {}, False),
        (frozenset(Module), {"device": ADDRESS}, True),
        (frozenset(Module) - {Module.INTELLIGENCE}, {"device": ADDRESS}, False),
        (frozenset(Module) - {Module.INTELLIGENCE}, {"email": "ana@example.com"}, True),
    ],
)
def test_the_lists_are_asked_only_of_what_one_that_is_read_may_have(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    modules: frozenset[Module],
    payment: dict[str, Any],
    is_asked: bool,
) -> None:
    caller.organization.modules = [module.value for module in modules]
    caller.organization.save()
    monkeypatch.setattr(gathering, "make_feeds_statement", lambda **_: Statement("SELECT 1 / 0", {}))
    answer = caller.payin(**payment)
    row = Assessment.unscoped.get(transaction_id=answer["transaction_id"])
    assert row.facts.get("failed_lookups", []) == (["feeds"] if is_asked else [])
    assert row.facts["feed_hits"] == []


def test_an_own_list_adds_to_clausums(caller: Caller) -> None:
    fill(make_feed(caller.organization, kind=FeedKind.DISPOSABLE_DOMAIN, title="Mis dominios"), "throw.example.org")
    assert caller.payin(email="ana@throw.example.org")["signals"] == ["disposable_email"]
    assert caller.payin(email="ana@mailinator.com")["signals"] == ["disposable_email"]
    assert list(FeedHit.unscoped.order_by("hit_at").values_list("code", flat=True)) == [
        "mis-dominios",
        "disposable_domains",
    ]


def test_one_of_clausums_lists_that_is_turned_off_is_silent_for_this_organization_alone(caller: Caller) -> None:
    scope = Scope(organization_id=caller.organization.id, environment=Environment.SANDBOX)
    MutedFeed.objects.create(**scope, code="disposable_domains", muted_at=NOW)
    assert caller.payin(email="ana@mailinator.com")["signals"] == []
    assert make_caller().payin(email="ana@mailinator.com")["signals"] == ["disposable_email"]


def test_the_facts_keep_list_version_and_day_and_a_replay_gives_the_same_bytes_after_the_lists_changed(
    caller: Caller,
) -> None:
    feed = make_feed(caller.organization, title="Mala gente")
    fill(feed, "203.0.113.7", "203.0.113.8")
    answer = caller.payin(device=ADDRESS, email="ana@mailinator.com")
    row = Assessment.unscoped.get(transaction_id=answer["transaction_id"])
    assert row.facts["feed_hits"] == [
        {"kind": "disposable_domain", "feed": "disposable_domains", "as_of": "2026-11-09"},
        {"kind": "ip_threat", "feed": "mala-gente", "title": "Mala gente", "as_of": "2026-11-25", "version": 1},
    ]
    fill(feed, "203.0.113.8")
    MutedFeed.objects.create(
        organization_id=caller.organization.id,
        environment=Environment.SANDBOX,
        code="disposable_domains",
        muted_at=NOW,
    )
    stored = find_assessment(name=answer["transaction_id"])
    assert stored is not None
    assert stored.is_same_engine
    assert rescore(stored, version=stored.policy_version).body == stored.response


def test_the_address_is_nowhere_in_the_facts(caller: Caller) -> None:
    fill(make_feed(caller.organization), "203.0.113.7")
    answer = caller.payin(device=ADDRESS)
    row = Assessment.unscoped.get(transaction_id=answer["transaction_id"])
    assert "203.0.113" not in json.dumps(row.facts)


def test_a_look_up_that_fails_is_named_and_clausums_own_lists_hold(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_feed(caller.organization), "203.0.113.7")
    monkeypatch.setattr(gathering, "make_feeds_statement", lambda **_: Statement("SELECT 1 / 0", {}))
    answer = caller.payin(device=ADDRESS, email="ana@mailinator.com")
    assert answer["signals"] == ["disposable_email"]
    failed = [each["field"] for each in answer["field_warnings"] if each["level"] == "lookup_failed"]
    assert failed == ["suspicious_tld", "ip_list_hit"]
    row = Assessment.unscoped.get(transaction_id=answer["transaction_id"])
    assert row.facts["failed_lookups"] == ["feeds"]


def test_a_list_that_is_turned_off_stays_silent_when_the_look_up_fails(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(organization_id=caller.organization.id, environment=Environment.SANDBOX)
    MutedFeed.objects.create(**scope, code="disposable_domains", muted_at=NOW)
    monkeypatch.setattr(gathering, "make_feeds_statement", lambda **_: Statement("SELECT 1 / 0", {}))
    assert caller.payin(email="ana@mailinator.com")["signals"] == []
    assert make_caller().payin(email="ana@mailinator.com")["signals"] == ["disposable_email"]


def test_clausums_lists_hold_when_not_even_what_is_turned_off_can_be_looked_up(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("make_feeds_statement", "make_muted_statement"):
        monkeypatch.setattr(gathering, name, lambda **_: Statement("SELECT 1 / 0", {}))
    answer = caller.payin(email="ana@mailinator.com")
    assert answer["signals"] == ["disposable_email"]
    assert any(each["level"] == "lookup_failed" for each in answer["field_warnings"])


def test_the_catalog_has_the_signal(db: None) -> None:
    catalog = Client().get("/api/v1/assess").json()
    told = {signal["code"]: signal["default_weight"] for signal in catalog["signals"]}
    assert told["ip_list_hit"] == 25
