"""Statements timed one by one."""

import pytest

from bench.floor.scripts import Plain, Script, Step
from bench.profiling.timing import BARE, describe, time_statements
from tests.web import database_url


@pytest.mark.django_db(transaction=True)
def test_each_statement_of_the_scripts_has_a_mean_and_leaves_nothing() -> None:
    write = Step("execute", b"CREATE TABLE left_behind ()")
    read = Step("execute", b"SELECT %(given)s::int FROM pg_class LIMIT 1", {"given": Plain(1)})
    script = Script(flow="payin", steps=[write, read, read], answer=b"", round_trips=[], syncs=[])
    timed = time_statements([script, script], database_url())
    assert [name for name, _ in timed] == [
        BARE,
        "`CREATE TABLE left_behind ()`",
        "`SELECT %(given)s::int FROM pg_class LIMIT 1`",
    ]
    assert min(milliseconds for _, milliseconds in timed) > 0


def test_a_statement_is_named_by_its_table_and_its_beginning() -> None:
    assert describe(b"\nSELECT  e.name\nFROM transactions_identityevent e") == (
        "transactions_identityevent: `SELECT e.name FROM transactions_identityevent e…`"
    )
    assert describe(b"SAVEPOINT a") == "`SAVEPOINT a`"
