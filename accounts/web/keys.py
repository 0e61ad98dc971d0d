"""`/dashboard/connections/keys`: an organization's API keys, from the first to the last day of each."""

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.key_lists import KeySummary, count_keys, summarize_key, summarize_keys
from accounts.models import ApiKey
from accounts.rules.key_settings import NewKeySettings
from accounts.rules.key_states import KeyAlreadyRotated, KeyExpired, KeyRevoked
from accounts.services.change_api_key import change_api_key
from accounts.services.create_api_key import KeyMadeAlready, create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.services.rotate_api_key import rotate_api_key
from accounts.types import KeyType
from accounts.web.admission import MemberPage
from accounts.web.key_calls import make_first_call
from accounts.web.key_forms import DEFAULT_LIFE, DeletionForm, KeyForm, RotationForm
from accounts.web.key_rows import KeyRow
from accounts.web.key_words import KINDS
from core.api.addresses import read_client_address
from core.environments import Environment
from core.unit_of_work import unit_of_work
from core.web.paging import read_page

WRITE = "keys:write"
PROVED = frozenset({"GET", "POST"})
"""Who is asked for a proof at the first page of an act is not asked in its middle."""


class KeyPages(MemberPage):
    """What the pages of keys share."""

    is_base = True

    def list_steps(self, *further: tuple[str, str]) -> list[dict[str, str]]:
        """Return the way here: Conexiones, the list, and what is further on; the last is no link."""
        steps = [{"label": _("Conexiones")}, {"label": _("Claves API"), "href": reverse("keys")}]
        steps += [{"label": label, "href": href} for label, href in further]
        return [*steps[:-1], {"label": steps[-1]["label"]}]

    def find(self, key_id: uuid.UUID) -> tuple[KeyRow, list[KeyRow]]:
        """Return the key and its kin by rotation. Raises NotFound."""
        found, kin = summarize_key(
            organization_id=self.actor.organization_id,
            key_id=key_id,
            timezone=self.member.organization.timezone,
            now=self.now,
        )
        return KeyRow(found, self.now), [KeyRow(each, self.now) for each in kin]

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page, which knows the time and whether its reader may change anything."""
        shared = {"now": self.now, "zone": self.member.organization.timezone, "can_write": self.actor.can(WRITE)}
        return self.render(template, shared | context, status=status)

    def reveal(self, request: HttpRequest, key_id: uuid.UUID, full: str, *, is_rotation: bool) -> HttpResponse:
        """Return the one page that shows the key: the answer to the form, which no cache keeps."""
        row, kin = self.find(key_id)
        call = make_first_call(
            row.summary,
            full=full,
            base_url=request.build_absolute_uri("/").rstrip("/"),
            modules=self.member.organization.modules,
        )
        former = next((each for each in kin if each.is_replaced), None) if is_rotation else None
        context = {"row": row, "full": full, "call": call, "is_rotation": is_rotation, "former": former}
        return self.show("keys/reveal.html", context | {"steps": self.list_steps((_("Guarde la clave"), ""))})

    def create(self, request: HttpRequest, *, key_type: KeyType, token: uuid.UUID, **given: Any) -> HttpResponse:
        """Make the key and reveal it; a form that was sent before leads to the key that it made."""
        settings: NewKeySettings = given["settings"]
        try:
            with unit_of_work():
                key, full = create_api_key(
                    actor=self.actor,
                    organization_id=self.actor.organization_id,
                    key_type=key_type,
                    environment=given["environment"],
                    created_by=self.actor.id,
                    request_token=token,
                    now=self.now,
                    **settings,
                )
        except KeyMadeAlready as made:
            self.say(
                _("Este formulario ya había creado esta clave, y se mostró entonces. Si no la guardó, rótela."),
                is_failure=True,
            )
            return self.redirect("key", key_id=made.key_id)
        return self.reveal(request, key.id, full, is_rotation=False)


class KeysPage(KeyPages):
    """All keys that live, or all that have ended."""

    permission = "keys:read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, the newest first."""
        has_ended = request.GET.get("state") == "ended"
        counts = count_keys(organization_id=self.actor.organization_id, now=self.now)
        total = counts.ended if has_ended else counts.living

        def fetch(limit: int, offset: int) -> tuple[list[KeySummary], int]:
            return self._list(has_ended=has_ended, limit=limit, offset=offset), total

        keys, pages = read_page(request.GET, fetch, kept={"state": "ended"} if has_ended else {})
        context = {
            "rows": [KeyRow(key, self.now) for key in keys],
            "has_ended": has_ended,
            "is_first": not counts.living and not counts.ended,
            "request_token": uuid.uuid4(),
            "tabs": _list_tabs(counts.living, counts.ended, has_ended=has_ended),
            "pages": pages,
            "kinds": KINDS.values(),
            "steps": self.list_steps(),
        }
        return self.show("keys/list.html", context)

    def _list(self, *, has_ended: bool, limit: int, offset: int) -> list[KeySummary]:
        return summarize_keys(
            organization_id=self.actor.organization_id,
            timezone=self.member.organization.timezone,
            has_ended=has_ended,
            limit=limit,
            offset=offset,
            now=self.now,
        )


