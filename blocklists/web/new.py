"""`/dashboard/protection/blocklists/new`: a value goes on a list, after one has seen what it would have met."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import get_company
from blocklists.effect import Effect, FlowEffect, measure_effect, sum_up
from blocklists.rules.warnings import EntryWarning, list_warnings
from blocklists.services.add_entry import add_entry
from blocklists.services.errors import DuplicateEntry
from blocklists.web.entry_forms import SEVERITY_HINTS
from blocklists.web.lists import ADD, ListPages
from blocklists.web.new_forms import NewEntryForm
from blocklists.web.words import FLOWS
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error

WARNINGS: dict[EntryWarning, str | Promise] = {
    EntryWarning.OWN: gettext_lazy(
        "Es de su propia organización (Configuración → Empresa → Lo propio): puede detener sus propios pagos."
    ),
    EntryWarning.WIDE: gettext_lazy("Es una red muy amplia: puede alcanzar a muchos clientes que no hicieron nada."),
}


@dataclass(frozen=True)
class ShownEffect:
    """What an entry would have met, as a template says it."""

    effect: Effect

    @property
    def count(self) -> int:
        return len(self.effect.payments)

    @property
    def amounts(self) -> list[tuple[str, int]]:
        return sum_up(self.effect.payments)

    @property
    def approved(self) -> int:
        return len(self.effect.approved)

    @property
    def approved_amounts(self) -> list[tuple[str, int]]:
        return sum_up(self.effect.approved)

    @property
    def samples(self) -> list[tuple[str, int]]:
        """Return each flow of which only the newest payments were looked at, and how many those are."""
        return [(_name(flow), flow.sampled) for flow in self.effect.flows if flow.sampled is not None]


class NewEntryPages(ListPages):
    """What the page and the fragment of its effect share."""

    is_base = True
    permission = {"GET": ADD, "POST": ADD}

    def make_form(self, data: Any = None) -> NewEntryForm:
        """Return the form, with what was sent."""
        return NewEntryForm(data, zone=self.member.organization.timezone, now=self.now)

    def measure(self, form: NewEntryForm) -> ShownEffect | None:
        """Return what the entry would have met, None while there is no type or value."""
        if not form.is_asked_about:
            return None
        effect = measure_effect(
            **self.actor.scope,
            list_type=form.list_type,
            value=form.cleaned_data["value"],
            scope=form.scope,
            now=self.now,
        )
        return ShownEffect(effect)

    def list_warnings(self, form: NewEntryForm) -> list[str | Promise]:
        """Return what is to be confirmed before the value goes on the list."""
        if not form.is_asked_about:
            return []
        own = get_company(organization_id=self.actor.organization_id).own_identifiers
        return [WARNINGS[each] for each in list_warnings(form.list_type, form.cleaned_data["value"], own=own)]


class NewEntryPage(NewEntryPages):
    """Adds an entry."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty form."""
        return self._ask(self.make_form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what the entry would have met, or add it; what is warned of has to be confirmed."""
        form = self.make_form(request.POST)
        is_valid = form.is_valid()
        if "effect" in request.POST:
            return self._ask(form, effect=self.measure(form), warnings=self.list_warnings(form))
        if not is_valid:
            return self._ask(form, status=422)
        warnings = self.list_warnings(form)
        if warnings and not form.cleaned_data["is_confirmed"]:
            form.add_error("is_confirmed", _("Marque la casilla si de verdad quiere agregarla."))
            return self._ask(form, effect=self.measure(form), warnings=warnings, status=422)
        return self._add(form)

    def _add(self, form: NewEntryForm) -> HttpResponse:
        try:
            with unit_of_work():
                entry = add_entry(actor=self.actor, entry=form.read_entry(), now=self.now)
        except DuplicateEntry as there:
            form.add_error("value", _("Ya está en la lista y vigente."))
            return self._ask(form, existing=reverse("list_entry", kwargs={"entry_id": there.entry_id}), status=409)
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return self._ask(form, status=422)
        self.say(_("La entrada quedó agregada: vale desde la siguiente evaluación."))
        return self.redirect("list_entry", entry_id=entry.id)

    def _ask(self, form: NewEntryForm, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {"form": form, "hints": SEVERITY_HINTS, "steps": self.list_steps((_("Agregar"), ""))}
        return self.show("lists/new.html", context | more, status=status)


class EffectPage(NewEntryPages):
    """The effect alone, for the page that asks anew while its reader types."""

    permission = {"POST": ADD}
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the part of the page that tells the effect."""
        form = self.make_form(request.POST)
        form.is_valid()
        return self.show("lists/effect.html", {"effect": self.measure(form), "warnings": self.list_warnings(form)})


def _name(flow: FlowEffect) -> str:
    return str(FLOWS[flow.flow.value])
