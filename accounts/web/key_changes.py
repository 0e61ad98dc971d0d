"""`/dashboard/connections/keys/<key>/edit`: the settings of a key that there is."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules.key_states import require_not_revoked
from accounts.services.change_api_key import KeyChangedMeanwhile, change_api_key
from accounts.web.key_forms import KeyChangeForm
from accounts.web.key_rows import KeyRow
from accounts.web.key_words import SCOPES
from accounts.web.keys import PROVED, WRITE, KeyPages
from core.api.addresses import read_client_address
from core.unit_of_work import unit_of_work
from core.web.formats import format_exact

_FIELDS_OF_SETTINGS = {"expires_at": "expires_date"}


class EditKeyPage(KeyPages):
    """Changes what a key may do, from where and until when."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = PROVED

    def get(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Show what the key has. A key that was revoked is refused (409)."""
        row, _kin = self.find(key_id)
        require_not_revoked(revoked_at=row.key.revoked_at, now=self.now)
        return self._ask(self._make_form(request, row), row)

    def post(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Change the key; when somebody was quicker, show both versions and change nothing."""
        row, _kin = self.find(key_id)
        form = self._make_form(request, row, request.POST)
        if not form.is_valid():
            return self._ask(form, row, status=422)
        try:
            with unit_of_work():
                change_api_key(
                    actor=self.actor,
                    key_id=key_id,
                    revision=form.cleaned_data["revision"],
                    now=self.now,
                    **form.read_settings(),
                )
        except KeyChangedMeanwhile as stale:
            return self._show_both(stale, form, row)
        self.say(_("La clave quedó guardada. Sus próximas llamadas siguen estos ajustes."))
        return self.redirect("key", key_id=key_id)

    def _make_form(self, request: HttpRequest, row: KeyRow, data: Any = None) -> KeyChangeForm:
        timezone, address = self.member.organization.timezone, read_client_address(request)
        return KeyChangeForm(data, key=row.key, timezone=timezone, address=address, now=self.now)

    def _ask(self, form: KeyChangeForm, row: KeyRow, *, status: int = 200) -> HttpResponse:
        context = {"row": row, "form": form, "steps": self.list_steps(*_lead_to(row), (_("Editar"), ""))}
        return self.show("keys/edit.html", context, status=status)

    def _show_both(self, stale: KeyChangedMeanwhile, form: KeyChangeForm, row: KeyRow) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [
            (form[_FIELDS_OF_SETTINGS.get(name, name)].label, self._say(both["theirs"]), self._say(both["yours"]))
            for name, both in versions.items()
        ]
        back = reverse("key_edit", kwargs={"key_id": row.key.id})
        steps = self.list_steps(*_lead_to(row), (_("Alguien lo cambió antes"), ""))
        return self.show("errors/conflict.html", {"rows": rows, "back": back, "steps": steps}, status=409)

    def _say(self, value: object) -> object:
        """Return a setting as the form's reader would write it."""
        if isinstance(value, bool):
            return _("Sí") if value else _("No")
        if isinstance(value, datetime):
            return format_exact(value, zone=self.member.organization.timezone)
        if isinstance(value, list | tuple):
            return "\n".join(str(SCOPES[each].label) if each in SCOPES else str(each) for each in value) or None
        return value


def _lead_to(row: KeyRow) -> list[tuple[str, str]]:
    return [(row.key.name, reverse("key", kwargs={"key_id": row.key.id}))]
