"""The pages of lists, as people use them."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Organization
from accounts.types import Module, Role
from core.environments import Environment
from feeds.models import Feed, FeedHit, FeedVersion, MutedFeed
from feeds.types import FeedKind
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as
from tests.factories.transactions import make_transaction
from tests.feeds.factories import NOW, URL, fill, kinds_of, load, make_feed

LIST = "/dashboard/protection/threat-lists"
HUNDRED = [f"203.0.113.{number}" for number in range(100)]


def browse(organization: Organization, role: Role = Role.ADMIN) -> Client:
    return sign_in_as(make_member(organization=organization, role=role))


def text_of(response: Any) -> str:
    told: str = response.content.decode()
    return told


def errors_of(response: Any) -> dict[str, str]:
    """Return what the page says is wrong, by the id of the field that it says it of."""
    said = re.findall(r'<li><a href="#(\w+)">[^<]+</a>: (.*?)</li>', text_of(response))
    return {field: html.unescape(text) for field, text in said}


def file_of(content: bytes, name: str = "list.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_list_tells_source_day_change_hits_and_state(bank: Organization) -> None:
    feed = make_feed(bank, title="Mala gente", source="Comité")
    fill(feed, *HUNDRED)
    fill(feed, *HUNDRED[:3])
    payment = make_transaction(organization=bank)
    scope = {"organization_id": bank.id, "environment": Environment.SANDBOX.value}
    FeedHit.unscoped.create(**scope, transaction_id=payment.id, code=feed.code, hit_at=payment.created_at)
    shown = text_of(browse(bank, Role.VIEWER).get(LIST))
    row = shown[shown.index("Mala gente") : shown.index("</tr>", shown.index("Mala gente"))]
    for told in (
        "Direcciones IP de amenazas",
        "Propia",
        "Comité",
        "25/11/2026",
        ">100<",
        "+100 \u22120",
        ">1<",
        "Por revisar",
    ):
        assert told in row, told
    assert "Desactivar" not in shown
    assert "GAFI: monitoreo intensificado" in shown


def test_what_is_not_contracted_is_said_once(bank: Organization) -> None:
    bank.modules = [Module.PREVENTION.value]
    bank.save()
    shown = text_of(browse(bank).get(LIST))
    assert shown.count("No contratado") == 1
    assert "No contratado" not in text_of(browse(bank).get(f"{LIST}/suspicious_tlds"))


def test_a_list_is_added_with_its_file_and_read_by_the_worker(bank: Organization) -> None:
    browser = browse(bank)
    sent = {"kind": "risk_country", "title": "Comité", "as_of": "2026-09-01", "file": file_of(b"country\nRU\nPA\n")}
    response = browser.post(f"{LIST}/new", sent)
    assert (response.status_code, response["Location"]) == (303, f"{LIST}/comite")
    version = load(FeedVersion.unscoped.get())
    assert (version.state, version.entries, str(version.as_of)) == ("in_force", 2, "2026-09-01")
    shown = text_of(browser.get(f"{LIST}/comite"))
    assert "+ PA" in shown
    assert "01/09/2026" in shown


def test_a_known_source_fills_in_the_form(bank: Organization) -> None:
    shown = text_of(browse(bank).get(f"{LIST}/new?source=firehol"))
    assert "firehol_level1.netset" in shown
    assert 'value="24"' in shown


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"title": ""}, "title", "Este campo es requerido."),
        (
            {"url": "http://lists.example.com/"},
            "url",
            "Escriba una dirección https pública, sin usuario ni contraseña.",
        ),
        ({"schedule_hours": "24"}, "schedule_hours", "Solo una lista con dirección se actualiza sola."),
        ({"file": b"<html></html>"}, "file", "Es una página web, no una lista."),
        ({"file": b"\x1f\x8b\x08rest"}, "file", "El archivo está comprimido; se necesita texto."),
        ({"file": b"RU", "url": URL}, "file", "Elija uno: una dirección o un archivo."),
        ({"kind": "email"}, "kind", "Seleccione una opción válida. email no es una de las opciones disponibles."),
    ],
)
def test_a_bad_form_is_told_beside_its_field_and_leaves_nothing(
    bank: Organization, fields: dict[str, Any], field: str, told: str
) -> None:
    sent: dict[str, Any] = {"kind": "risk_country", "title": "Comité"} | fields
    if "file" in sent:
        sent["file"] = file_of(sent["file"])
    response = browse(bank).post(f"{LIST}/new", sent)
    assert response.status_code == 422
    assert errors_of(response) == {f"id_{field}": told}
    assert Feed.unscoped.count() == 0


def test_without_the_module_a_threat_list_is_not_added(bank: Organization) -> None:
    bank.modules = [Module.PREVENTION.value]
    bank.save()
    response = browse(bank).post(f"{LIST}/new", {"kind": "ip_threat", "title": "Lista"})
    assert response.status_code == 422
    assert Feed.unscoped.count() == 0


def test_the_same_title_twice_is_told_beside_it(bank: Organization) -> None:
    make_feed(bank, title="Lista")
    response = browse(bank).post(f"{LIST}/new", {"kind": "ip_threat", "title": "Lista"})
    assert response.status_code == 422
    assert "Ya hay una lista con este nombre o esta dirección." in text_of(response)


def test_lists_are_turned_off_and_on(bank: Organization) -> None:
    browser = browse(bank)
    assert browser.post(f"{LIST}/suspicious_tlds/switch", {"state": "off"})["Location"] == LIST
    assert MutedFeed.unscoped.get().code == "suspicious_tlds"
    browser.post(f"{LIST}/suspicious_tlds/switch", {"state": "on"})
    assert not MutedFeed.unscoped.exists()


@pytest.mark.parametrize("word", ["approve", "discard"])
def test_a_held_version_is_shown_with_its_reason_and_settled(bank: Organization, word: str) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    browser = browse(bank)
    shown = text_of(browser.get(f"{LIST}/{feed.code}"))
    assert "La versión 2 está por revisar" in shown
    assert "Perdió más de la mitad de sus valores." in shown
    assert browser.post(f"{LIST}/{feed.code}/versions/{held.id}", {"word": word}).status_code == 303
    held.refresh_from_db()
    assert held.state == {"approve": "waiting", "discard": "discarded"}[word]
    assert held.is_approved is (word == "approve")


def test_a_first_version_that_is_held_is_not_said_to_have_one_before_it(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *(f"{number}.0.0.0/8" for number in range(20, 26)))
    shown = text_of(browse(bank).get(f"{LIST}/{feed.code}"))
    assert "La versión 1 está por revisar; mientras tanto la lista no cuenta." in shown
    assert "Agrega redes con más de una de cada 64 direcciones." in shown
    assert "sigue en vigor" not in shown


def test_a_value_is_found_in_any_form_with_its_versions_and_stands_in_no_address(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, "203.0.113.0/24", "198.51.100.7", "198.51.100.8")
    fill(feed, "203.0.113.0/24", "198.51.100.8")
    browser = browse(bank, Role.VIEWER)
    path = f"{LIST}/{feed.code}/search"
    assert "está en la lista desde la versión 1." in text_of(browser.post(path, {"value": " 203.0.113.77 "}))
    assert "estuvo desde la versión 1 y salió con la 2." in text_of(browser.post(path, {"value": "198.51.100.7"}))
    assert "No está ni estuvo en la lista." in text_of(browser.post(path, {"value": "8.8.8.8"}))
    refused = browser.post(path, {"value": "hola"})
    assert (refused.status_code, "No es un valor de este tipo de lista." in text_of(refused)) == (422, True)


def test_a_value_is_looked_for_in_clausums_lists_too(bank: Organization) -> None:
    found = browse(bank).post(f"{LIST}/disposable_domains/search", {"value": "inbox.Mailinator.com"})
    assert "está en la lista." in text_of(found)


def test_a_list_is_asked_to_be_fetched(bank: Organization) -> None:
    feed = make_feed(bank, url=URL)
    Feed.unscoped.update(refresh_at=None)
    browse(bank).post(f"{LIST}/{feed.code}/refresh")
    feed.refresh_from_db()
    assert feed.refresh_at is not None
    assert kinds_of(bank)[-1] == "feed.refresh_asked"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("redirect", "El servidor envió a otra dirección"),
        ("too_many_entries", "La lista pasa de 2 millones de valores."),
    ],
)
def test_why_a_fetch_failed_is_told(bank: Organization, failure: str, told: str) -> None:
    feed = make_feed(bank, url=URL)
    Feed.unscoped.update(failure=failure, failed_at=NOW)
    assert told in text_of(browse(bank).get(f"{LIST}/{feed.code}"))


def test_clausums_lists_take_no_file(bank: Organization) -> None:
    response = browse(bank).post(f"{LIST}/suspicious_tlds/upload", {"file": file_of(b"xyz")})
    assert response.status_code == 400
    assert FeedVersion.unscoped.count() == 0


def test_a_file_is_uploaded_once(bank: Organization) -> None:
    feed = make_feed(bank, kind=FeedKind.SUSPICIOUS_TLD, title="Dominios")
    browser = browse(bank)
    for _ in range(2):
        assert browser.post(f"{LIST}/{feed.code}/upload", {"file": file_of(b"xyz\n")}).status_code == 303
    assert FeedVersion.unscoped.count() == 1


def test_a_stranger_sees_and_changes_nothing(bank: Organization, stranger: Organization) -> None:
    feed = make_feed(bank, title="Mala gente", url=URL)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    browser = browse(stranger)
    assert "Mala gente" not in text_of(browser.get(LIST))
    assert browser.get(f"{LIST}/{feed.code}").status_code == 404
    for path, sent in (
        ("search", {"value": "203.0.113.7"}),
        ("upload", {"file": file_of(b"203.0.113.9")}),
        ("switch", {"state": "off"}),
        ("refresh", {}),
        (f"versions/{held.id}", {"word": "approve"}),
    ):
        assert browser.post(f"{LIST}/{feed.code}/{path}", sent).status_code == 404, path
    feed.refresh_from_db()
    held.refresh_from_db()
    assert (feed.is_active, held.state, FeedVersion.unscoped.count()) == (True, "to_review", 2)
