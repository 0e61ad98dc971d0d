"""Round trips: blocks, transactions, failures, and a server that says nothing."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction

from core.clock import read_monotonic_ms
from core.sql import Statement, place_of, read_again_if_lost, run_blocks, run_statement, run_statements, try_blocks
from core.unit_of_work import UnitOfWorkMisused, make_commit_statements, unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def table(transactional_db: None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE trial (n integer PRIMARY KEY)")
    yield "trial"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE trial")


def _insert(n: int) -> Statement:
    return Statement("INSERT INTO trial (n) VALUES (%(n)s)", {"n": n})


def _list() -> list[int]:
    return [row[0] for row in run_statement(Statement("SELECT n FROM trial ORDER BY n", {}))]


def test_each_statement_has_its_rows(table: str) -> None:
    answers = run_statements(
        [_insert(1), Statement("SELECT n, 'x' FROM trial", {}), Statement("SELECT 1 WHERE false", {})]
    )
    assert answers == [[], [(1, "x")], []]


def test_a_moment_in_time_comes_in_utc_however_it_was_written() -> None:
    at = run_statement(Statement("SELECT timestamptz '2026-06-15 20:30:00.000001+02'", {}))[0][0]
    assert (at, at.tzinfo) == (datetime(2026, 6, 15, 18, 30, 0, 1, tzinfo=UTC), UTC)


def test_without_a_transaction_statements_of_a_block_stand_or_fall_together(table: str) -> None:
    with pytest.raises(IntegrityError) as failed:
        run_statements([_insert(1), _insert(2), _insert(1), _insert(3)])
    assert place_of(failed.value) == 2
    assert _list() == []


def test_a_block_that_fails_does_not_keep_the_next_from_running(table: str) -> None:
    answers, error = try_blocks([[_insert(1), Statement("SELECT 1/0", {})], [_insert(2), Statement("SELECT 7", {})]])
    assert isinstance(error, DataError)
    assert place_of(error) == 1
    assert answers == [[], [], [], [(7,)]]
    assert _list() == [2]


def test_a_transaction_begins_with_the_last_block(table: str) -> None:
    with transaction.atomic():
        assert run_blocks([[_insert(1)], [_insert(2), Statement("SELECT 7", {})]]) == [[], [], [(7,)]]
        transaction.set_rollback(True)
    assert _list() == [1]


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_failure_is_told_by_its_place_also_when_a_transaction_begins(table: str, place: int) -> None:
    wrong = Statement("SELECT n FROM nowhere", {})
    blocks = [[_insert(1), _insert(2)], [_insert(3), _insert(4)]]
    blocks[place // 2][place % 2] = wrong
    with pytest.raises(ProgrammingError) as failed, transaction.atomic():
        run_blocks(blocks)
    assert place_of(failed.value) == place


def test_a_unit_of_work_ends_with_the_commit_that_travels(table: str) -> None:
    with unit_of_work():
        run_statements([_insert(1), *make_commit_statements()])
        with psycopg.connect(**_parameters()) as other:
            assert other.execute("SELECT n FROM trial").fetchall() == [(1,)]


def test_a_commit_without_a_unit_of_work_is_a_mistake(table: str) -> None:
    with pytest.raises(UnitOfWorkMisused):
        make_commit_statements()


def test_a_statement_that_failed_while_it_was_prepared_can_be_run_later() -> None:
    late = Statement("SELECT n FROM trial_later", {})
    with pytest.raises(ProgrammingError):
        run_statement(late)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE trial_later (n integer)")
    try:
        assert run_statement(late) == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE trial_later")


def test_what_does_not_fit_the_socket_at_once_arrives() -> None:
    many = [Statement("SELECT length(%(text)s::text)", {"text": "x" * 300_000}) for _ in range(40)]
    assert run_statements(many) == [[(300_000,)]] * 40


def test_large_answers_arrive() -> None:
    many = [Statement("SELECT repeat('x', 1000000)", {}) for _ in range(20)]
    assert sum(len(rows[0][0]) for rows in run_statements(many)) == 20_000_000


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    run_statement(Statement("SELECT 1", {}))
    began = time.monotonic()
    with pytest.raises(OperationalError):
        run_statements([Statement("SELECT pg_sleep(5)", {})], until_ms=read_monotonic_ms() + 100)
    assert time.monotonic() - began < 2
    assert read_again_if_lost(Statement("SELECT 2", {})) == [(2,)]


def test_a_connection_that_was_cut_is_told_and_not_used_again() -> None:
    pid = run_statement(Statement("SELECT pg_backend_pid()", {}))[0][0]
    with psycopg.connect(**_parameters(), autocommit=True) as other:
        threading.Timer(0.2, lambda: other.execute("SELECT pg_terminate_backend(%s)", [pid])).start()
        with pytest.raises(OperationalError):
            run_statements([Statement("SELECT pg_sleep(5)", {}), Statement("SELECT 1", {})])
        assert read_again_if_lost(Statement("SELECT 2", {})) == [(2,)]


def _parameters() -> dict[str, Any]:
    given = connection.settings_dict
    return {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "dbname": given["NAME"],
    }
