"""The merchant API: what a server reads of its payments, and tells of them (contract §1)."""

import re
import uuid

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import KeyView
from core.actor import Actor
from core.api.bodies import decode, read_object
from core.api.openapi import PARTNER, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.errors import NotFound
from core.unit_of_work import unit_of_work
from transactions.api.cursors import write_cursor
from transactions.api.items import OutcomeBody, TransactionItem, TransactionPage, make_item
from transactions.api.parameters import LIST_PARAMETERS, read_filter
from transactions.queries import get_transaction, list_transactions
from transactions.services.set_outcome import set_outcome

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

_TAG = "Transactions"


class TransactionListView(KeyView):
    """The payments of the key's organization and environment."""

    permission = "transactions:read"

    @documented(
        "list_transactions",
        summary="List payments",
        tag=_TAG,
        credential=PARTNER,
        responses={200: TransactionPage},
        parameters=LIST_PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return one page, the newest first: `TransactionPage`."""
        organization = self.key.organization
        environment = self.actor.environment
        wanted = read_filter(
            request._request.GET,
            organization_id=organization.id,
            environment=environment,
            timezone=organization.timezone,
        )
        rows, has_more = list_transactions(organization_id=organization.id, environment=environment, wanted=wanted)
        cursor = (
            write_cursor(last_id=rows[-1].id, organization_id=organization.id, environment=environment)
            if has_more
            else None
        )
        return json_response(TransactionPage(data=[make_item(row) for row in rows], next_cursor=cursor))


class TransactionView(KeyView):
    """One payment."""

    permission = "transactions:read"

    @documented(
        "get_transaction", summary="Get a payment", tag=_TAG, credential=PARTNER, responses={200: TransactionItem}
    )
    def get(self, _request: Request, transaction_id: str) -> HttpResponse:
        """Return the payment: `TransactionItem`; 404 for another organization's or environment's."""
        return _answer(self.actor, _parse_id(transaction_id))


class OutcomeView(KeyView):
    """What became of one payment."""

    permission = "transactions:write"

    @documented(
        "set_transaction_outcome",
        summary="Tell what became of a payment",
        tag=_TAG,
        credential=PARTNER,
        request=OutcomeBody,
        example={"outcome": "released"},
        responses={200: TransactionItem},
        errors=(409,),
    )
    def post(self, request: Request, transaction_id: str) -> HttpResponse:
        """Take an `OutcomeBody` and return the payment: `TransactionItem`; 409 when another outcome stands."""
        tree = read_object(request._request)
        body = decode(tree, OutcomeBody)
        parsed_id = _parse_id(transaction_id)
        with unit_of_work():
            set_outcome(actor=self.actor, transaction_id=parsed_id, outcome=body.outcome, now=read_clock())
        return _answer(self.actor, parsed_id)


def _answer(actor: Actor, transaction_id: uuid.UUID) -> HttpResponse:
    row = get_transaction(
        organization_id=actor.organization_id, environment=actor.environment, transaction_id=transaction_id
    )
    return json_response(make_item(row))


def _parse_id(text: str) -> uuid.UUID:
    """Return the id; raises NotFound when no payment can have it."""
    if not _UUID.fullmatch(text):
        raise NotFound
    return uuid.UUID(text)
