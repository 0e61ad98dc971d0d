"""`/api/v1/feeds`: lists from outside, over the API."""

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.types import Module
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from feeds.api.bodies import (
    AddFeedBody,
    FeedBody,
    FeedsBody,
    SwitchFeedBody,
    make_feed_body,
    read_new_feed,
    read_switch,
)
from feeds.queries import get_feed, list_feeds
from feeds.services.add_feed import add_feed
from feeds.services.ask_refresh import ask_refresh
from feeds.services.switch_feed import switch_feed

_TAG = "Feeds"


class FeedViews(SessionView):
    """What the operations on lists share."""

    is_base = True

    @property
    def modules(self) -> frozenset[Module]:
        return self.session.organization.modules

    def answer(self, code: str, *, status: int = 200) -> HttpResponse:
        """Return the list as it now stands. Raises FeedNotFound."""
        feed = get_feed(**self.actor.scope, modules=self.modules, code=code, now=read_clock())
        return json_response(make_feed_body(feed), status=status)


class FeedsView(FeedViews):
    """All lists of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {"GET": "feeds:read", "POST": "feeds:write"}

    @documented(
        "list_feeds", summary="List the lists from outside", tag=_TAG, credential=MANAGEMENT, responses={200: FeedsBody}
    )
    def get(self, request: Request) -> HttpResponse:
        """List the organization's own and Clausum's, with source, date, state and what they met in 30 days."""
        feeds = list_feeds(**self.actor.scope, modules=self.modules, now=read_clock())
        return json_response(FeedsBody(data=[make_feed_body(feed) for feed in feeds]))

    @documented(
        "add_feed",
        summary="Subscribe to a list by its address",
        tag=_TAG,
        credential=MANAGEMENT,
        request=AddFeedBody,
        responses={201: FeedBody},
        errors=(409,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Add a list (201); it is fetched at once. 409 names the one that has this title or address already."""
        wanted = read_new_feed(request._request)
        with unit_of_work():
            _, code = add_feed(actor=self.actor, feed=wanted, modules=self.modules, now=read_clock())
        return self.answer(code, status=201)


class FeedView(FeedViews):
    """One list of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {"GET": "feeds:read", "PATCH": "feeds:write"}

    @documented("get_feed", summary="Look up a list", tag=_TAG, credential=MANAGEMENT, responses={200: FeedBody})
    def get(self, request: Request, code: str) -> HttpResponse:
        """Return the list."""
        return self.answer(code)

    @documented(
        "switch_feed",
        summary="Subscribe or unsubscribe",
        tag=_TAG,
        credential=MANAGEMENT,
        request=SwitchFeedBody,
        responses={200: FeedBody},
    )
    def patch(self, request: Request, code: str) -> HttpResponse:
        """Turn the list on or off, own or Clausum's; it holds for the next payment."""
        is_on = read_switch(request._request)
        with unit_of_work():
            switch_feed(actor=self.actor, code=code, is_on=is_on, modules=self.modules, now=read_clock())
        return self.answer(code)


class FeedRefreshView(FeedViews):
    """The refresh of one list."""

    permission: ClassVar[str] = "feeds:write"

    @documented(
        "refresh_feed",
        summary="Fetch a list now",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={202: FeedBody},
        errors=(409,),
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        """Ask the worker to fetch the list (202); 409 for one without an address, or turned off."""
        with unit_of_work():
            ask_refresh(actor=self.actor, code=code, modules=self.modules, now=read_clock())
        return self.answer(code, status=202)
