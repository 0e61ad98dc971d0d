"""`/dashboard/protection/threat-lists`: the lists from outside, Clausum's and the organization's own."""

import uuid
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.types import Module
from accounts.web.admission import MemberPage
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from feeds.queries import find_value, get_feed, list_feeds, list_versions
from feeds.rules.refusal import EntryRefused
from feeds.services.ask_refresh import NotFetched, ask_refresh
from feeds.services.receive_version import receive_version
from feeds.services.review_version import review_version
from feeds.services.switch_feed import switch_feed
from feeds.types import FeedFacts
from feeds.web.forms import FileForm, ValueForm
from feeds.web.rows import FeedRow, VersionRow
from feeds.web.words import Text


class FeedPages(MemberPage):
    """What the pages of lists share."""

    is_base = True
    permission: ClassVar[str | dict[str, str] | None] = "feeds:write"

    @property
    def modules(self) -> frozenset[Module]:
        return self.member.organization.modules

    def find(self, code: str) -> FeedFacts:
        """Return the list. Raises FeedNotFound."""
        return get_feed(**self.actor.scope, modules=self.modules, code=code, now=self.now)

    def list_steps(self, last: str | Promise = "") -> list[dict[str, Any]]:
        """Return the way here."""
        steps: list[dict[str, Any]] = [{"label": _("Protección")}, {"label": _("Listas externas")}]
        return [steps[0], steps[1] | {"href": reverse("feeds")}, {"label": last}] if last else steps

    def describe(self) -> dict[str, Any]:
        """Return what every page of lists needs."""
        return {
            "can_write": self.actor.can("feeds:write"),
            "zone": self.member.organization.timezone,
            "now": self.now,
            "is_locked": Module.INTELLIGENCE not in self.modules,
        }


class FeedsPage(FeedPages):
    """All lists, the organization's own first."""

    permission = "feeds:read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them with what they met."""
        feeds = list_feeds(**self.actor.scope, modules=self.modules, now=self.now)
        rows = [FeedRow(feed) for feed in feeds]
        return self.render("feeds/list.html", self.describe() | {"rows": rows, "steps": self.list_steps()})


class ShownFeedPages(FeedPages):
    """What the page of one list shows, after whichever of its forms."""

    is_base = True

    def show(self, feed: FeedFacts, *, status: int = 200, **said: Any) -> HttpResponse:
        """Return the page of the list; `said` are the forms that were sent, and what was found."""
        versions = list_versions(**self.actor.scope, feed_id=feed.id) if feed.id else []
        context = self.describe() | {
            "row": FeedRow(feed),
            "versions": [VersionRow(version) for version in versions],
            "file_form": FileForm(),
            "value_form": ValueForm(),
            "steps": self.list_steps(FeedRow(feed).title),
        }
        return self.render("feeds/detail.html", context | said, status=status)


class FeedPage(ShownFeedPages):
    """One list: where it is from, its versions and what each changed."""

    permission = "feeds:read"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Return the page. Raises FeedNotFound."""
        return self.show(self.find(code))


class FeedSearchPage(ShownFeedPages):
    """Looks for a value in a list. What is looked for may be somebody's, so it stands in no address."""

    permission: ClassVar[str | dict[str, str] | None] = {"GET": "feeds:read", "POST": "feeds:read"}

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Send whoever reloads the answer to the list's page."""
        return self.redirect("feed", code=code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Return the page with what was found. Raises FeedNotFound."""
        feed, form = self.find(code), ValueForm(request.POST)
        if not form.is_valid():
            return self.show(feed, value_form=form, status=422)
        try:
            found = find_value(**self.actor.scope, code=feed.code, kind=feed.kind, text=form.cleaned_data["value"])
        except EntryRefused:
            form.add_error("value", _("No es un valor de este tipo de lista."))
            return self.show(feed, value_form=form, status=422)
        return self.show(feed, value_form=form, found=found, has_searched=True)


class FeedUploadPage(ShownFeedPages):
    """Takes in a file of an own list."""

    permission: ClassVar[str | dict[str, str] | None] = {"GET": "feeds:write", "POST": "feeds:write"}

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Send whoever reloads a refusal to the list's page."""
        return self.redirect("feed", code=code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Keep the file for the worker; sent twice, it is one version. Raises FeedNotFound."""
        feed, form = self.find(code), FileForm(request.POST, request.FILES)
        if feed.id is None:
            raise ValidationFailed.of_field("code", "is one of Clausum's lists")
        if not form.is_valid():
            return self.show(feed, file_form=form, status=422)
        with unit_of_work():
            version_id = receive_version(
                actor=self.actor,
                feed_id=feed.id,
                content=form.cleaned_data["file"],
                as_of=form.cleaned_data["as_of"] or self.now.date(),
                is_fetched=False,
                now=self.now,
            )
        received, known = _("El archivo se recibió; entra en vigor en cuanto se lea."), _("Ese archivo ya se tenía.")
        self.say(received if version_id else known)
        return self.redirect("feed", code=code)


class FeedSwitchPage(FeedPages):
    """Subscribes to a list, or unsubscribes."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Set the state that `state` names; sent twice, nothing more happens.

        Raises FeedNotFound, ValidationFailed, Forbidden.
        """
        self.find(code)
        state = request.POST.get("state")
        if state not in {"on", "off"}:
            raise ValidationFailed.of_field("state", "must be on or off")
        with unit_of_work():
            switch_feed(actor=self.actor, code=code, is_on=state == "on", modules=self.modules, now=self.now)
        said: Text = _("La lista quedó activa desde el siguiente pago.")
        self.say(said if state == "on" else _("La lista quedó desactivada desde el siguiente pago."))
        return self.go_back("feeds")


class FeedRefreshPage(FeedPages):
    """Asks for a list to be fetched now."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Let the worker fetch it. Raises FeedNotFound, Forbidden."""
        try:
            with unit_of_work():
                ask_refresh(actor=self.actor, code=code, modules=self.modules, now=self.now)
        except NotFetched:
            self.say(_("Esta lista no tiene dirección o está desactivada."), is_failure=True)
        else:
            self.say(_("Se pidió la lista; la versión nueva aparece aquí en cuanto llegue."))
        return self.redirect("feed", code=code)


class FeedReviewPage(FeedPages):
    """A person's word on a version that was held."""

    def post(self, request: HttpRequest, code: str, version_id: uuid.UUID) -> HttpResponse:
        """Approve or discard it as `word` says. Raises FeedNotFound, VersionNotFound, ValidationFailed."""
        self.find(code)
        word = request.POST.get("word")
        if word not in {"approve", "discard"}:
            raise ValidationFailed.of_field("word", "must be approve or discard")
        is_approved = word == "approve"
        with unit_of_work():
            is_heard = review_version(
                actor=self.actor, code=code, version_id=version_id, is_approved=is_approved, now=self.now
            )
        if not is_heard:
            self.say(_("Esa versión ya no estaba por revisar."), is_failure=True)
        else:
            self.say(_("La versión entra en vigor en cuanto se lea.") if is_approved else _("La versión se descartó."))
        return self.redirect("feed", code=code)
