"""`/dashboard/settings/company`: what an administrator sets for the whole organization."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from accounts.queries import get_company
from accounts.services.change_organization import LockedOut, OrganizationChanged, change_organization, read_floors
from accounts.web.admission import MemberPage
from accounts.web.company_forms import (
    AccessForm,
    DataForm,
    OwnForm,
    PartForm,
    PayinPolicyForm,
    PayoutPolicyForm,
    RetentionForm,
)
from accounts.web.company_words import FIELDS, MODULES, TYPES, Approval, show_approval, show_setting
from core.api.addresses import read_client_address
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error

type Forms = dict[str, PartForm]


class CompanyPages(MemberPage):
    """What the page and the parts of it that are sent back share."""

    is_base = True
    permission = {"GET": "organization:read", "POST": "organization:write"}

    def make_form(self, form: type[PartForm], organization: Organization, *, data: Any = None) -> PartForm:
        """Return a part's form, with what was sent or with what is set now."""
        context = self._list_context(form, organization)
        return form.of(organization, **context) if data is None else form(data, **context)

    def show(self, sent: Forms | None = None, *, status: int = 200) -> HttpResponse:
        """Return the page; what was `sent` stands in place of what is set."""
        organization = get_company(organization_id=self.actor.organization_id)
        forms = {name: self.make_form(form, organization) for name, form in PARTS.items()} | (sent or {})
        context = {
            "organization": organization,
            "type": TYPES[organization.organization_type],
            "modules": [(label, module in organization.modules) for module, label in MODULES.items()],
            "forms": forms,
            "can_write": self.actor.can("organization:write"),
            "settings": self._list_settings(organization),
            "approvals": self._list_approvals(organization),
            "zone": organization.timezone,
            "now": self.now,
            "steps": [{"label": _("Configuración")}, {"label": _("Empresa")}],
        }
        return self.render("company/company.html", context, status=status)

    def _list_context(self, form: type[PartForm], organization: Organization) -> dict[str, Any]:
        if form is DataForm:
            return {"now": self.now, "zone": organization.timezone}
        if form is AccessForm:
            return {"address": read_client_address(self.request)}
        return {"floors": read_floors()} if form is RetentionForm else {}

    def _list_settings(self, organization: Organization) -> dict[str, list[tuple[str | Promise, str]]]:
        """Return each part's settings in words, for whoever may only read them."""
        return {
            name: [(FIELDS[setting], self._show(organization, setting)) for setting in form.settings]
            for name, form in PARTS.items()
        }

    def _show(self, organization: Organization, setting: str) -> str:
        return show_setting(setting, getattr(organization, setting), now=self.now)

    def _list_approvals(self, organization: Organization) -> dict[str, Approval | None]:
        return {flow: show_approval(organization, flow=flow) for flow in ("payin", "payout")}


class CompanyPage(CompanyPages):
    """The whole of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        return self.show()


class PartPage(CompanyPages):
    """One part, sent back."""

    is_base = True
    part: ClassVar[str]
    saved: ClassVar[str | Promise]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send whoever loads a refused form anew to the page."""
        return self.redirect("company")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was sent."""
        organization = get_company(organization_id=self.actor.organization_id)
        form = self.make_form(PARTS[self.part], organization, data=request.POST)
        try:
            is_kept = form.is_valid() and self._keep(form)
        except OrganizationChanged as stale:
            return self._show_both(stale)
        if not is_kept:
            return self.show({self.part: form}, status=422)
        self.say(self.saved)
        return self.redirect("company")

    def _keep(self, form: PartForm) -> bool:
        """Change the organization, or put the refusal into the form."""
        try:
            with unit_of_work():
                change_organization(
                    actor=self.actor,
                    revision=form.cleaned_data["revision"],
                    address=read_client_address(self.request),
                    now=self.now,
                    **form.read_settings(),
                )
        except LockedOut:
            if isinstance(form, AccessForm):
                form.tell_lock_out()
            return False
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return False
        return True

    def _show_both(self, stale: OrganizationChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [
            (
                FIELDS[setting],
                show_setting(setting, both["theirs"], now=self.now),
                show_setting(setting, both["yours"], now=self.now),
            )
            for setting, both in versions.items()
        ]
        steps = [
            {"label": _("Configuración")},
            {"label": _("Empresa"), "href": reverse("company")},
            {"label": _("Alguien lo cambió antes")},
        ]
        context = {"rows": rows, "back": reverse("company"), "steps": steps}
        return self.render("errors/conflict.html", context, status=409)


class DataPage(PartPage):
    """Name, time zone, language, environment."""

    part = "data"
    saved = gettext_lazy("Los datos de la empresa quedaron guardados.")


class ProvedPartPage(PartPage):
    """A part that can weaken the organization's defences: whoever changes it proves anew who they are."""

    is_base = True
    reauthenticates = frozenset({"POST"})


class AccessPage(ProvedPartPage):
    """Second factor and addresses."""

    part = "access"
    saved = gettext_lazy("El acceso de las personas quedó guardado.")


class OwnPage(PartPage):
    """What is the organization's own."""

    part = "own"
    saved = gettext_lazy("Lo propio quedó guardado.")


class PayinPolicyPage(ProvedPartPage):
    """What happens to a payment that comes in when no answer does."""

    part = "payin"
    saved = gettext_lazy("La política para cobros quedó aprobada a su nombre.")


class PayoutPolicyPage(ProvedPartPage):
    """What happens to a payment that goes out when no answer comes."""

    part = "payout"
    saved = gettext_lazy("La política para pagos quedó aprobada a su nombre.")


class RetentionPage(ProvedPartPage):
    """How long records are kept."""

    part = "retention"
    saved = gettext_lazy("La conservación quedó guardada.")


PARTS: dict[str, type[PartForm]] = {
    "data": DataForm,
    "access": AccessForm,
    "own": OwnForm,
    "payin": PayinPolicyForm,
    "payout": PayoutPolicyForm,
    "retention": RetentionForm,
}
