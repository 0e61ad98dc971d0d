"""The simulation endpoints (contract §15): the request and the answer of the real thing, for people."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.types import Module
from assess.api.calls import POLICY_VERSION, read_simulation
from assess.api.schemas import PAYIN_EXAMPLE, PAYOUT_EXAMPLE, PayinRequest, PayoutRequest, SimulationAnswer
from assess.deadline import make_deadline
from assess.services.simulate_payment import simulate_payment
from core.api.arrival import read_arrival_ms
from core.api.openapi import ACCEPT_LANGUAGE, MANAGEMENT, documented
from core.api.responses import bytes_response
from core.unit_of_work import unit_of_work
from transactions.types import Flow

_TAG = "Simulation"
_ASKED_WITH = (POLICY_VERSION, ACCEPT_LANGUAGE)


class SimulationView(SessionView):
    """What both flows share."""

    is_base = True
    permission = "simulation:run"
    flow: ClassVar[Flow]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return what would be decided now."""
        started_ms = read_arrival_ms(request)
        command = read_simulation(
            request,
            flow=self.flow,
            organization=self.session.organization,
            actor=self.actor,
            started_ms=started_ms,
        )
        with unit_of_work():
            simulated = simulate_payment(command, deadline=make_deadline(started_ms))
        return bytes_response(simulated.body)


class SimulatePayinView(SimulationView):
    """`/api/v1/simulation`"""

    permission = "simulation:run"
    flow = Flow.PAYIN
    module = Module.PREVENTION

    @documented(
        "simulate_payin",
        summary="Simulate a pay-in",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PayinRequest,
        example=PAYIN_EXAMPLE,
        responses={200: SimulationAnswer},
        parameters=_ASKED_WITH,
        errors=(504,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Say what would be decided of a pay-in now; it counts nowhere and sends no webhook."""
        return self.answer(request._request)


class SimulatePayoutView(SimulationView):
    """`/api/v1/simulation/payout`"""

    permission = "simulation:run"
    flow = Flow.PAYOUT
    module = Module.INSTITUTIONAL

    @documented(
        "simulate_payout",
        summary="Simulate a payout",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PayoutRequest,
        example=PAYOUT_EXAMPLE,
        responses={200: SimulationAnswer},
        parameters=_ASKED_WITH,
        errors=(504,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Say what would be decided of a payout now; it counts nowhere and sends no webhook."""
        return self.answer(request._request)
