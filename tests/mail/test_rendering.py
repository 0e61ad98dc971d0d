"""Every template has its three files, and says the same in both languages."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist

from mail.rendering import render_mail
from mail.types import Mail
from tests.mail.conftest import CONTEXT

FOLDER = Path(settings.BASE_DIR) / "templates/emails"
PARTS = {"account_change_text", "button", "layout"}
"""What templates are made of."""
NAMES = sorted({path.name.split(".")[0] for path in FOLDER.iterdir()} - PARTS)


def _render(language: str = "es-mx") -> Mail:
    return render_mail(recipient="ana@bank.example", template="key_expiring", context=CONTEXT, language=language)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_a_subject_a_text_and_html_on_the_shared_layout(name: str) -> None:
    assert (FOLDER / f"{name}.subject.txt").exists()
    for kind in ("txt", "html"):
        assert (FOLDER / f"{name}.{kind}").read_text().startswith(f'{{% extends "emails/layout.{kind}" %}}')


def test_it_is_in_spanish() -> None:
    mail = _render()
    assert mail.subject == "La clave API «Núcleo <b>&» vence en 7 días"
    assert "Rótela antes" in mail.text
    assert '<html lang="es-MX">' in mail.html


def test_it_is_in_english_for_who_reads_english() -> None:
    mail = _render("en")
    assert mail.subject == "The API key “Núcleo <b>&” expires in 7 days"
    assert "Rotate it before" in mail.text
    assert '<html lang="en">' in mail.html


@pytest.mark.parametrize("language", ["es-MX", "", "fr"])
def test_any_other_language_is_spanish(language: str) -> None:
    assert _render(language) == _render("es-mx")


def test_text_is_not_escaped_and_html_is() -> None:
    mail = _render()
    assert "«Núcleo <b>&»" in mail.text
    assert "https://clausum.bank.example/k?a=1&b=2" in mail.text
    assert "«Núcleo &lt;b&gt;&amp;»" in mail.html
    assert 'href="https://clausum.bank.example/k?a=1&amp;b=2"' in mail.html


def test_a_subject_is_one_line() -> None:
    context = CONTEXT | {"name": "a\r\nBcc: eva@bank.example"}
    mail = render_mail(recipient="ana@bank.example", template="key_expiring", context=context, language="en")
    assert mail.subject == "The API key “a Bcc: eva@bank.example” expires in 7 days"


def test_a_template_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render_mail(recipient="ana@bank.example", template="nothing", context={}, language="en")
