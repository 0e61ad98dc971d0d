"""Fields of forms as they are drawn: wired to label, help and errors, with nothing of the data become markup."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.web.forms import DateInput, MomentInput

HOSTILE = "\"'><script>alert(1)</script>"


class _Form(forms.Form):
    line = forms.CharField(label="Nombre", help_text="Como en la factura.")
    email = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    number = forms.IntegerField(required=False)
    day = forms.DateField(widget=DateInput, required=False)
    moment = forms.DateTimeField(widget=MomentInput, required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)
    choice = forms.ChoiceField(choices=[("a", "A")], required=False)
    tick = forms.BooleanField(label="Acepto")
    ticks = forms.MultipleChoiceField(label="Alcances", choices=[("r", "Leer")], widget=forms.CheckboxSelectMultiple)
    radio = forms.ChoiceField(label="Tipo", choices=[("s", "Servidor")], widget=forms.RadioSelect, help_text="Uno.")
    revision = forms.IntegerField(widget=forms.HiddenInput)


def _draw(form: forms.Form, source: str) -> str:
    with translation.override("es-mx"):
        return Template("{% load ui %}" + source).render(Context({"form": form, "hints": {"r": "GET /api/v1/keys"}}))


def _field(name: str, data: dict[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> str:
    return _draw(_Form(data, initial=initial), "{% form_field form." + name + " hints %}")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("line", 'type="text"'),
        ("email", 'type="email"'),
        ("password", 'type="password"'),
        ("number", 'type="number"'),
        ("day", 'type="date"'),
        ("moment", 'type="datetime-local"'),
        ("text", "<textarea"),
        ("choice", "<select"),
    ],
)
def test_a_control_of_each_kind_has_its_label(name: str, kind: str) -> None:
    shown = _field(name)
    assert kind in shown
    assert f'<label class="field__label" for="id_{name}">' in shown
    assert 'class="field__control"' in shown


@pytest.mark.parametrize(
    ("name", "data", "described"),
    [
        ("line", None, "id_line_helptext"),
        ("line", {}, "id_line_helptext id_line_error"),
        ("password", None, None),
        ("password", {}, "id_password_error"),
        ("radio", {}, "id_radio_helptext id_radio_error"),
        ("tick", {}, "id_tick_error"),
    ],
)
def test_a_field_is_wired_to_its_help_and_its_errors(name: str, data: Any, described: str | None) -> None:
    shown = _field(name, data)
    found = re.findall(r'aria-describedby="([^"]*)"', shown)
    assert found == ([described] if described else [])
    assert ('aria-invalid="true"' in shown) == (data is not None)
    for target in (described or "").split():
        assert f'id="{target}"' in shown


@pytest.mark.parametrize(("name", "marked"), [("line", True), ("email", False), ("tick", True), ("ticks", True)])
def test_what_is_required_is_marked(name: str, marked: bool) -> None:
    assert ('<span class="field__mark" aria-hidden="true">*</span>' in _field(name)) == marked


def test_a_group_is_a_fieldset_whose_choices_have_labels_and_hints() -> None:
    shown = _field("ticks")
    assert "<fieldset" in shown
    assert '<legend class="field__label">Alcances' in shown
    assert '<label class="choice" for="id_ticks_0">' in shown
    assert '<span class="choice__hint">GET /api/v1/keys</span>' in shown


def test_a_hidden_field_is_only_its_control() -> None:
    assert _field("revision", initial={"revision": 4}).strip() == (
        '<input type="hidden" name="revision" value="4" id="id_revision">'
    )


def test_a_day_is_given_as_the_browser_reads_it() -> None:
    assert 'value="2026-11-25"' in _field("day", initial={"day": date(2026, 11, 25)})


def test_a_password_is_not_sent_back() -> None:
    assert "secret" not in _field("password", {"password": "secret"})


@pytest.mark.parametrize("name", list(_Form.base_fields))
def test_what_was_typed_never_becomes_markup(name: str) -> None:
    assert "<script" not in _field(name, {name: HOSTILE})
    assert "<script" not in _draw(_Form({name: HOSTILE}), "{% form_errors form %}")


def test_the_errors_stand_on_top_with_links_to_their_fields() -> None:
    form = _Form({"revision": "x"})
    form.add_error(None, "Ya hay otro.")
    shown = _draw(form, "{% form_errors form %}")
    assert 'role="alert" tabindex="-1" autofocus' in shown
    assert "<li>Ya hay otro.</li>" in shown
    assert '<a href="#id_line">Nombre</a>: Este campo es requerido.' in shown
    assert "#id_revision" not in shown
    assert '<a href="#id_ticks">Alcances</a>' in shown
    assert "autofocus" not in _draw(form, "{% form_errors form focus=False %}")


@pytest.mark.parametrize("data", [None, {"line": "a"}])
def test_a_link_on_top_leads_to_something(data: Any) -> None:
    form = _Form(data)
    everything = "".join("{% form_field form." + name + " %}" for name in _Form.base_fields)
    shown = _draw(form, "{% form_errors form %}" + everything)
    for target in re.findall(r'href="#([^"]+)"', shown):
        assert f'id="{target}"' in shown


def test_nothing_is_said_about_a_form_without_errors() -> None:
    assert _draw(_Form(), "{% form_errors form %}").strip() == ""


def test_a_select_is_drawn_as_django_draws_it() -> None:
    class Zones(forms.Form):
        zone = forms.ChoiceField(
            label="Zona", help_text="La suya.", choices=[("", "—"), ("América", [("MX", HOSTILE), ("CL", "Chile")])]
        )

    for form in (Zones(initial={"zone": "CL"}), Zones({"zone": "MX"}), Zones({})):
        given = "".join(str(form["zone"].as_widget(attrs={"class": "field__control"})).split())
        assert given in "".join(_draw(form, "{% form_field form.zone %}").split())
