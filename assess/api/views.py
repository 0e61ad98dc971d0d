"""The assess endpoints (contract §2, §3, §5)."""

from collections.abc import Callable
from typing import ClassVar

import msgspec
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from accounts.api.admission import KeyView, SecretKeyRequired
from accounts.entry import KeyChanged
from accounts.types import KeyType, Module
from assess.api.calls import read_command, refuse_in_maintenance
from assess.api.cors import answer_preflight, make_cors_headers
from assess.api.schemas import (
    PAYIN_EXAMPLE,
    PAYOUT_EXAMPLE,
    RELEASE_EXAMPLE,
    AssessAnswer,
    Catalog,
    PayinRequest,
    PayoutRequest,
    ReleaseAnswer,
    ReleaseRequest,
)
from assess.catalog import make_catalog
from assess.deadline import make_deadline
from assess.judging import AssessCommand
from assess.requests import ReleaseBody
from assess.services.assess_payment import assess_payment
from assess.services.release_attempt import release_attempt
from core.api.arrival import read_arrival_ms
from core.api.bodies import decode, read_object
from core.api.openapi import (
    ACCEPT_LANGUAGE,
    ANYBODY_OR_PARTNER,
    AS_OF,
    BROWSER_OR_PARTNER,
    IDEMPOTENCY_KEY,
    PARTNER,
    documented,
)
from core.api.responses import bytes_response, json_response
from core.clock import read_clock
from core.errors import AppError, Forbidden, NotFound
from core.sql import place_of
from core.unit_of_work import unit_of_work
from transactions.types import Flow

_TAG = "Assessments"
_ASKED_WITH = (IDEMPOTENCY_KEY, AS_OF, ACCEPT_LANGUAGE)
_ANSWERED_WITH = ("Idempotency-Replayed",)


class AssessView(KeyView):
    """What both flows share: the catalog for anybody, a decision for a key."""

    is_base = True
    flow: ClassVar[Flow]

    def admit(self, request: Request) -> None:
        self.started_ms = read_arrival_ms(request._request)
        self.settles_later = request.method == "POST"
        is_anonymous = "Authorization" not in request.headers and "api_key" not in request.query_params
        if request.method in {"GET", "HEAD"} and is_anonymous:
            return
        super().admit(request)

    def answer_catalog(self, request: Request) -> HttpResponse:
        """Return the public catalog; with a key also what that key's organization declared, privately."""
        key = getattr(self, "key", None)
        headers = {"Cache-Control": "public, max-age=300"}
        if key is not None:
            headers = {"Cache-Control": "private", "Vary": "Authorization"}
        return json_response(
            make_catalog(flow=self.flow, organization=key.organization if key else None), headers=headers
        )

    def answer(self, request: Request, make_command: Callable[[HttpRequest], AssessCommand]) -> HttpResponse:
        """Return the decision, the first call's when this one repeats it.

        When the key turns out to be another than this process knew, or the connection to be dead before anything was
        done, the call begins anew.
        """
        try:
            return self._answer(request, make_command)
        except KeyChanged:
            pass
        except OperationalError as error:
            if place_of(error) is not None or (self.entry and self.entry.is_settled):
                raise
        self.admit_anew(request._request)
        return self._answer(request, make_command)

    def _answer(self, request: Request, make_command: Callable[[HttpRequest], AssessCommand]) -> HttpResponse:
        try:
            refuse_in_maintenance(self.key, self.flow)
            command = make_command(request._request)
        except AppError:
            self.settle()  # what is wrong with a call is told only to one that may make it
            raise
        deadline = make_deadline(self.started_ms)
        with unit_of_work():
            answer = assess_payment(command, deadline=deadline, entry=self.entry)
        headers = {"Idempotency-Replayed": "true"} if answer.is_replay else {}
        return bytes_response(answer.body, headers=headers)


