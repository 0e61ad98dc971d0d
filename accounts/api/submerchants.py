"""`/api/v1/submerchants`: whom a PSP pays for (contract §1, §2)."""

import uuid
from typing import Annotated, ClassVar, cast

import msgspec
from django.http import HttpResponse, QueryDict
from msgspec import UNSET, Meta, UnsetType
from rest_framework.request import Request

from accounts.api.admission import KeyOrSessionView
from accounts.api.parameters import Page, make_page_parameters, read_flag, read_page, read_search
from accounts.models import Submerchant
from accounts.queries import get_submerchant, list_submerchants
from accounts.rules.submerchant_fields import (
    MAXIMUM_EXTERNAL_ID_LENGTH,
    MAXIMUM_NAME_LENGTH,
    SubmerchantFields,
)
from accounts.services.add_submerchant import add_submerchant
from accounts.services.change_submerchant import change_submerchant
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.openapi import PARTNER_OR_MANAGEMENT, Parameter, documented
from core.api.responses import format_time, json_response
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work

_TAG = "Submerchants"
_EXAMPLE = {"external_id": "tienda-42", "name": "Abarrotes Núñez", "country": "MX", "mcc": "5411"}

type ExternalId = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_EXTERNAL_ID_LENGTH)]
type Name = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_NAME_LENGTH)]
type Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2")]
type Mcc = Annotated[str, Meta(pattern="^[0-9]{4}$", description="merchant category code, ISO 18245")]

LIST_PARAMETERS = (
    Parameter(name="is_active", kind=bool, description="Only those payments may be for, or only the others."),
    Parameter(
        name="search",
        kind=Annotated[str, Meta(max_length=MAXIMUM_NAME_LENGTH)],
        description="Only those with this text in the external id or in the name.",
    ),
    *make_page_parameters("Submerchants"),
)


class SubmerchantRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A submerchant to be made known; `external_id` is your own name for it, and stays."""

    external_id: ExternalId
    name: Name
    country: Country | None = None
    mcc: Mcc | None = None


class SubmerchantChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed; what is absent stays, null empties."""

    name: Name | UnsetType = UNSET
    country: Country | UnsetType | None = UNSET
    mcc: Mcc | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET


class SubmerchantBody(msgspec.Struct, kw_only=True):
    """A submerchant. Payments may name it by `external_id` or `id` while it is active."""

    id: uuid.UUID
    external_id: str
    name: str
    country: str | None
    mcc: str | None
    environment: Environment
    is_active: bool
    created_at: str | None


class SubmerchantPage(msgspec.Struct, kw_only=True):
    """A page of submerchants, the newest first."""

    data: list[SubmerchantBody]
    total: int
    limit: int
    offset: int


class SubmerchantListView(KeyOrSessionView):
    """The submerchants of the key's environment, or of the one that the session chooses."""

    permission: ClassVar[dict[str, str]] = {"GET": "submerchants:read", "POST": "submerchants:write"}

    @documented(
        "list_submerchants",
        summary="List submerchants",
        tag=_TAG,
        credential=PARTNER_OR_MANAGEMENT,
        responses={200: SubmerchantPage},
        parameters=LIST_PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponse:
        """List them, the newest first."""
        query = request._request.GET
        page = read_page(query)
        rows, total = self._list(query, page)
        data = [describe_submerchant(row) for row in rows]
        return json_response(SubmerchantPage(data=data, total=total, limit=page.limit, offset=page.offset))

    @documented(
        "add_submerchant",
        summary="Add a submerchant",
        tag=_TAG,
        credential=PARTNER_OR_MANAGEMENT,
        request=SubmerchantRequest,
        example=_EXAMPLE,
        responses={201: SubmerchantBody},
        errors=(409,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Add one (201), or activate again the one that was deactivated; 409 names the active one in the way.

        From the first on, a PSP's payments must name an active submerchant.
        """
        given = _read(request, SubmerchantRequest)
        with unit_of_work():
            row = add_submerchant(actor=self.actor, now=read_clock(), **msgspec.structs.asdict(given))
        return json_response(describe_submerchant(row), status=201)

    def _list(self, query: QueryDict, page: Page) -> tuple[list[Submerchant], int]:
        return list_submerchants(
            organization_id=self.actor.organization_id,
            environment=self.actor.environment,
            is_active=read_flag(query, "is_active"),
            search=read_search(query, longest=MAXIMUM_NAME_LENGTH),
            limit=page.limit,
            offset=page.offset,
        )


class SubmerchantView(KeyOrSessionView):
    """One submerchant of the key's environment, or of the one that the session chooses."""

    permission: ClassVar[dict[str, str]] = {
        "GET": "submerchants:read",
        "PATCH": "submerchants:write",
        "DELETE": "submerchants:write",
    }

    @documented(
        "get_submerchant",
        summary="Get a submerchant",
        tag=_TAG,
        credential=PARTNER_OR_MANAGEMENT,
        responses={200: SubmerchantBody},
    )
    def get(self, request: Request, submerchant_id: uuid.UUID) -> HttpResponse:
        """Return what is known of it."""
        row = get_submerchant(
            organization_id=self.actor.organization_id,
            environment=self.actor.environment,
            submerchant_id=submerchant_id,
        )
        return json_response(describe_submerchant(row))

    @documented(
        "change_submerchant",
        summary="Change a submerchant",
        tag=_TAG,
        credential=PARTNER_OR_MANAGEMENT,
        request=SubmerchantChange,
        responses={200: SubmerchantBody},
    )
    def patch(self, request: Request, submerchant_id: uuid.UUID) -> HttpResponse:
        """Change some of what is known of it, or activate it again."""
        given = msgspec.structs.asdict(_read(request, SubmerchantChange))
        changes = {name: value for name, value in given.items() if value is not UNSET}
        return json_response(describe_submerchant(self._change(submerchant_id, cast(SubmerchantFields, changes))))

    @documented(
        "deactivate_submerchant",
        summary="Deactivate a submerchant",
        tag=_TAG,
        credential=PARTNER_OR_MANAGEMENT,
        responses={204: None},
    )
    def delete(self, request: Request, submerchant_id: uuid.UUID) -> HttpResponse:
        """Deactivate it: payments may not name it any more, past ones keep it. The same answer when repeated."""
        self._change(submerchant_id, {"is_active": False})
        return HttpResponse(status=204)

    def _change(self, submerchant_id: uuid.UUID, changes: SubmerchantFields) -> Submerchant:
        with unit_of_work():
            return change_submerchant(actor=self.actor, submerchant_id=submerchant_id, now=read_clock(), **changes)


def describe_submerchant(row: Submerchant) -> SubmerchantBody:
    """Return what a caller may know of a submerchant: everything."""
    return SubmerchantBody(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        country=row.country or None,
        mcc=row.mcc or None,
        environment=Environment(row.environment),
        is_active=row.is_active,
        created_at=format_time(row.created_at),
    )


def _read[T: msgspec.Struct](request: Request, kind: type[T]) -> T:
    tree = read_object(request._request)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)
