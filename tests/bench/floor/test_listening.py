"""Hearing what code says to psycopg, and saying it again: the same on the wire."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from bench.errors import BenchError
from bench.floor.comparing import Take, make_steps
from bench.floor.listening import Protocol, count_round_trips, count_syncs, gives_rows, taking_down
from bench.floor.recording import check
from bench.floor.repeating import Repeater, connect
from bench.floor.scripts import Script, decode_scripts, encode_scripts
from bench.floor.wire import listening, read_trace
from core import sql, sql_exchange
from core.clock import read_clock
from core.sql import Statement, run_blocks, run_statements
from core.unit_of_work import make_commit_statements, unit_of_work
from tests.web import database_url

pytestmark = pytest.mark.django_db(transaction=True)

ONE = "SELECT %(given)s::int + 1"
INSERT = "INSERT INTO accounts_ratewindow (subject, began_at, ends_at, calls) VALUES (%(id)s, %(at)s, %(at)s, 1)"


def speak() -> None:
    """Say what an assessment says, in small: a block that commits by itself beside the first look-ups, then a write."""
    with unit_of_work():
        run_blocks([[Statement(ONE, {"given": 1})], [Statement(ONE, {"given": 2}), Statement(ONE, {"given": 3})]])
        insert = Statement(INSERT, {"id": str(uuid.uuid4()), "at": read_clock()})
        run_statements([insert, *make_commit_statements()])


def take_down(action: Callable[[], None]) -> Protocol:
    with taking_down() as protocol:
        action()
    return protocol


@pytest.fixture
def script() -> Script:
    speak()
    takes = [Take(take_down(speak).said, "a", read_clock()) for _ in range(2)]
    steps = make_steps(*takes)
    assert steps is not None
    said = takes[0].said
    return Script(
        flow="payout", steps=steps, answer=b"{}", round_trips=count_round_trips(said), syncs=count_syncs(said)
    )


def test_every_step_is_heard_in_its_order(script: Script) -> None:
    assert [step.name for step in script.steps] == [
        "open", "execute", "sync", "execute", "execute", "execute", "close", "fetch", "fetch", "fetch",
        "open", "execute", "execute", "close",
    ]  # fmt: skip
    assert [step.place for step in script.steps if step.name == "fetch"] == [0, 2, 3]
    assert (script.round_trips, script.syncs) == ([4, 2], [1, 3, 2])


def test_what_is_said_on_the_wire_is_what_was_heard(script: Script) -> None:
    with listening(connection.connection.pgconn) as syncs:
        speak()
    assert syncs == script.syncs


def test_the_application_s_door_is_left_as_it_was() -> None:
    take_down(lambda: None)
    assert vars(sql)["exchange"] is sql_exchange.exchange


@pytest.mark.parametrize(
    ("text", "has_rows"),
    [
        (" SELECT 1", True),
        ("WITH RECURSIVE a AS (SELECT 1) SELECT 2", True),
        ("INSERT INTO a (b) SELECT 1", False),
        ("INSERT INTO a AS k (b) VALUES (1) ON CONFLICT DO NOTHING RETURNING k.id", True),
        ("WITH e AS (UPDATE a SET b = 1) INSERT INTO c SELECT 1", False),
        ("WITH e AS (INSERT INTO a VALUES (1) RETURNING b) SELECT b FROM e", True),
        ("BEGIN", False),
        ("SAVEPOINT gather", False),
    ],
)
def test_only_what_gives_rows_is_fetched(text: str, has_rows: bool) -> None:
    assert gives_rows(text) is has_rows


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
    steps = [step for step in script.steps if step.name != "sync"]
    shorter = Script(flow="payout", steps=steps, answer=b"", round_trips=[], syncs=script.syncs)
    with pytest.raises(BenchError, match=r"the floor says \[4, 2\] where"):
        check(shorter, database_url())


def test_each_statement_can_be_timed_alone(script: Script) -> None:
    with connect(database_url()) as link:
        link.execute("BEGIN")
        timed = list(Repeater(script).time(link))
        link.rollback()
    assert [sql for sql, _ in timed] == [ONE.encode()] * 3 + [INSERT.encode()]
    assert min(milliseconds for _, milliseconds in timed) > 0


def test_a_trace_is_read_by_syncs() -> None:
    log = "F\t9\tParse\t x\nF\t9\tExecute\t x\nF\t9\tExecute\nF\t4\tSync\nB\t5\tReadyForQuery\t I\nF\t9\tQuery\nB\t5\tReadyForQuery\t I\n"
    assert read_trace(log) == [2, 1]
