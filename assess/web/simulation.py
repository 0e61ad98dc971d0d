"""`/dashboard/simulation`: one payment tried without making it (contract §15)."""

import uuid
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.types import Module
from accounts.web.admission import MemberPage
from assess.deadline import make_deadline
from assess.judging import AssessCommand
from assess.other_policies import list_other_policies
from assess.queries import list_versions_to_try
from assess.reading.bodies import read_body
from assess.reading.writing import write_body
from assess.services.simulate_payment import Simulated, make_simulation, simulate_payment
from assess.stored_payments import find_stored_payment
from assess.suppositions import Supposition, list_suppositions, suppose
from assess.types import Language, Payment
from assess.web.simulation_forms import JsonForm, PaymentForm, UnderForm, make_initial
from assess.web.simulation_result import make_result
from assess.web.simulation_scenarios import EXAMPLES, SCENARIOS, find_scenario
from assess.web.simulation_words import FLOWS, SUPPOSED
from core.clock import read_monotonic_ms
from core.errors import AppError, Forbidden, NotFound
from core.strict_json import JsonValue
from core.unit_of_work import unit_of_work
from transactions.types import Flow

JSON = "json"
_MODULES = {Flow.PAYOUT: Module.INSTITUTIONAL, Flow.PAYIN: Module.PREVENTION}


class SimulationPage(MemberPage):
    """A form or JSON on the left, what would be decided on the right."""

    permission = "simulation:run"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form: empty, of a ready scenario, or of a stored payment. Raises NotFound."""
        if not self.flows:
            return self.render("simulation/not_contracted.html", {"steps": self.list_steps()})
        if "transaction" in request.GET:
            return self._show_stored(request.GET["transaction"])
        scenario = find_scenario(request.GET.get("scenario", ""))
        if scenario is not None and scenario.flow in self.flows:
            return self._show(scenario.flow.value, self._make_form(scenario.flow, initial=scenario.initial))
        kind = self._read_kind(request.GET.get("form", ""))
        return self._show(kind, self._make_empty(kind))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Simulate what was sent and show what came of it.

        Raises NotFound for a payment that is not the reader's, Forbidden for a flow that is not contracted.
        """
        given = request.POST.get("form", "")
        if not self.flows or given in set(Flow) - set(self.flows):
            raise Forbidden
        kind = self._read_kind(given)
        form = self._read_form(kind)
        if not form.is_valid():
            return self._show(kind, form, status=422)
        try:
            simulated = self._simulate(form)
        except AppError as refusal:
            if refusal.status != AppError.status:
                raise
            form.refuse(refusal)
            return self._show(kind, form, status=422)
        return self._show(kind, form, simulated=simulated)

    @property
    def flows(self) -> list[Flow]:
        """Return the flows that the organization contracted."""
        contracted = self.member.organization.modules
        return [flow for flow, module in _MODULES.items() if module in contracted]

    def list_steps(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [{"label": _("Simulación")}, {"label": _("Un pago")}]

    def _read_kind(self, given: str) -> str:
        """Return which form is wanted: a flow's, or the one for JSON; another organization's flow is its own first."""
        known = [JSON, *(flow.value for flow in self.flows)]
        return given if given in known else (self.flows[0].value if self.flows else JSON)

    def _read_form(self, kind: str) -> PaymentForm | JsonForm:
        data = self.request.POST
        if kind == JSON:
            return self._make_json_form(data)
        flow = Flow(kind)
        stored = self._find_stored(data.get("transaction", "")) if data.get("transaction") else None
        body = write_body(stored) if stored and stored.flow is flow else None
        return self._make_form(flow, data, stored=body)

    def _make_empty(self, kind: str) -> PaymentForm | JsonForm:
        if kind == JSON:
            return self._make_json_form(initial={"body": EXAMPLES[self.flows[0]], "flow": self.flows[0].value})
        return self._make_form(Flow(kind), initial={"currency": "MXN"})

    def _make_form(self, flow: Flow, data: Any = None, **given: Any) -> PaymentForm:
        return PaymentForm(data, flow=flow, versions=self._versions, suppositions=list_suppositions(flow=flow), **given)

    def _make_json_form(self, data: Any = None, **given: Any) -> JsonForm:
        flows = [(flow.value, FLOWS[flow]) for flow in self.flows]
        return JsonForm(data, flows=flows, versions=self._versions, suppositions=tuple(Supposition), **given)

    @property
    def _versions(self) -> list[int]:
        return list_versions_to_try(**self.actor.scope)[1:]

    def _show_stored(self, given: str) -> HttpResponse:
        payment = self._find_stored(given)
        if payment.flow not in self.flows:
            raise Forbidden
        body = write_body(payment)
        initial = make_initial(payment, body) | {"transaction": given}
        return self._show(payment.flow.value, self._make_form(payment.flow, initial=initial, stored=body))

    def _find_stored(self, given: str) -> Payment:
        """Return the payment of the reader's organization and environment. Raises NotFound, Forbidden."""
        if not self.actor.can("transactions:read"):
            raise Forbidden
        try:
            transaction_id = uuid.UUID(given)
        except ValueError:
            raise NotFound from None
        return find_stored_payment(**self.actor.scope, transaction_id=transaction_id)

    def _simulate(self, form: PaymentForm | JsonForm) -> Simulated:
        started_ms = read_monotonic_ms()
        flow = form.flow if isinstance(form, PaymentForm) else Flow(form.cleaned_data["flow"])
        command = self._make_command(form, form.make_body(), flow, started_ms)
        with unit_of_work():
            return simulate_payment(command, deadline=make_deadline(started_ms))

    def _make_command(
        self, form: UnderForm, body: dict[str, JsonValue], flow: Flow, started_ms: float
    ) -> AssessCommand:
        organization = self.member.organization
        language = Language.SPANISH if self.preferences.language == "es-mx" else Language.ENGLISH
        supposed = form.supposed
        return make_simulation(
            read_body(body, flow=flow, segment=organization.organization_type, language=language),
            actor=self.actor,
            organization=organization,
            echoed_key=None,
            policy_version=form.cleaned_data["policy_version"],
            now=self.now,
            started_ms=started_ms,
            suppose=partial(suppose, supposed) if supposed else None,
        )

    def _show(
        self, kind: str, form: PaymentForm | JsonForm, *, simulated: Simulated | None = None, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "kind": kind,
            "is_json": kind == JSON,
            "is_stored": kind != JSON and bool(form["transaction"].value()),
            "tabs": self._list_tabs(kind),
            "scenarios": [each for each in SCENARIOS if each.flow in self.flows],
            "steps": self.list_steps(),
        }
        if simulated is not None:
            context |= {"result": self._make_result(simulated, form)}
        return self.render("simulation/payment.html", context, status=status)

    def _make_result(self, simulated: Simulated, form: UnderForm) -> dict[str, Any]:
        others = list_other_policies(**self.actor.scope, version=simulated.policy.version)
        supposed = form.supposed
        result = make_result(simulated, others=others, timezone=self.member.organization.timezone)
        return result | {"supposed": SUPPOSED[supposed] if supposed else ""}

    def _list_tabs(self, kind: str) -> list[dict[str, Any]]:
        named = [*((flow.value, FLOWS[flow]) for flow in self.flows), (JSON, "JSON")]
        page = reverse("simulation")
        return [{"label": label, "href": f"{page}?form={name}", "is_current": name == kind} for name, label in named]
