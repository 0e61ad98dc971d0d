"""The backtests of an organization, and asking for another one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.web.admission import MemberPage
from assess.models import Backtest
from assess.policies import load_policy
from assess.queries import list_backtests, list_drafts_to_try, list_versions_to_try
from assess.services.policy_drafts import DraftNotFound
from assess.services.request_backtest import MAXIMUM_PAYMENTS, TooManyBacktests, request_backtest
from assess.stored import count_stored
from assess.types import BacktestState, NewBacktest
from assess.web.backtests.forms import NewBacktestForm
from assess.web.backtests.words import STATES, say_baseline, say_tried
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from core.web.paging import read_page

RUN = "simulation:run"


class BacktestPages(MemberPage):
    """What the pages of backtests share."""

    is_base = True
    permission = RUN

    def list_steps(self, *further: tuple[str | Promise, str]) -> list[dict[str, Any]]:
        """Return the way here; the last is no link."""
        steps: list[dict[str, Any]] = [
            {"label": _("Simulación")},
            {"label": _("Backtest"), "href": reverse("backtests")},
        ]
        steps += [{"label": label, "href": href} for label, href in further]
        return [*steps[:-1], {"label": steps[-1]["label"]}]

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page, which knows the time and the zone."""
        shared = {"now": self.now, "zone": self.member.organization.timezone}
        return self.render(template, shared | context, status=status)


class BacktestRow:
    """A backtest as a list shows it."""

    def __init__(self, row: Backtest) -> None:
        self.row = row
        self.tried = say_tried(row)
        self.baseline = say_baseline(row)
        self.state, self.tone = STATES[BacktestState(row.state)]
        self.is_done = row.state == BacktestState.DONE.value

    @property
    def person(self) -> str:
        """Return whoever asked for it."""
        return (self.row.created_by.name or self.row.created_by.email) if self.row.created_by else ""


class BacktestsPage(BacktestPages):
    """Every backtest of the environment that was chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the newest first."""
        rows, pages = read_page(request.GET, self._list)
        context = {
            "rows": rows,
            "pages": pages,
            "can_compare": sum(row.is_done for row in rows) > 1,
            "steps": self.list_steps(),
        }
        return self.show("backtests/list.html", context)

    def _list(self, limit: int, offset: int) -> tuple[list[BacktestRow], int]:
        rows, total = list_backtests(**self.actor.scope, limit=limit, offset=offset)
        return [BacktestRow(row) for row in rows], total


class NewBacktestPage(BacktestPages):
    """Asks for one: it is counted first, where one wishes, and then a worker has it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form, with the draft that `draft` names chosen."""
        draft = request.GET.get("draft", "")
        return self._show(self._make_form(initial={"tried": f"draft:{draft}"} if draft else {}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Say how many payments that are, or have them tried."""
        form = self._make_form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        if request.POST.get("step") == "count":
            return self._show(form, count=self._count(form.make_wanted()))
        row = self._request(form)
        if row is None:
            return self._show(form, status=422)
        self.say(_("El backtest quedó en marcha."))
        return self.redirect("backtest", backtest_id=row.id)

    def _make_form(self, *args: Any, **kwargs: Any) -> NewBacktestForm:
        with unit_of_work():
            load_policy(**self.actor.scope)  # an organization without any gets its first version
        return NewBacktestForm(
            *args,
            drafts=list_drafts_to_try(**self.actor.scope),
            versions=list_versions_to_try(**self.actor.scope),
            timezone=self.member.organization.timezone,
            now=self.now,
            **kwargs,
        )

    def _count(self, wanted: NewBacktest) -> int:
        limit = MAXIMUM_PAYMENTS + 1
        return count_stored(**self.actor.scope, since=wanted.since, until=wanted.until, limit=limit)

    def _request(self, form: NewBacktestForm) -> Backtest | None:
        """Return what was asked for, or None with what is wrong told in the form."""
        try:
            with unit_of_work():
                return request_backtest(
                    actor=self.actor,
                    wanted=form.make_wanted(),
                    timezone=self.member.organization.timezone,
                    now=self.now,
                )
        except (DraftNotFound, TooManyBacktests, ValidationFailed) as refusal:
            _tell(form, refusal)
        return None

    def _show(self, form: NewBacktestForm, *, count: int | None = None, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "count": count,
            "is_too_many": count is not None and count > MAXIMUM_PAYMENTS,
            "most": MAXIMUM_PAYMENTS,
            "steps": self.list_steps((_("Nuevo backtest"), "")),
        }
        return self.show("backtests/new.html", context, status=status)


def _tell(form: NewBacktestForm, refusal: DraftNotFound | TooManyBacktests | ValidationFailed) -> None:
    if isinstance(refusal, DraftNotFound):
        form.add_error("tried", _("Ese borrador ya no existe."))
    elif isinstance(refusal, TooManyBacktests):
        form.add_error(None, _("Ya hay varios backtests en marcha: espere a que termine uno, o cancélelo."))
    else:
        _tell_field(form, refusal)


def _tell_field(form: NewBacktestForm, refusal: ValidationFailed) -> None:
    """Put what the service refuses where it was asked."""
    fields: Any = refusal.details.get("fields", {})
    if "since" in fields:
        form.add_error("period", _("En ese periodo no hay pagos evaluados, o son demasiados. Cuéntelos y elija otro."))
    elif "until" in fields:
        form.add_error("until_date", _("El periodo aún no empieza: elija días que ya pasaron."))
    elif "name" in fields:
        add_error(form, refusal)
    else:
        form.add_error("tried", _("Esa política no se puede probar: %(reason)s") % {"reason": refusal.text})
