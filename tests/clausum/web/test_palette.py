"""The palette's pages: what a reader may open, as links and as options, and nothing to whoever is not signed in."""

import re

import pytest
from django.test import Client

from accounts.types import Role
from clausum.web.palette import SOURCES
from tests.factories.accounts import PASSWORD, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Client:
    """A browser in which a viewer has signed in."""
    who = make_member(organization=make_organization(), role=Role.VIEWER)
    client.post("/login", {"login": who.user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/dashboard/palette", "/dashboard/palette/entries"])
def test_nobody_sees_it_without_signing_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/login?next=")


def test_every_link_leads_to_a_page_that_the_reader_may_open(member: Client) -> None:
    page = member.get("/dashboard/palette").content.decode()
    links = re.findall(r'<a class="palette__entry" href="([^"#]+)', page)
    assert len(links) >= len(SOURCES)
    assert {link: member.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_dialog_gets_the_same_as_options(member: Client) -> None:
    options = member.get("/dashboard/palette/entries", {"q": "contrasena"}).content.decode()
    assert re.findall(r'role="option" id="([^"]+)" aria-selected="false" data-href="([^"]+)"', options) == [
        ("palette-entry-1-1", "/dashboard/account/password")
    ]
    assert "<html" not in options


def test_what_was_used_last_comes_first_and_a_foreign_address_is_no_entry(member: Client) -> None:
    used = ["https://evil.example", "/logout", "/dashboard/account"]
    options = member.get("/dashboard/palette/entries", {"recent": used}).content.decode()
    assert re.findall(r'data-href="([^"]+)"', options)[:2] == ["/logout", "/dashboard/account"]
    assert "Recientes" in options
    assert "evil" not in options


def test_nothing_found_says_so_and_shows_the_query_as_text(member: Client) -> None:
    page = member.get("/dashboard/palette", {"q": '"><script>\x00'}).content.decode()
    assert "Nada coincide" in page
    assert "<script>" not in page
