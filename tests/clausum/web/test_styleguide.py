"""`/styleguide`: the page, and the form that sets language and look."""

import re

import pytest
from django.test import Client

from core.web.preferences import COOKIE

PARTS = ["Panel", "Transacciones", "Expedientes", "Protección", "Simulación", "Inteligencia", "Conexiones", "Equipo",
         "Configuración"]  # fmt: skip


def test_it_is_spanish_and_follows_the_system_unless_told_otherwise(client: Client) -> None:
    response = client.get("/styleguide", HTTP_ACCEPT_LANGUAGE="en")
    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="es-MX" data-theme="system" data-density="compact" data-contrast="normal" ' in page
    assert "<title>Sistema de diseño · Clausum</title>" in page
    places = [page.index(part) for part in PARTS]
    assert places == sorted(places)


@pytest.mark.parametrize("path", ["/styleguide", "/styleguide/forms", "/styleguide/waterfall"])
def test_it_has_no_inline_script_or_style(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert re.findall(r"<script(?![^>]* src=)|<style|\bstyle=|\son\w+=", page) == []


def test_what_is_chosen_is_kept_and_shown(client: Client) -> None:
    chosen = {"theme": "dark", "density": "comfortable", "contrast": "more", "language": "en"}
    response = client.post("/styleguide", chosen)
    assert (response.status_code, response["Location"]) == (303, "/styleguide")
    assert client.cookies[COOKIE].value == "dark.comfortable.more.en.on.wide"
    page = client.get("/styleguide").content.decode()
    assert '<html lang="en" data-theme="dark" data-density="comfortable" data-contrast="more" ' in page
    assert "<title>Design system · Clausum</title>" in page
    assert len(re.findall(r'name="(?:theme|density|contrast|language)" value="[^"]*" checked', page)) == 4


def test_unknown_words_are_ignored(client: Client) -> None:
    client.post("/styleguide", {"theme": "<b>", "language": "fr", "density": "comfortable"})
    assert client.cookies[COOKIE].value == "system.comfortable.normal.es-mx.on.wide"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)("/styleguide").status_code == 405


@pytest.mark.django_db
def test_every_asset_is_ours_and_there(client: Client) -> None:
    page = client.get("/styleguide").content.decode()
    assets = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(assets) > 20
    for asset in sorted(assets):
        served = client.get(asset)
        assert served.status_code == 200, asset
        served.close()


@pytest.mark.parametrize("path", ["/styleguide", "/styleguide/forms", "/styleguide/waterfall"])
def test_one_id_names_one_element(client: Client, path: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get(path).content.decode())
    assert len(ids) == len(set(ids))
