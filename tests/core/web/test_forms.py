"""The refusal of a service, as a form shows it."""

from django import forms

from core.errors import Duplicate, ValidationFailed
from core.web.forms import add_error


class _Form(forms.Form):
    name = forms.CharField()


def _fill() -> _Form:
    form = _Form({"name": "Ábaco"})
    assert form.is_valid()
    return form


def test_a_field_that_the_form_has_gets_its_own_messages() -> None:
    form = _fill()
    add_error(form, ValidationFailed("no", details={"fields": {"name": ["too long", "too dull"]}}))
    assert form.errors == {"name": ["too long", "too dull"]}


def test_a_field_that_the_form_lacks_is_told_on_top() -> None:
    form = _fill()
    add_error(form, ValidationFailed("no", details={"fields": {"scopes": ["unknown"]}}))
    assert form.non_field_errors() == ["unknown"]


def test_an_error_without_fields_is_told_on_top_in_the_readers_words() -> None:
    form = _fill()
    add_error(form, Duplicate("exists"), texts={"exists": "Ya existe."})
    assert form.non_field_errors() == ["Ya existe."]


def test_one_message_that_is_no_list_is_one_message() -> None:
    form = _fill()
    add_error(form, ValidationFailed("no", details={"fields": {"name": "too long"}}))
    assert form.errors == {"name": ["too long"]}
