"""What came of a backtest: its figures, the payments behind each, and one payment before and after."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from assess.backtests import figures
from assess.models import Backtest
from assess.queries import get_backtest
from assess.services.request_backtest import BacktestChanged, rename_backtest
from assess.types import BacktestState
from assess.web.backtests.forms import BacktestNameForm, MinutesForm
from assess.web.backtests.listing import BacktestPages, BacktestRow
from assess.web.backtests.payments import PaymentNotTried, compare_payment, compare_payments
from assess.web.backtests.rows import SHOWN_RULES, Result, SampleRow
from assess.web.backtests.words import say_move
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from core.web.paging import read_page
from jobs.queries import get_job
from jobs.registry import find_kind
from jobs.web.rows import JobRow
from transactions.types import Decision

DEFAULT_MINUTES = 6


class BacktestPage(BacktestPages):
    """One backtest: on its way, or what came of it."""

    def get(self, request: HttpRequest, backtest_id: uuid.UUID) -> HttpResponse:
        """Show it. Raises BacktestNotFound."""
        row = get_backtest(**self.actor.scope, backtest_id=backtest_id)
        context = {"shown": BacktestRow(row), "row": row, "steps": self.list_steps((row.name, ""))}
        if row.state != BacktestState.DONE.value:
            return self.show("backtests/waiting.html", context | self._follow(row))
        form = MinutesForm(request.GET if "minutes" in request.GET else None)
        result = Result(row, minutes=_read_minutes(form))
        context |= {
            "result": result,
            "figures": result.figures,
            "minutes_form": form,
            "name_form": BacktestNameForm(initial={"name": row.name, "revision": row.revision}),
            "decisions": list(Decision),
            "rules": result.list_rules()[:SHOWN_RULES],
            "further_rules": max(len(result.policy.rules) - SHOWN_RULES, 0),
        }
        return self.show("backtests/result.html", context)

    def _follow(self, row: Backtest) -> dict[str, Any]:
        """Return what the page of the job says of it."""
        job = get_job(**self.actor.scope, job_id=row.job_id)
        kind = find_kind(job.kind)
        return {"job_row": JobRow(job, kind, self.now) if kind else None}


def _read_minutes(form: MinutesForm) -> int:
    if not form.is_bound or not form.is_valid():
        return DEFAULT_MINUTES
    return form.cleaned_data["minutes"] or DEFAULT_MINUTES


class BacktestNamePage(BacktestPages):
    """Gives it another name."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, backtest_id: uuid.UUID) -> HttpResponse:
        """Keep the name. Raises BacktestNotFound."""
        row = get_backtest(**self.actor.scope, backtest_id=backtest_id)
        form = BacktestNameForm(request.POST)
        try:
            is_kept = form.is_valid() and self._rename(row, form)
        except BacktestChanged as stale:
            return self._show_both(row, stale)
        if not is_kept:
            context = {"form": form, "row": row, "steps": self.list_steps((row.name, ""))}
            return self.show("backtests/name.html", context, status=422)
        self.say(_("El backtest quedó con su nuevo nombre."))
        return self.redirect("backtest", backtest_id=row.id)

    def _rename(self, row: Backtest, form: BacktestNameForm) -> bool:
        given = form.cleaned_data
        try:
            with unit_of_work():
                rename_backtest(
                    actor=self.actor,
                    backtest_id=row.id,
                    name=given["name"],
                    revision=given["revision"],
                    now=self.now,
                )
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return False
        return True

    def _show_both(self, row: Backtest, stale: BacktestChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [
            (str(BacktestNameForm.base_fields[name].label), both["theirs"], both["yours"])
            for name, both in versions.items()
        ]
        back = reverse("backtest", kwargs={"backtest_id": row.id})
        steps = self.list_steps((row.name, back), (_("Alguien lo cambió antes"), ""))
        return self.show("errors/conflict.html", {"rows": rows, "back": back, "steps": steps}, status=409)


class BacktestCellPage(BacktestPages):
    """The greatest payments of one cell of the matrix, each with what made the difference."""

    def get(self, request: HttpRequest, backtest_id: uuid.UUID, before: str, after: str) -> HttpResponse:
        """List them by currency, the greatest first. Raises BacktestNotFound."""
        row = get_backtest(**self.actor.scope, backtest_id=backtest_id)
        if row.state != BacktestState.DONE.value or not {before, after} <= {each.value for each in Decision}:
            raise Http404
        move = Decision(before), Decision(after)
        result = Result(row, minutes=DEFAULT_MINUTES)
        kept = [
            SampleRow(sample, currency)
            for currency, samples in figures.list_samples(result.tally, *move).items()
            for sample in samples
        ]
        rows, pages = read_page(request.GET, lambda limit, offset: (kept[offset : offset + limit], len(kept)))
        with unit_of_work():
            compared = compare_payments(self.actor, row, rows)
        context = {
            "row": row,
            "move": say_move(*move),
            "is_changed": move[0] is not move[1],
            "total": figures.make_matrix(result.tally)[move],
            "kept": len(kept),
            "rows": compared,
            "pages": pages,
            "steps": self.list_steps((row.name, self._link(row)), (say_move(*move), "")),
        }
        return self.show("backtests/cell.html", context)

    def _link(self, row: Backtest) -> str:
        return reverse("backtest", kwargs={"backtest_id": row.id})


class BacktestPaymentPage(BacktestPages):
    """One payment: what was decided, what would be, and why."""

    def get(self, request: HttpRequest, backtest_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
        """Score it again under both. Raises BacktestNotFound; 404 for a payment that was not tried."""
        row = get_backtest(**self.actor.scope, backtest_id=backtest_id)
        try:
            with unit_of_work():
                payment = compare_payment(self.actor, row, transaction_id)
        except PaymentNotTried:
            raise Http404 from None
        link = reverse("backtest", kwargs={"backtest_id": row.id})
        steps = self.list_steps((row.name, link), (_("Pago"), ""))
        return self.show("backtests/payment.html", {"row": row, "payment": payment, "steps": steps})