class NewKeyPage(KeyPages):
    """Asks for the kind, then for the rest, then shows the key once."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = PROVED

    def get(self, request: HttpRequest) -> HttpResponse:
        """Explain the three kinds, or ask about the one chosen."""
        key_type = _read_type(request.GET.get("type", ""))
        if key_type is None:
            return self.show("keys/choose.html", {"kinds": KINDS, "steps": self.list_steps((_("Crear clave"), ""))})
        return self._ask(self._make_form(request, key_type), key_type)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the key."""
        key_type = _read_type(request.POST.get("type", ""))
        if key_type is None:
            return self.redirect("key_new")
        form = self._make_form(request, key_type, request.POST)
        if not form.is_valid():
            return self._ask(form, key_type, status=422)
        return self.create(
            request,
            key_type=key_type,
            token=form.cleaned_data["request_token"],
            environment=Environment(form.cleaned_data["environment"]),
            settings=cast(NewKeySettings, form.read_settings()),
        )

    def _make_form(self, request: HttpRequest, key_type: KeyType, data: Any = None) -> KeyForm:
        return KeyForm(
            data,
            key_type=key_type,
            timezone=self.member.organization.timezone,
            address=read_client_address(request),
            now=self.now,
        )

    def _ask(self, form: KeyForm, key_type: KeyType, *, status: int = 200) -> HttpResponse:
        steps = self.list_steps((_("Crear clave"), reverse("key_new")), (str(KINDS[key_type].label), ""))
        context = {"form": form, "type": key_type.value, "kind": KINDS[key_type], "steps": steps}
        return self.show("keys/new.html", context, status=status)


class SandboxKeyPage(KeyPages):
    """A key for trying, in one click."""

    permission = {"POST": WRITE}
    reauthenticates = frozenset({"POST"})
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a server key of the sandbox that may do everything there for a year."""
        token = _read_token(request.POST.get("request_token", ""))
        if token is None:
            return self.redirect("keys")
        settings: NewKeySettings = {
            "name": _("Pruebas del %(date)s") % {"date": self.now.strftime(_("%d/%m/%Y"))},
            "expires_at": self.now + DEFAULT_LIFE,
        }
        return self.create(
            request, key_type=KeyType.SECRET, token=token, environment=Environment.SANDBOX, settings=settings
        )


class KeyPage(KeyPages):
    """One key: what it may do, how it is used, what became of it."""

    permission = "keys:read"

    def get(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Show the key."""
        row, kin = self.find(key_id)
        context = {
            "row": row,
            "former": next((each for each in kin if each.is_replaced), None),
            "successor": kin[0] if kin and row.key.revoked_at is not None else None,
            "steps": self.list_steps((row.key.name, "")),
        }
        return self.show("keys/detail.html", context)


