"""`/dashboard/connections/submerchants`: the merchants that a PSP pays for."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Submerchant
from accounts.queries import get_submerchant, list_submerchants
from accounts.services.add_submerchant import DuplicateSubmerchant, add_submerchant
from accounts.services.change_submerchant import SubmerchantChanged, change_submerchant
from accounts.types import OrganizationType
from accounts.web.admission import MemberPage
from accounts.web.submerchant_forms import NewSubmerchantForm, SubmerchantForm, SubmerchantSearchForm
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from core.web.paging import read_page

_READ = {"GET": "submerchants:read", "POST": "submerchants:write"}
_WRITE = {"GET": "submerchants:write", "POST": "submerchants:write"}
_FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Nombre"),
    "country": gettext_lazy("País"),
    "mcc": gettext_lazy("Giro (MCC)"),
    "is_active": gettext_lazy("Activo"),
}


class SubmerchantPages(MemberPage):
    """What the pages of submerchants share."""

    is_base = True
    permission: ClassVar[str | dict[str, str] | None] = _WRITE

    @property
    def is_psp(self) -> bool:
        return self.member.organization.organization_type is OrganizationType.PSP

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Let in whoever may come; other than a PSP's people go to the list, which says why there is none."""
        elsewhere = super().admit(request)
        if elsewhere is None and not self.is_psp:
            return self.redirect("submerchants")
        return elsewhere

    def find(self, submerchant_id: uuid.UUID) -> Submerchant:
        """Return the submerchant. Raises NotFound."""
        return get_submerchant(**self.actor.scope, submerchant_id=submerchant_id)

    def list_steps(self, last: str | Promise = "") -> list[dict[str, Any]]:
        """Return the way here."""
        steps: list[dict[str, Any]] = [{"label": _("Conexiones")}, {"label": _("Subcomercios")}]
        return [steps[0], steps[1] | {"href": reverse("submerchants")}, {"label": last}] if last else steps


class SubmerchantsPage(SubmerchantPages):
    """The registry of the environment that was chosen."""

    permission = "submerchants:read"

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Let in whoever may come, of any organization."""
        return MemberPage.admit(self, request)

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the newest first, or say that only a PSP has any."""
        if not self.is_psp:
            return self.render("submerchants/not_applicable.html", {"steps": self.list_steps()})
        form = SubmerchantSearchForm(request.GET)
        if not form.is_valid():
            return self._show(form, [], {}, status=422)
        kept = {name: given for name in ("search", "state") if (given := request.GET.get(name))}
        rows, pages = read_page(request.GET, lambda limit, offset: self._list(form, limit, offset), kept=kept)
        return self._show(form, rows, pages)

    def _list(self, form: SubmerchantSearchForm, limit: int, offset: int) -> tuple[list[Submerchant], int]:
        return list_submerchants(
            **self.actor.scope,
            is_active=form.is_active,
            search=form.cleaned_data["search"],
            limit=limit,
            offset=offset,
        )

    def _show(
        self, form: SubmerchantSearchForm, rows: Sequence[Submerchant], pages: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        is_filtered = any(self.request.GET.get(name) for name in form.fields)
        context = {
            "form": form,
            "rows": rows,
            "pages": pages,
            "is_filtered": is_filtered,
            "can_write": self.actor.can("submerchants:write"),
            "zone": self.member.organization.timezone,
            "now": self.now,
            "steps": self.list_steps(),
        }
        return self.render("submerchants/list.html", context, status=status)


class NewSubmerchantPage(SubmerchantPages):
    """Registers one; one that was deactivated comes back under the same identifier."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty form."""
        return self._show(NewSubmerchantForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register what was sent; sent twice, the second time says that it is there."""
        form = NewSubmerchantForm(request.POST)
        if not form.is_valid() or not self._add(form):
            return self._show(form, status=422)
        self.say(_("El subcomercio quedó registrado."))
        return self.redirect("submerchants")

    def _add(self, form: NewSubmerchantForm) -> bool:
        fields: Any = form.read_fields()
        try:
            with unit_of_work():
                add_submerchant(actor=self.actor, external_id=form.cleaned_data["external_id"], now=self.now, **fields)
        except DuplicateSubmerchant:
            form.tell_duplicate()
            return False
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return False
        return True

    def _show(self, form: NewSubmerchantForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "steps": self.list_steps(_("Registrar"))}
        return self.render("submerchants/new.html", context, status=status)


class SubmerchantPage(SubmerchantPages):
    """Changes what is known of one."""

    permission = _READ

    def get(self, request: HttpRequest, submerchant_id: uuid.UUID) -> HttpResponse:
        """Return the form with what is known. Raises NotFound."""
        row = self.find(submerchant_id)
        known = {name: getattr(row, name) for name in ("name", "country", "mcc", "revision")}
        return self._show(row, SubmerchantForm(initial=known))

    def post(self, request: HttpRequest, submerchant_id: uuid.UUID) -> HttpResponse:
        """Keep what was sent. Raises NotFound."""
        row = self.find(submerchant_id)
        form = SubmerchantForm(request.POST)
        if not form.is_valid():
            return self._show(row, form, status=422)
        try:
            with unit_of_work():
                change_submerchant(
                    actor=self.actor,
                    submerchant_id=row.id,
                    revision=form.cleaned_data["revision"] or 0,
                    now=self.now,
                    **form.read_fields(),
                )
        except SubmerchantChanged as stale:
            return self._show_both(row, stale)
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return self._show(row, form, status=422)
        self.say(_("El subcomercio quedó guardado."))
        return self.redirect("submerchants")

    def _show(self, row: Submerchant, form: SubmerchantForm, *, status: int = 200) -> HttpResponse:
        context = {"row": row, "form": form, "steps": self.list_steps(row.name)}
        return self.render("submerchants/detail.html", context, status=status)

    def _show_both(self, row: Submerchant, stale: SubmerchantChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [(_FIELDS[field], both["theirs"] or None, both["yours"] or None) for field, both in versions.items()]
        back = reverse("submerchant", kwargs={"submerchant_id": row.id})
        context = {"rows": rows, "back": back, "steps": self.list_steps(_("Alguien lo cambió antes"))}
        return self.render("errors/conflict.html", context, status=409)


class SubmerchantStatePage(SubmerchantPages):
    """Deactivates one, or activates it again."""

    def post(self, request: HttpRequest, submerchant_id: uuid.UUID) -> HttpResponse:
        """Set the state that `state` names; sent twice, nothing more happens. Raises NotFound, ValidationFailed."""
        state = request.POST.get("state")
        if state not in {"active", "inactive"}:
            raise ValidationFailed.of_field("state", "must be active or inactive")
        is_active = state == "active"
        with unit_of_work():
            change_submerchant(actor=self.actor, submerchant_id=submerchant_id, is_active=is_active, now=self.now)
        self.say(_("El subcomercio quedó activo.") if is_active else _("El subcomercio quedó inactivo."))
        return self.redirect("submerchants")
