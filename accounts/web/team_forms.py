"""What is asked about members and invitations."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules.people import (
    MAXIMUM_NAME_LENGTH,
    MAXIMUM_NOTE_LENGTH,
    read_address,
    read_handover_note,
    read_person_name,
)
from accounts.types import Role
from accounts.web.forms import NewPasswordForm
from accounts.words import ROLE_LABELS, ROLE_SUMMARIES
from core.errors import ValidationFailed

MOST_AT_ONCE = 50
_SEPARATORS = re.compile(r"[\s,;]+")
ROLE_HINTS = {role.value: summary for role, summary in ROLE_SUMMARIES.items()}


def _make_role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Rol"),
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()],
        widget=forms.RadioSelect,
    )


class InvitationForm(forms.Form):
    """Whom to invite, several at once."""

    emails = forms.CharField(
        label=gettext_lazy("Correos"),
        help_text=gettext_lazy("Uno por renglón, o separados por comas. Hasta 50 a la vez."),
        max_length=20_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocapitalize": "off"}),
    )
    role = _make_role_field()

    def clean_emails(self) -> list[str]:
        """Return the addresses, each once, in the order given. Raises ValidationError."""
        given = [part for part in _SEPARATORS.split(self.cleaned_data["emails"]) if part]
        if not 0 < len(given) <= MOST_AT_ONCE:
            raise forms.ValidationError(_("Escriba de 1 a 50 correos."), code="count")
        wrong = [part for part in given if _read(part) is None]
        if wrong:
            named = ", ".join(part[:80] for part in wrong[:5])
            raise forms.ValidationError(_("No son correos: %(wrong)s") % {"wrong": named}, code="invalid")
        return list(dict.fromkeys(read_address(part) for part in given))


class _RevisionForm(forms.Form):
    """A form on a member as it was read."""

    revision = forms.IntegerField(min_value=0, max_value=2_147_483_647, widget=forms.HiddenInput)


class RoleForm(_RevisionForm):
    """Another role."""

    role = _make_role_field()

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class SuspensionForm(_RevisionForm):
    """Why a member stops, and who goes on."""

    note = forms.CharField(
        label=gettext_lazy("Nota de entrega"),
        help_text=gettext_lazy("Quién sigue con lo que esta persona llevaba. La ve el equipo y queda en la auditoría."),
        max_length=MAXIMUM_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_note(self) -> str:
        """Return the note. Raises ValidationError."""
        try:
            return read_handover_note(self.cleaned_data["note"])
        except ValidationFailed:
            raise forms.ValidationError(_("Tiene caracteres que no se pueden mostrar."), code="invalid") from None


class RemovalForm(_RevisionForm):
    """The person's e-mail, typed, so that nobody is removed by a slip."""

    email = forms.CharField(
        label=gettext_lazy("Correo de la persona"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected = expected

    def clean_email(self) -> str:
        """Return the address when it is the person's. Raises ValidationError."""
        given: str = self.cleaned_data["email"]
        if _read(given) != self._expected:
            raise forms.ValidationError(_("No es el correo de esta persona."), code="differs")
        return given


class NewPersonForm(NewPasswordForm):
    """What somebody invited says of themselves."""

    name = forms.CharField(
        label=gettext_lazy("Nombre y apellidos"),
        help_text=gettext_lazy("Así la ven sus colegas en Equipo y en la auditoría."),
        max_length=MAXIMUM_NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "name", "autofocus": True}),
    )
    field_order = ("name", "password1", "password2")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, user=User(email=email), **kwargs)
        self.fields["password1"].label = _("Contraseña")
        self.fields["password2"].label = _("Contraseña, otra vez")

    def clean_name(self) -> str:
        """Return the name. Raises ValidationError."""
        try:
            return read_person_name(self.cleaned_data["name"])
        except ValidationFailed:
            raise forms.ValidationError(_("Tiene caracteres que no se pueden mostrar."), code="invalid") from None


def _read(address: str) -> str | None:
    try:
        return read_address(address)
    except ValidationFailed:
        return None
