"""`/api/v1/blocklists/import`: a whole file of entries."""

import uuid

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from blocklists.api.import_bodies import AcceptedBody, ImportBody, make_accepted_body, make_import_body
from blocklists.api.import_parameters import IMPORT_PARAMETERS, MEDIA_TYPES, read_kind, read_terms, spooled_body
from blocklists.import_queries import get_batch, list_refusals
from blocklists.reading.unpacking import list_pieces
from blocklists.services.start_import import start_import
from blocklists.services.store_upload import store_upload
from blocklists.services.undo_import import request_undo
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_TAG = "Blocklists"


class ImportsView(SessionView):
    """Takes a file."""

    permission = "blocklists:add"

    @documented(
        "import_blocklist_entries",
        summary="Import a file of entries",
        tag=_TAG,
        credential=MANAGEMENT,
        request=str,
        media_types=MEDIA_TYPES,
        responses={202: AcceptedBody},
        parameters=IMPORT_PARAMETERS,
    )
    def post(self, request: Request) -> HttpResponse:
        """Import the body: CSV with a header of the API's names, NDJSON, or a list with one value a line (202).

        Send it as text/csv, application/x-ndjson or text/plain, packed with gzip or zip if you like. A job puts all
        rows in force at one moment; values that are in force already stay as they are.
        """
        http = request._request
        mode, terms = read_terms(http.GET)
        kind = read_kind(http)
        with spooled_body(http) as body, unit_of_work():
            now = read_clock()
            draft = store_upload(
                actor=self.actor, pieces=list_pieces(body), file_name="", kind=kind, fixed=terms, now=now
            )
            batch = start_import(
                actor=self.actor, batch_id=draft.id, mode=mode, layout=draft.layout, fixed=terms, now=now
            )
        return json_response(make_accepted_body(batch), status=202)


class ImportView(SessionView):
    """One import of the session's organization and environment."""

    permission = "blocklists:read"

    @documented(
        "get_blocklist_import", summary="See an import", tag=_TAG, credential=MANAGEMENT, responses={200: ImportBody}
    )
    def get(self, request: Request, batch_id: uuid.UUID) -> HttpResponse:
        """Return what was found in the file, what became of it, and the first 1,000 rows that are not valid."""
        batch = get_batch(**self.actor.scope, batch_id=batch_id)
        return json_response(make_import_body(batch, list_refusals(self.actor.scope, batch_id=batch_id)))


class UndoImportView(SessionView):
    """Undoes an import."""

    permission = "blocklists:add"

    @documented(
        "undo_blocklist_import",
        summary="Undo an import",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={202: AcceptedBody},
        errors=(409,),
    )
    def post(self, request: Request, batch_id: uuid.UUID) -> HttpResponse:
        """Take off what it added and give back the terms of what it reactivated (202); changes since then stay."""
        with unit_of_work():
            batch = request_undo(actor=self.actor, batch_id=batch_id, now=read_clock())
        return json_response(make_accepted_body(batch), status=202)
