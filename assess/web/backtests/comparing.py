"""Up to three backtests side by side."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from assess.queries import list_backtests_named
from assess.types import BacktestState
from assess.web.backtests.listing import BacktestPages, BacktestRow
from assess.web.backtests.result import DEFAULT_MINUTES
from assess.web.backtests.rows import Result

MOST = 3


class BacktestComparisonPage(BacktestPages):
    """The figures of those that `id` names, a column each."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, or say that two or three finished ones are needed."""
        ids = [found for word in request.GET.getlist("id") if (found := _read_id(word)) is not None]
        rows = list_backtests_named(**self.actor.scope, backtest_ids=list(dict.fromkeys(ids))[: MOST + 1])
        done = [row for row in rows if row.state == BacktestState.DONE.value]
        if not 2 <= len(done) <= MOST:
            self.say(_("Elija dos o tres backtests terminados para compararlos."), is_failure=True)
            return self.redirect("backtests")
        shown = [(BacktestRow(row), Result(row, minutes=DEFAULT_MINUTES)) for row in done]
        return self.show("backtests/compare.html", {"shown": shown, "steps": self.list_steps((_("Comparación"), ""))})


def _read_id(word: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(word)
    except ValueError:
        return None
