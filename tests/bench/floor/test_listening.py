"""Hearing what code says to psycopg, and saying it again: the same on the wire."""

import uuid
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction

from bench.errors import BenchError
from bench.floor.comparing import Take, make_steps
from bench.floor.listening import Protocol, taking_down
from bench.floor.recording import check
from bench.floor.repeating import Repeater, connect
from bench.floor.scripts import Script, decode_scripts, encode_scripts
from bench.floor.wire import listening, read_trace
from core.clock import read_clock
from core.sql import Statement, run_statement, run_statements
from tests.web import database_url

pytestmark = pytest.mark.django_db(transaction=True)

ONE = "SELECT %(given)s::int + 1"
INSERT = "INSERT INTO accounts_ratewindow (subject, began_at, ends_at, calls) VALUES (%(id)s, %(at)s, %(at)s, 1)"


def speak() -> None:
    """Say what an assessment says, in small: a look-up, then a transaction of two round trips."""
    run_statement(Statement(ONE, {"given": 1}))
    with transaction.atomic(durable=True):
        run_statements([Statement(ONE, {"given": 2}), Statement(ONE, {"given": 3})])
        run_statement(Statement(INSERT, {"id": str(uuid.uuid4()), "at": read_clock()}))


def take_down(action: Callable[[], None]) -> Protocol:
    with taking_down() as protocol:
        action()
    return protocol


@pytest.fixture
def script() -> Script:
    connection.ensure_connection()
    for _ in range(3):
        speak()
    takes = [Take(take_down(speak).said, "a", read_clock()) for _ in range(2)]
    steps = make_steps(*takes)
    assert steps is not None
    with listening(connection.connection.pgconn) as round_trips:
        speak()
    return Script(flow="payout", steps=steps, answer=b"{}", round_trips=round_trips)


def test_every_call_is_heard_in_its_order(script: Script) -> None:
    assert [step.name for step in script.steps] == [
        "execute", "fetch", "autocommit", "open", "execute", "execute", "close", "fetch", "fetch", "execute", "commit",
        "autocommit",
    ]  # fmt: skip
    assert [step.place for step in script.steps if step.name == "fetch"] == [0, 1, 2]
    assert [step.is_on for step in script.steps if step.name == "autocommit"] == [False, True]


def test_psycopg_is_left_as_it_was() -> None:
    before = psycopg.Cursor.execute
    take_down(lambda: None)
    assert psycopg.Cursor.execute is before


def test_a_script_survives_its_file(script: Script) -> None:
    assert decode_scripts(encode_scripts([script])) == [script]


def test_a_repetition_says_the_same_on_the_wire_and_writes_a_row_of_its_own(script: Script) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_ratewindow")
        before = cursor.fetchone()[0]
    check(script, database_url())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT subject) FROM accounts_ratewindow")
        assert cursor.fetchone() == (before + 3, before + 3)


def test_a_repetition_that_says_something_else_stops_the_run(script: Script) -> None:
    shorter = Script(flow="payout", steps=script.steps[:2], answer=b"", round_trips=script.round_trips)
    with pytest.raises(BenchError, match=r"the floor says \[1\] where"):
        check(shorter, database_url())


def test_each_statement_can_be_timed_alone(script: Script) -> None:
    with connect(database_url()) as link:
        link.set_autocommit(False)
        timed = list(Repeater(script).time(link))
        link.rollback()
    assert [sql for sql, _ in timed] == [ONE.encode()] * 3 + [INSERT.encode()]
    assert min(milliseconds for _, milliseconds in timed) > 0


def test_a_trace_is_read_by_round_trips() -> None:
    log = "F\t9\tParse\t x\nF\t9\tExecute\t x\nF\t9\tExecute\nB\t5\tReadyForQuery\t I\nF\t9\tQuery\nB\t5\tReadyForQuery\t I\n"
    assert read_trace(log) == [2, 1]