class RotateKeyPage(KeyPages):
    """Replaces a key."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = PROVED

    def get(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Ask how long the old key goes on, beside how much it is used."""
        return self._ask(RotationForm(), key_id)

    def post(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Rotate, and reveal the new key."""
        form = RotationForm(request.POST)
        if not form.is_valid():
            return self._ask(form, key_id, status=422)
        try:
            with unit_of_work():
                successor, full = rotate_api_key(
                    actor=self.actor,
                    key_id=key_id,
                    overlap_hours=form.cleaned_data["overlap_hours"],
                    created_by=self.actor.id,
                    now=self.now,
                )
        except (KeyAlreadyRotated, KeyExpired, KeyRevoked):
            return self._lead_on(key_id)
        return self.reveal(request, successor.id, full, is_rotation=True)

    def _ask(self, form: RotationForm, key_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
        row, _kin = self.find(key_id)
        if not row.can_be_rotated:
            return self._lead_on(key_id)
        steps = self.list_steps((row.key.name, reverse("key", kwargs={"key_id": key_id})), (_("Rotar"), ""))
        return self.show("keys/rotate.html", {"row": row, "form": form, "steps": steps}, status=status)

    def _lead_on(self, key_id: uuid.UUID) -> HttpResponse:
        """Send who comes too late to the key that took this one's place."""
        row, kin = self.find(key_id)
        if row.is_expired and row.key.revoked_at is None:
            text = _("Esta clave ya venció: cree otra.")
        elif kin:
            text = _("Esta clave ya se rotó; la nueva se mostró una sola vez. Si no la guardó, rote esta.")
        else:
            text = _("Esta clave está revocada: cree otra.")
        self.say(text, is_failure=True)
        return self.redirect("key", key_id=kin[0].key.id if kin else key_id)


class DisableKeyPage(KeyPages):
    """Stops a key for the time being."""

    permission = {"POST": WRITE}
    reauthenticates = frozenset({"POST"})
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Refuse the key from the next call on."""
        self.switch(key_id, is_enabled=False)
        self.say(_("La clave está deshabilitada: Clausum rechaza sus llamadas hasta que la habilite."))
        return self.redirect("key", key_id=key_id)

    def switch(self, key_id: uuid.UUID, *, is_enabled: bool) -> ApiKey:
        """Raises NotFound and KeyRevoked."""
        with unit_of_work():
            return change_api_key(actor=self.actor, key_id=key_id, now=self.now, is_enabled=is_enabled)


class EnableKeyPage(DisableKeyPage):
    """Lets a key work again."""

    permission = {"POST": WRITE}

    def post(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Take the key again from the next call on."""
        self.switch(key_id, is_enabled=True)
        self.say(_("La clave está habilitada otra vez."))
        return self.redirect("key", key_id=key_id)


class DeleteKeyPage(KeyPages):
    """Ends a key for good."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = PROVED

    def get(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Ask for the key's name."""
        row, _kin = self.find(key_id)
        return self._ask(DeletionForm(expected=row.key.name), row)

    def post(self, request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
        """Revoke the key; its row stays for the audit trail."""
        row, _kin = self.find(key_id)
        form = DeletionForm(request.POST, expected=row.key.name)
        if not form.is_valid():
            return self._ask(form, row, status=422)
        with unit_of_work():
            revoke_api_key(actor=self.actor, key_id=key_id, now=self.now)
        self.say(_("La clave «%(name)s» se eliminó. Ya no abre nada.") % {"name": row.key.name})
        return self.redirect("keys")

    def _ask(self, form: DeletionForm, row: KeyRow, *, status: int = 200) -> HttpResponse:
        here = reverse("key", kwargs={"key_id": row.key.id})
        steps = self.list_steps((row.key.name, here), (_("Eliminar"), ""))
        return self.show("keys/delete.html", {"row": row, "form": form, "steps": steps}, status=status)


def _read_type(word: str) -> KeyType | None:
    return KeyType(word) if word in set(KeyType) else None


def _read_token(word: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(word)
    except ValueError:
        return None


def _list_tabs(living: int, ended: int, *, has_ended: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("Vigentes"), "href": reverse("keys"), "is_current": not has_ended, "count": living},
        {"label": _("Terminadas"), "href": f"{reverse('keys')}?state=ended", "is_current": has_ended, "count": ended},
    ]
