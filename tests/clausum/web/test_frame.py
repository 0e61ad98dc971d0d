"""The frame of a signed-in member: where they are, who they are, and the ways out."""

import re

import pytest
from django.test import Client

from accounts.types import Role
from tests.factories.accounts import PASSWORD, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    """The account page of an admin of the bank, as text."""
    return _open(client)


def _open(client: Client) -> str:
    bank = make_organization(name="Banco Ámbar")
    who = make_member(organization=bank, role=Role.ADMIN)
    client.post("/login", {"login": who.user.email, "password": PASSWORD})
    return client.get("/dashboard/account").content.decode()


def test_the_sandbox_is_marked_and_production_is_not(client: Client) -> None:
    page = _open(client)
    assert "frame--sandbox" in page
    assert '<span class="environment">PRUEBAS</span>' in page
    client.post("/dashboard/environment", {"environment": "production", "next": "/dashboard/account"})
    page = client.get("/dashboard/account").content.decode()
    assert "frame--sandbox" not in page
    assert "PRUEBAS</span>" not in page


def test_it_says_who_and_where(page: str) -> None:
    menu = page[page.index('id="user-menu"') : page.index("</header>")]
    assert "Banco Ámbar" in menu
    assert "Administrador" in menu
    assert re.findall(r'<form[^>]*action="([^"]+)"', menu) == ["/dashboard/environment", "/logout"]


def test_the_side_bar_is_folded_and_unfolded_without_a_script(client: Client) -> None:
    assert 'data-side-bar="wide"' in _open(client)
    for width in ("narrow", "wide"):
        response = client.post("/dashboard/account/side-bar", {"next": "/dashboard/palette?q=a"})
        assert (response.status_code, response["Location"]) == (303, "/dashboard/palette?q=a")
        assert f'data-side-bar="{width}"' in client.get("/dashboard/account").content.decode()


def test_its_dialogs_are_there_and_one_id_names_one_element(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"palette", "shortcuts", "idle", "user-menu", "side-bar"} <= set(ids)
    assert 'data-idle-seconds="1800"' in page


def test_it_has_no_inline_script_or_style(page: str) -> None:
    assert re.findall(r"<script(?![^>]* src=)|<style|\bstyle=|\son\w+=", page) == []