class PayinView(AssessView):
    """`/api/v1/assess`"""

    permission = "assess"
    http_method_names = ["get", "head", "post", "options"]
    flow = Flow.PAYIN
    module = Module.PREVENTION
    key_types = frozenset({KeyType.SECRET, KeyType.PUBLISHABLE})
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {}

    def admit(self, request: Request) -> None:
        if request.method == "OPTIONS":
            return
        try:
            super().admit(request)
        finally:  # a browser must be able to read a refusal too
            self.answer_headers |= make_cors_headers(request._request, getattr(self, "key", None))

    def options(self, request: Request) -> HttpResponse:  # type: ignore[override]
        """Answer a browser's preflight."""
        return answer_preflight(request._request)

    @documented(
        "get_payin_catalog",
        summary="Catalog of pay-ins",
        tag=_TAG,
        credential=ANYBODY_OR_PARTNER,
        responses={200: Catalog},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the catalog of pay-ins."""
        return self.answer_catalog(request)

    @documented(
        "assess_payin",
        summary="Assess a pay-in",
        tag=_TAG,
        credential=BROWSER_OR_PARTNER,
        request=PayinRequest,
        example=PAYIN_EXAMPLE,
        responses={200: AssessAnswer},
        parameters=_ASKED_WITH,
        errors=(409, 504),
        headers=_ANSWERED_WITH,
    )
    def post(self, request: Request) -> HttpResponse:
        """Decide a pay-in."""
        return self.answer(request, self._make_command)

    def _make_command(self, request: HttpRequest) -> AssessCommand:
        command = read_command(
            request,
            flow=self.flow,
            key=self.key,
            actor=self.actor,
            started_ms=self.started_ms,
        )
        return self._from_connection(command)

    def _from_connection(self, command: AssessCommand) -> AssessCommand:
        """For a browser's key, take the address from the connection: the body is the visitor's word (contract §1)."""
        if self.key.key_type is not KeyType.PUBLISHABLE:
            return command
        device = msgspec.structs.replace(command.payment.device, ip=self.address or None)
        payment = msgspec.structs.replace(command.payment, device=device)
        return command.with_payment(payment)


class PayoutView(AssessView):
    """`/api/v1/assess/payout`"""

    permission = "assess"
    flow = Flow.PAYOUT
    module = Module.INSTITUTIONAL
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {KeyType.PUBLISHABLE: SecretKeyRequired}

    @documented(
        "get_payout_catalog",
        summary="Catalog of payouts",
        tag=_TAG,
        credential=ANYBODY_OR_PARTNER,
        responses={200: Catalog},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the catalog of payouts."""
        return self.answer_catalog(request)

    @documented(
        "assess_payout",
        summary="Assess a payout",
        tag=_TAG,
        credential=PARTNER,
        request=PayoutRequest,
        example=PAYOUT_EXAMPLE,
        responses={200: AssessAnswer},
        parameters=_ASKED_WITH,
        errors=(409, 504),
        headers=_ANSWERED_WITH,
    )
    def post(self, request: Request) -> HttpResponse:
        """Decide a payout."""
        return self.answer(request, self._make_command)

    def _make_command(self, request: HttpRequest) -> AssessCommand:
        return read_command(
            request,
            flow=self.flow,
            key=self.key,
            actor=self.actor,
            started_ms=self.started_ms,
        )


class ReleaseView(KeyView):
    """`/api/v1/assess/release`"""

    permission = "assess"
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {KeyType.PUBLISHABLE: SecretKeyRequired}

    @documented(
        "release_attempt",
        summary="Release an abandoned attempt",
        tag=_TAG,
        credential=PARTNER,
        request=ReleaseRequest,
        example=RELEASE_EXAMPLE,
        responses={200: ReleaseAnswer},
        errors=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Give up an attempt: what it added to history leaves, its idempotency key is free again."""
        body = decode(read_object(request._request), ReleaseBody)
        with unit_of_work():
            released = release_attempt(actor=self.actor, body=body, now=read_clock())
        if released is None:
            raise NotFound
        return json_response({"released": True, "session_id": released.session_id})
