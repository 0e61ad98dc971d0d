"""A backtest's tables to take away."""

import uuid
from collections.abc import Callable, Iterator, Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from assess.backtests.figures import list_cells
from assess.queries import get_backtest
from assess.services.request_backtest import export_backtest
from assess.types import BacktestState
from assess.web.backtests.listing import BacktestPages
from assess.web.backtests.result import DEFAULT_MINUTES
from assess.web.backtests.rows import Result
from assess.web.backtests.words import SEGMENT_KINDS
from core.errors import NotFound, ValidationFailed
from core.money import to_major
from core.unit_of_work import unit_of_work
from core.web.csv_files import answer_with_csv

type Rows = Iterator[Sequence[object]]


class BacktestExportPage(BacktestPages):
    """Sends one table as a file."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, backtest_id: uuid.UUID) -> HttpResponseBase:
        """Return the table that `table` names, and tell the trail. Raises NotFound, ValidationFailed."""
        row = get_backtest(**self.actor.scope, backtest_id=backtest_id)
        if row.state != BacktestState.DONE.value:
            raise NotFound
        table = request.POST.get("table", "")
        if table not in _TABLES:
            raise ValidationFailed.of_field("table", f"must be one of {', '.join(_TABLES)}")
        with unit_of_work():
            export_backtest(actor=self.actor, backtest_id=row.id, table=table, now=self.now)
        rows = _TABLES[table](Result(row, minutes=DEFAULT_MINUTES))
        return answer_with_csv(list(rows), name=f"backtest-{table}-{row.created_at:%Y-%m-%d}.csv")


def _write_moves(result: Result) -> Rows:
    yield _("Antes"), _("Después"), _("Etiqueta"), _("Moneda"), _("Pagos"), _("Importe")
    for cell in list_cells(result.tally):
        amount = to_major(amount_minor=cell.amount_minor, currency=cell.currency)
        yield cell.before, cell.after, cell.label, cell.currency, cell.payments, amount


def _write_payments(result: Result) -> Rows:
    yield (
        "transaction_id", _("Flujo"), _("Importe"), _("Moneda"), _("Antes"), _("Después"), _("Puntaje antes"),
        _("Puntaje después"), _("Etiqueta"),
    )  # fmt: skip
    for name, kept in result.tally.samples.items():
        move, _bar, currency = name.partition("|")
        before, _arrow, after = move.partition(">")
        for each in sorted(kept, reverse=True):
            amount = to_major(amount_minor=each.amount_minor, currency=currency)
            yield (
                each.transaction_id, each.flow, amount, currency, before, after, each.score_before, each.score_after,
                each.label,
            )  # fmt: skip


def _write_segments(result: Result) -> Rows:
    yield _("Segmento"), _("Valor"), _("Pagos"), _("Más severos"), _("Menos severos"), _("Fraude"), _("Legítimos")
    for kind, label in SEGMENT_KINDS.items():
        for row in result.list_segment_rows(kind):
            count = row.count
            yield (
                label, row.value, count.payments, count.heavier, count.lighter, count.heavier_fraud, count.heavier_good
            )  # fmt: skip


def _write_rules(result: Result) -> Rows:
    yield _("Regla"), _("Nombre"), _("Coincidencias"), _("No se supo"), _("Fraude"), _("Legítimos"), _("Sin etiqueta")
    for rule in result.list_rules():
        count = rule.count
        yield rule.code, rule.name, count.hits, count.unknown, count.fraud, count.good, count.unlabelled


def _write_scores(result: Result) -> Rows:
    yield _("Flujo"), _("Puntaje"), _("Antes"), _("Después")
    for drawn in result.list_histograms():
        for step, before, after in drawn["rows"]:
            yield drawn["flow"], step, before, after


_TABLES: dict[str, Callable[[Result], Rows]] = {
    "moves": _write_moves,
    "payments": _write_payments,
    "segments": _write_segments,
    "rules": _write_rules,
    "scores": _write_scores,
}
