"""Both languages are complete, and what is committed is what Django reads."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from clausum.web.catalogs import MO, PO, compile_catalog, find_messages, list_untranslated, render_po, update_catalog

BASE = Path(settings.BASE_DIR)


def test_every_message_has_its_english_and_no_english_is_left_over() -> None:
    assert list_untranslated(BASE) == []


def test_the_committed_catalogs_are_those_of_today() -> None:
    assert (BASE / PO).read_bytes() == render_po(update_catalog(BASE))
    assert (BASE / MO).read_bytes() == compile_catalog(BASE)


def test_messages_are_found_in_templates_and_in_code(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "clausum/web").mkdir(parents=True)
    (tmp_path / "templates/page.html").write_text(
        '{% load i18n %}<p>\n  {% translate "Uno" %} it\'s\n</p>{% blocktranslate %}Dos {{ x }}{% endblocktranslate %}'
    )
    (tmp_path / "clausum/web/code.py").write_text('def f():\n    return _("Tres"), ngettext("uno", "más", 2)\n')
    assert find_messages(tmp_path) == ["Dos %(x)s", "Tres", "Uno", ("uno", "más")]


def test_recording_keeps_the_english_and_tells_what_has_none(tmp_path: Path, settings: object) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text('{% load i18n %}{% translate "Liberar" %}{% translate "Nuevo" %}')
    (tmp_path / PO).parent.mkdir(parents=True)
    (tmp_path / PO).write_bytes((BASE / PO).read_bytes())
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    call_command("record_catalogs")
    assert 'msgid "Liberar"\nmsgstr "Release"' in (tmp_path / PO).read_text()
    assert list_untranslated(tmp_path) == ["Nuevo"]
    assert (tmp_path / MO).exists()
