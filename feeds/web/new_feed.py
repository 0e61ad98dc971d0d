"""`/dashboard/protection/threat-lists/new`: a list of the organization's own."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import Forbidden, ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from feeds.rules.known_sources import KNOWN_SOURCES
from feeds.services.add_feed import DuplicateFeed, add_feed
from feeds.services.receive_version import receive_version
from feeds.web.feeds import FeedPages
from feeds.web.forms import NewFeedForm
from feeds.web.words import REFUSALS_OF_FORMS

_FIELDS = ("kind", "title", "source", "url", "licence", "schedule_hours", "stale_after_days")


class NewFeedPage(FeedPages):
    """Adds a list, from an address or from a file."""

    permission = {"GET": "feeds:write", "POST": "feeds:write"}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form, filled in with the known source that `?source=` names."""
        known = KNOWN_SOURCES.get(request.GET.get("source", ""))
        initial = {name: getattr(known, name) for name in _FIELDS} if known else {}
        return self._show(NewFeedForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add what was sent, its file too; sent twice, the second time says that it is there."""
        form = NewFeedForm(request.POST, request.FILES)
        code = self._add(form) if form.is_valid() else None
        if code is None:
            return self._show(form, status=422)
        self.say(_("La lista quedó agregada; cuenta desde que se lea."))
        return self.redirect("feed", code=code)

    def _add(self, form: NewFeedForm) -> str | None:
        try:
            with unit_of_work():
                feed_id, code = add_feed(actor=self.actor, feed=form.read_feed(), modules=self.modules, now=self.now)
                if form.cleaned_data["file"]:
                    receive_version(
                        actor=self.actor,
                        feed_id=feed_id,
                        content=form.cleaned_data["file"],
                        as_of=form.cleaned_data["as_of"] or self.now.date(),
                        is_fetched=False,
                        now=self.now,
                    )
        except DuplicateFeed:
            form.add_error("title", _("Ya hay una lista con este nombre o esta dirección."))
            return None
        except (ValidationFailed, Forbidden) as refusal:
            add_error(form, refusal, texts=REFUSALS_OF_FORMS)
            return None
        return code

    def _show(self, form: NewFeedForm, *, status: int = 200) -> HttpResponse:
        known = [] if self.describe()["is_locked"] else list(KNOWN_SOURCES.items())
        context = self.describe() | {"form": form, "known": known, "steps": self.list_steps(_("Agregar lista"))}
        return self.render("feeds/new.html", context, status=status)
