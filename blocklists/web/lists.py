"""`/dashboard/protection/blocklists`: the values that are not to be trusted, whoever put them there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.web.admission import MemberPage
from blocklists.finding import MOST_FOUND
from blocklists.queries import count_entries, list_entries
from blocklists.types import EntryFacts, EntryFilter, EntryState
from blocklists.web.bulk_forms import BulkForm
from blocklists.web.entry_rows import EntryRow, make_entry_rows
from blocklists.web.list_forms import EntryFilterForm
from core.web.paging import read_page

READ = "blocklists:read"
ADD = "blocklists:add"
EDIT = "blocklists:edit"


class ListPages(MemberPage):
    """What the pages of the lists share."""

    is_base = True

    def list_steps(self, *further: tuple[str, str]) -> list[dict[str, str]]:
        """Return the way here: Protección, the lists, and what is further on; the last is no link."""
        steps = [{"label": _("Protección")}, {"label": _("Listas"), "href": reverse("lists")}]
        steps += [{"label": label, "href": href} for label, href in further]
        return [*steps[:-1], {"label": steps[-1]["label"]}]

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page, which knows the time and what its reader may do."""
        shared = {
            "now": self.now,
            "zone": self.member.organization.timezone,
            "can_add": self.actor.can(ADD),
            "can_edit": self.actor.can(EDIT),
        }
        return self.render(template, shared | context, status=status)


class ListsPage(ListPages):
    """The entries of the environment that was chosen."""

    permission = READ
    _total = 0

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the newest first; a filter that cannot be is told beside its field."""
        form = EntryFilterForm(request.GET)
        if not form.is_valid():
            return self._show(form, [], {}, status=422)

        def fetch(limit: int, offset: int) -> tuple[tuple[EntryFacts, ...], int]:
            return self._list(form.read_filter(now=self.now, limit=limit, offset=offset))

        entries, pages = read_page(request.GET, fetch, kept=form.keep(), most=MOST_FOUND)
        more = {"pages": pages, "kept": form.keep(), "total": _say_count(self._total), "bulk": self._make_bulk_form()}
        if form.cleaned_data["search"] and self._total > MOST_FOUND:
            more["cut"] = say_cut()
        return self._show(form, make_entry_rows(entries, actor=self.actor, now=self.now), more)

    def _make_bulk_form(self) -> BulkForm:
        return BulkForm(zone=self.member.organization.timezone, now=self.now, auto_id="bulk_%s")

    def _list(self, wanted: EntryFilter) -> tuple[tuple[EntryFacts, ...], int]:
        page = list_entries(**self.actor.scope, wanted=wanted, most=MOST_FOUND + 1)
        self._total = page.total
        return page.entries, page.total

    def _show(
        self, form: EntryFilterForm, rows: list[EntryRow], more: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        chosen = form.list_chosen() if form.is_valid() else []
        context = {
            "form": form,
            "rows": rows,
            "chips": [(label, said, form.make_query(without=name)) for name, label, said in chosen],
            "tabs": self._list_tabs(form),
            "is_filtered": any(self.request.GET.get(name) for name in form.fields),
            "steps": self.list_steps(),
        }
        return self.show("lists/list.html", context | more, status=status)

    def _list_tabs(self, form: EntryFilterForm) -> list[dict[str, Any]]:
        wanted = EntryFilter(state=EntryState.REVIEW, at=self.now)
        waiting = count_entries(**self.actor.scope, wanted=wanted, most=MOST_FOUND + 1)
        here, is_review = reverse("lists"), form.data.get("state") == EntryState.REVIEW.value
        return [
            {"label": _("Todas"), "href": here, "is_current": not is_review},
            {
                "label": _("Por revisar"),
                "href": f"{here}?state={EntryState.REVIEW.value}",
                "is_current": is_review,
                "count": _say_count(waiting),
            },
        ]


def _say_count(count: int) -> str:
    """Return a number that was counted up to one more than may be told."""
    return _("más de %(total)s") % {"total": f"{MOST_FOUND:,}"} if count > MOST_FOUND else f"{count:,}"


def say_cut() -> str:
    """Return what is to be known of a search that finds more than it looks for."""
    return _("La búsqueda encuentra más de %(most)s: puede haber entradas que no están aquí. Use además un filtro.") % {
        "most": f"{MOST_FOUND:,}"
    }
