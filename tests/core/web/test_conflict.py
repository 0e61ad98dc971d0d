"""The page for a form that came too late: both versions, side by side."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.web.preferences import Preferences


@pytest.mark.parametrize(("language", "heading"), [("es-mx", "Alguien lo cambió antes"), ("en", "Somebody changed it")])
def test_both_versions_stand_side_by_side_and_what_differs_is_marked(language: str, heading: str) -> None:
    rows = [("Nombre", "Banco <Uno>", "Banco Dos"), ("Zona", "UTC", "UTC"), ("Nota", None, "x")]
    context = {"rows": rows, "back": "/dashboard/settings/company", "preferences": Preferences()}
    with translation.override(language):
        page = render_to_string("errors/conflict.html", context, request=RequestFactory().get("/"))
    assert heading in page
    assert "Banco &lt;Uno&gt;" in page
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", page) == ["Banco Dos", "x"]
    assert 'href="/dashboard/settings/company"' in page
