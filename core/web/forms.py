"""What forms share: widgets whose value the browser understands, and the refusal of a service beside its field."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.forms import BaseForm

from core.errors import AppError

type Texts = Mapping[str, Any]


class DateInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and an hour, picked in the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def add_error(form: BaseForm, error: AppError, *, texts: Texts | None = None) -> None:
    """Put what a service refused beside the fields that `details.fields` names, and the rest on top.

    `texts` gives the reader's words for what the API says; without them its own are shown.
    """
    said = texts or {}
    fields = error.details.get("fields")
    if not isinstance(fields, Mapping):
        form.add_error(None, said.get(error.text, error.text))
        return
    for name, messages in fields.items():
        for message in _as_list(messages):
            form.add_error(name if name in form.fields else None, said.get(message, message))


def _as_list(messages: object) -> Iterable[str]:
    if isinstance(messages, list | tuple):
        return [str(message) for message in messages]
    return [str(messages)]
