"""`/api/v1/blocklists` (contract §9)."""

import uuid
from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.queries import get_company
from blocklists.api.bodies import (
    AddBody,
    AddedBody,
    ChangeBody,
    ChangeWithIdBody,
    EntryBody,
    EntryPageBody,
    RemoveBody,
    make_added_body,
    make_entry_body,
    read_changes,
    read_new_entry,
    read_removal,
)
from blocklists.api.parameters import ID_PARAMETER, LIST_PARAMETERS, read_filter, read_id, require_one_id
from blocklists.queries import list_entries, summarize_hits
from blocklists.rules.warnings import list_warnings
from blocklists.services.add_entry import add_entry
from blocklists.services.change_entry import change_entry
from blocklists.services.remove_entry import remove_entry
from blocklists.types import EntryChanges, EntryFacts, HitSummary
from core.actor import Actor
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_TAG = "Blocklists"


class BlocklistsView(SessionView):
    """All entries of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {
        "GET": "blocklists:read",
        "POST": "blocklists:add",
        "PATCH": "blocklists:edit",
        "DELETE": "blocklists:delete",
    }

    @documented(
        "list_blocklist_entries",
        summary="List entries",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: EntryPageBody},
        parameters=LIST_PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponse:
        """List entries, newest first: filters, search in value and reason, limit and offset."""
        wanted = read_filter(request._request.GET)
        page = list_entries(
            organization_id=self.actor.organization_id, environment=self.actor.environment, wanted=wanted
        )
        hits = _find_hits(self.actor, page.entries)
        data = [make_entry_body(entry, hits.get(entry.id, HitSummary())) for entry in page.entries]
        return json_response(EntryPageBody(data=data, total=page.total, limit=wanted.limit, offset=wanted.offset))

    @documented(
        "add_blocklist_entry",
        summary="Add an entry",
        tag=_TAG,
        credential=MANAGEMENT,
        request=AddBody,
        example={"list_type": "email", "value": "fraudster@example.com", "reason": "Confirmed chargeback fraud"},
        responses={201: AddedBody},
        errors=(409,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Add an entry (201), or reactivate the one that is no longer in force; 409 names the one that is.

        What meets an account or a domain of your own (`own`), or a very wide network (`wide`), is added all the same,
        and said in `warnings`.
        """
        wanted = read_new_entry(request._request)
        with unit_of_work():
            entry = add_entry(actor=self.actor, entry=wanted, now=read_clock())
        own = get_company(organization_id=self.actor.organization_id).own_identifiers
        warnings = list_warnings(entry.list_type, entry.value, own=own)
        return json_response(make_added_body(entry, _find_hits_of(self.actor, entry), warnings), status=201)

    @documented(
        "change_blocklist_entry_in_body",
        summary="Change the entry that the body names",
        tag=_TAG,
        credential=MANAGEMENT,
        request=ChangeWithIdBody,
        responses={200: EntryBody},
        errors=(404, 409),
    )
    def patch(self, request: Request) -> HttpResponse:
        """Change the entry whose id is in the body."""
        given, changes = read_changes(request._request, ChangeWithIdBody)
        return _change(self.actor, require_one_id(given), changes)

    @documented(
        "remove_blocklist_entry_in_query",
        summary="Delete the entry that the query string or the body names",
        tag=_TAG,
        credential=MANAGEMENT,
        request=RemoveBody,
        is_body_required=False,
        responses={204: None},
        parameters=(ID_PARAMETER,),
        errors=(404,),
    )
    def delete(self, request: Request) -> HttpResponse:
        """Delete the entry whose id is in the query string or in the body."""
        return _remove(self.actor, require_one_id(read_id(request._request.GET), read_removal(request._request)))


class BlocklistEntryView(SessionView):
    """One entry of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {"PATCH": "blocklists:edit", "DELETE": "blocklists:delete"}

    @documented(
        "change_blocklist_entry",
        summary="Change an entry",
        tag=_TAG,
        credential=MANAGEMENT,
        request=ChangeBody,
        responses={200: EntryBody},
        errors=(409,),
    )
    def patch(self, request: Request, entry_id: uuid.UUID) -> HttpResponse:
        """Change the entry."""
        given, changes = read_changes(request._request, ChangeBody)
        return _change(self.actor, require_one_id(entry_id, given), changes)

    @documented(
        "remove_blocklist_entry", summary="Delete an entry", tag=_TAG, credential=MANAGEMENT, responses={204: None}
    )
    def delete(self, request: Request, entry_id: uuid.UUID) -> HttpResponse:
        """Delete the entry."""
        return _remove(self.actor, require_one_id(entry_id, read_id(request._request.GET)))


def _change(actor: Actor, entry_id: uuid.UUID, changes: EntryChanges) -> HttpResponse:
    with unit_of_work():
        entry = change_entry(actor=actor, entry_id=entry_id, changes=changes, now=read_clock())
    return _answer(actor, entry)


def _remove(actor: Actor, entry_id: uuid.UUID) -> HttpResponse:
    with unit_of_work():
        remove_entry(actor=actor, entry_id=entry_id, now=read_clock())
    return HttpResponse(status=204)


def _answer(actor: Actor, entry: EntryFacts) -> HttpResponse:
    return json_response(make_entry_body(entry, _find_hits_of(actor, entry)))


def _find_hits_of(actor: Actor, entry: EntryFacts) -> HitSummary:
    return _find_hits(actor, (entry,)).get(entry.id, HitSummary())


def _find_hits(actor: Actor, entries: tuple[EntryFacts, ...]) -> dict[uuid.UUID, HitSummary]:
    return summarize_hits(
        organization_id=actor.organization_id,
        environment=actor.environment,
        entry_ids=[entry.id for entry in entries],
    )
