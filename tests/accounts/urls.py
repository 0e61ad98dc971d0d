"""Routes of these tests: the accounts API, and doors that show who was let in."""

from typing import ClassVar

from django.http import HttpResponse
from django.urls import include, path
from rest_framework.request import Request

from accounts.api.admission import KeyView, PublicKeyNotAllowed, SecretKeyRequired, SessionView
from accounts.types import KeyType, Module
from clausum.urls import handler400, handler403, handler404, handler500
from core.api.bodies import read_object
from core.api.responses import json_response
from core.errors import Forbidden, ValidationFailed

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _tell(view: KeyView) -> HttpResponse:
    return json_response({"key": view.key.id, "environment": view.actor.environment, "address": view.address})


class BackDoor(KeyView):
    """Takes a secret key and the module of the back office, like a payout."""

    permission = "transactions:write"
    module = Module.INSTITUTIONAL
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {KeyType.PUBLISHABLE: SecretKeyRequired}

    def get(self, request: Request) -> HttpResponse:
        return _tell(self)

    def post(self, request: Request) -> HttpResponse:
        read_object(request._request)
        raise ValidationFailed.of_field("amount", "is always wrong here")


class FrontDoor(KeyView):
    """Takes a secret or a publishable key, like a pay-in."""

    permission = "assess"
    key_types = frozenset({KeyType.SECRET, KeyType.PUBLISHABLE})
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {}

    def post(self, request: Request) -> HttpResponse:
        return _tell(self)


class ReportDoor(KeyView):
    """Takes a secret key and tells a publishable one so, like a fraud report."""

    permission = "fraud:report"
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {KeyType.PUBLISHABLE: PublicKeyNotAllowed}

    def post(self, request: Request) -> HttpResponse:
        return _tell(self)


class OfficeDoor(SessionView):
    """Takes a session, by role and module, like the lists."""

    permission = {"GET": "blocklists:read", "POST": "blocklists:delete"}
    module = Module.OPERATIONS

    def get(self, request: Request) -> HttpResponse:
        return json_response({"environment": self.actor.environment, "role": self.actor.role})

    def post(self, request: Request) -> HttpResponse:
        read_object(request._request)
        return json_response({})


class BrokenDoor(KeyView):
    """Fails as code fails."""

    permission = "assess"

    def post(self, request: Request) -> HttpResponse:
        raise RuntimeError("clabe 012180001234567899 went wrong")


urlpatterns = [
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/back-door", BackDoor.as_view()),
    path("api/v1/front-door", FrontDoor.as_view()),
    path("api/v1/report-door", ReportDoor.as_view()),
    path("api/v1/office-door", OfficeDoor.as_view()),
    path("api/v1/broken-door", BrokenDoor.as_view()),
]
