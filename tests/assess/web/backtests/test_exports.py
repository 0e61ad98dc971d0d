"""The tables of a backtest, taken away."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.test import Client

from assess.backtests.tally import SCORES, Label, encode_tally
from assess.models import Backtest
from assess.policy import default_policy, encode_policy
from events.models import Event
from tests.assess.backtests.test_tally import count as count_moves
from tests.assess.backtests.test_tally import make_move
from tests.assess.conftest import Caller
from tests.assess.test_custom_rules import make_rule
from tests.factories.accounts import make_member
from tests.factories.backtests import make_backtest
from tests.factories.pages import sign_in_as
from transactions.types import Decision, Flow

pytestmark = pytest.mark.django_db
ROOT = "/dashboard/simulation/backtests"


@pytest.fixture
def browser(bank: Caller) -> Client:
    return sign_in_as(make_member(organization=bank.organization))


FIRST, SECOND, THIRD = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
TABLES = {
    "moves": [
        ["Antes", "Después", "Etiqueta", "Moneda", "Pagos", "Importe"],
        ["approve", "review", "fraud", "MXN", "2", "500.50"],
        ["decline", "approve", "good", "JPY", "1", "900"],
    ],
    "payments": [
        ["transaction_id", "Flujo", "Importe", "Moneda", "Antes", "Después", "Puntaje antes", "Puntaje después",
         "Etiqueta"],
        [SECOND, "payout", "350.50", "MXN", "approve", "review", "0", "30", "fraud"],
        [FIRST, "payout", "150.00", "MXN", "approve", "review", "0", "30", "fraud"],
        [THIRD, "payin", "900", "JPY", "decline", "approve", "90", "0", "good"],
    ],
    "segments": [
        ["Segmento", "Valor", "Pagos", "Más severos", "Menos severos", "Fraude", "Legítimos"],
        ["Flujo", "Pagos salientes", "2", "2", "0", "2", "0"],
        ["Flujo", "Cobros", "1", "0", "1", "0", "0"],
    ],
    "rules": [
        ["Regla", "Nombre", "Coincidencias", "No se supo", "Fraude", "Legítimos", "Sin etiqueta"],
        ["0000000a", "Regla de prueba", "3", "1", "2", "1", "0"],
        ["0000000b", "Otra regla", "0", "0", "0", "0", "0"],
    ],
}  # fmt: skip


def make_counted_backtest(caller: Caller) -> Backtest:
    """Insert a backtest of two payouts and a pay-in, with two rules, one of which met nothing."""
    heavier: dict[str, Any] = {"label": Label.FRAUD, "segments": (("flow", "payout"),), "met": ("0000000a",)}
    lighter: dict[str, Any] = {
        "label": Label.GOOD,
        "segments": (("flow", "payin"),),
        "met": ("0000000a",),
        "flow": Flow.PAYIN,
    }
    counted = count_moves(
        make_move(transaction_id=FIRST, amount_minor=15_000, **heavier),
        make_move(transaction_id=SECOND, amount_minor=35_050, untold=("0000000a",), **heavier),
        make_move(
            Decision.DECLINE, Decision.APPROVE, transaction_id=THIRD, amount_minor=900, currency="JPY", **lighter
        ),
    )
    rules = [make_rule("0000000a", name="Regla de prueba"), make_rule("0000000b", name="Otra regla")]
    document = encode_policy(default_policy()) | {"rules": rules}
    return make_backtest(organization=caller.organization, document=document, result=encode_tally(counted))


def export(browser: Client, row: Backtest, table: str) -> list[list[str]]:
    answer = browser.post(f"{ROOT}/{row.id}/export", {"table": table})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_taken_out_as_csv_and_the_trail_says_so(bank: Caller, browser: Client, table: str) -> None:
    row = make_counted_backtest(bank)
    assert export(browser, row, table) == TABLES[table]
    event = Event.unscoped.get(kind="backtest.exported")
    assert (event.payload["table"], event.subject_id) == (table, str(row.id))


def test_the_scores_of_each_flow_are_taken_out_as_csv(bank: Caller, browser: Client) -> None:
    heading, *rows = export(browser, make_counted_backtest(bank), "scores")
    assert heading == ["Flujo", "Puntaje", "Antes", "Después"]
    assert len(rows) == 2 * SCORES
    assert [row for row in rows if row[2:] != ["0", "0"]] == [
        ["Cobros", "0 – 4", "0", "1"],  # noqa: RUF001  a dash
        ["Cobros", "90 – 94", "1", "0"],  # noqa: RUF001  a dash
        ["Pagos salientes", "0 – 4", "2", "0"],  # noqa: RUF001  a dash
        ["Pagos salientes", "30 – 34", "0", "2"],  # noqa: RUF001  a dash
    ]


def test_a_table_that_is_unknown_or_of_a_stranger_is_not_taken_out(
    bank: Caller, stranger: Caller, browser: Client
) -> None:
    row, theirs = make_counted_backtest(bank), make_counted_backtest(stranger)
    running = make_backtest(organization=bank.organization, state="running", result=None)
    assert browser.post(f"{ROOT}/{row.id}/export", {"table": "people"}).status_code == 400
    for other in (theirs, running):
        assert browser.post(f"{ROOT}/{other.id}/export", {"table": "moves"}).status_code == 404
    assert not Event.unscoped.filter(kind="backtest.exported").exists()
