"""`/api/v1/keys`: an organization's API keys. The full key is in two answers only: create and rotate."""

import uuid
from typing import cast

import msgspec
from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.api.bodies import KeyBody, KeyChange, KeyPage, KeyRequest, NewKeyBody, RotationRequest
from accounts.api.parameters import PAGE_PARAMETERS, choose_environments, read_page
from accounts.models import ApiKey
from accounts.queries import get_api_key, list_api_keys
from accounts.rules.key_settings import KeySettings, NewKeySettings
from accounts.services.change_api_key import change_api_key
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.services.rotate_api_key import rotate_api_key
from accounts.types import KEY_PREFIXES, KeyType
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import format_time, json_response
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work

_TAG = "API keys"


class KeyListView(SessionView):
    """All keys of the organization, of both environments unless `?environment=` names one."""

    proves = True
    permission = {"GET": "keys:read", "POST": "keys:write"}

    @documented(
        "list_api_keys",
        summary="List keys",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: KeyPage},
        parameters=PAGE_PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponse:
        """List the keys, the newest first."""
        query = request._request.GET
        page = read_page(query)
        keys, total = list_api_keys(
            organization_id=self.actor.organization_id,
            environments=choose_environments(query, self.actor.environment),
            limit=page.limit,
            offset=page.offset,
        )
        data = [describe_key(key) for key in keys]
        return json_response(KeyPage(data=data, total=total, limit=page.limit, offset=page.offset))

    @documented(
        "create_api_key",
        summary="Make a key",
        tag=_TAG,
        credential=MANAGEMENT,
        request=KeyRequest,
        example={"name": "Core bancario", "type": "secret", "environment": "sandbox"},
        responses={201: NewKeyBody},
    )
    def post(self, request: Request) -> HttpResponse:
        """Make a key; its environment is the body's."""
        given = _read(request, KeyRequest)
        with unit_of_work():
            key, full = create_api_key(
                actor=self.actor,
                organization_id=self.actor.organization_id,
                key_type=given.type,
                environment=given.environment,
                created_by=self.actor.id,
                now=read_clock(),
                **cast(NewKeySettings, _read_settings(given)),
            )
        return _show_once(key, full)


class KeyDetailView(SessionView):
    """One key, of either environment."""

    proves = True
    permission = {"GET": "keys:read", "PATCH": "keys:write"}

    @documented("get_api_key", summary="Get a key", tag=_TAG, credential=MANAGEMENT, responses={200: KeyBody})
    def get(self, request: Request, key_id: uuid.UUID) -> HttpResponse:
        """Return the key's settings."""
        return json_response(describe_key(get_api_key(organization_id=self.actor.organization_id, key_id=key_id)))

    @documented(
        "change_api_key",
        summary="Change a key",
        tag=_TAG,
        credential=MANAGEMENT,
        request=KeyChange,
        responses={200: KeyBody},
        errors=(409,),
    )
    def patch(self, request: Request, key_id: uuid.UUID) -> HttpResponse:
        """Change some of the key's settings."""
        changes = _read_settings(_read(request, KeyChange))
        with unit_of_work():
            key = change_api_key(actor=self.actor, key_id=key_id, now=read_clock(), **changes)
        return json_response(describe_key(key))


class KeyRotationView(SessionView):
    """`POST …/rotate`."""

    proves = True
    permission = "keys:write"

    @documented(
        "rotate_api_key",
        summary="Rotate a key",
        tag=_TAG,
        credential=MANAGEMENT,
        request=RotationRequest,
        example={"overlap_hours": 24},
        responses={201: NewKeyBody},
        errors=(409,),
        is_body_required=False,
    )
    def post(self, request: Request, key_id: uuid.UUID) -> HttpResponse:
        """Replace the key by a new one with the same settings; without a body the old one ends at once."""
        given = _read(request, RotationRequest) if _has_body(request) else RotationRequest()
        with unit_of_work():
            key, full = rotate_api_key(
                actor=self.actor,
                key_id=key_id,
                overlap_hours=given.overlap_hours,
                created_by=self.actor.id,
                now=read_clock(),
            )
        return _show_once(key, full)


class KeyRevocationView(SessionView):
    """`POST …/revoke`."""

    proves = True
    permission = "keys:write"

    @documented("revoke_api_key", summary="Revoke a key", tag=_TAG, credential=MANAGEMENT, responses={200: KeyBody})
    def post(self, request: Request, key_id: uuid.UUID) -> HttpResponse:
        """End the key at once and for good; the same answer when repeated."""
        with unit_of_work():
            key = revoke_api_key(actor=self.actor, key_id=key_id, now=read_clock())
        return json_response(describe_key(key))


def describe_key(key: ApiKey) -> KeyBody:
    """Return what may be shown of a key: everything but its secret and the hash of it."""
    return KeyBody(
        id=key.id,
        name=key.name,
        type=KeyType(key.key_type),
        environment=Environment(key.environment),
        prefix=KEY_PREFIXES[KeyType(key.key_type)] + key.public_id,
        last_four=key.last_four,
        permissions=key.permissions,
        is_enabled=key.is_enabled,
        expires_at=format_time(key.expires_at),
        revoked_at=format_time(key.revoked_at),
        allowed_ips=key.allowed_ips,
        allowed_origins=key.allowed_origins,
        require_origin=key.require_origin,
        rate_limit_per_minute=key.rate_limit_per_minute,
        rate_limit_per_day=key.rate_limit_per_day,
        created_by=key.created_by_id,
        created_at=format_time(key.created_at),
        last_used_at=format_time(key.last_used_at),
        last_used_ip=key.last_used_ip or None,
    )


def _show_once(key: ApiKey, full: str) -> HttpResponse:
    body = NewKeyBody(key=full, **msgspec.structs.asdict(describe_key(key)))
    return json_response(body, status=201, headers={"Cache-Control": "no-store"})


def _has_body(request: Request) -> bool:
    """Say whether a body was sent; one in chunks too, which is then refused as unreadable, never passed over."""
    meta = request._request.META
    return meta.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in meta


def _read[T: msgspec.Struct](request: Request, kind: type[T]) -> T:
    tree = read_object(request._request)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)


def _read_settings(given: KeyRequest | KeyChange) -> KeySettings:
    """Return the settings that the body gives; what is absent is the service's to decide."""
    named = msgspec.structs.asdict(given).items()
    found = {field: value for field, value in named if field in KeySettings.__optional_keys__ and value is not UNSET}
    return cast(KeySettings, found)
