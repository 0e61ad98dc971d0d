"""Entries on their way into the lists, seen by a process that assesses payments meanwhile."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from accounts.models import Membership, Organization
from blocklists import staging
from blocklists.models import BlocklistEntry
from blocklists.rules.candidates import make_candidates
from blocklists.services import import_events, run_import
from blocklists.statements import make_match_statement
from blocklists.types import PaymentIdentifiers
from core.environments import Environment
from core.sql import Statement, run_statement
from tests.blocklists.factories import NOW
from tests.blocklists.imports import import_file
from tests.factories.accounts import make_member, make_organization

pytestmark = pytest.mark.django_db(transaction=True)

PAYMENT = PaymentIdentifiers(email="buyer@shop.example", ip="203.0.113.9", customer_id="c-1", countries=("MX",))


class Assessor:
    """Another process with its look-up prepared, as long as it lives, by a plan that serves any payment."""

    def __init__(self, link: BaseDatabaseWrapper, organization: Organization) -> None:
        self._cursor = link.cursor()
        statement = make_match_statement(
            organization_id=organization.id,
            environment=Environment.SANDBOX,
            flow="payin",
            candidates=make_candidates(flow="payin", payment=PAYMENT),
            at=NOW,
        )
        names = list(statement.parameters)
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement.sql)
        self._cursor.execute("SET plan_cache_mode = force_generic_plan")
        self._cursor.execute(f"PREPARE match ({', '.join(['unknown'] * len(names))}) AS {numbered}")
        values = sql.SQL(", ").join([sql.Literal(str(value)) for value in statement.parameters.values()])
        call = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE match ({})").format(values)
        self._call = call.as_string(self._cursor.connection)

    def look(self) -> dict[str, int]:
        """Return by what means the table of entries is read, and how many blocks each of them took."""
        self._cursor.execute(self._call)
        nodes = _walk(self._cursor.fetchone()[0][0]["Plan"])
        return {
            node.get("Index Name", node["Node Type"]): node["Shared Hit Blocks"] + node["Shared Read Blocks"]
            for node in nodes
            if node.get("Relation Name") == BlocklistEntry._meta.db_table or "Index Name" in node
        }


def _walk(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _walk(child))]


@pytest.fixture
def member(db: None) -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def assessor(member: Membership) -> Iterator[Assessor]:
    link = connection.copy()
    with closing(link):
        yield Assessor(link, member.organization)


def test_an_import_that_is_not_in_force_yet_is_not_read_through_by_payments(
    member: Membership, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan made while the lists were short reads them whole: it must go while the entries are on their way."""
    import_file(member, "a@b.example\nc@d.example\n")
    run_statement(Statement("ANALYZE blocklists_blocklistentry", {}))
    assert list(assessor.look()) == ["Seq Scan"]
    looks: list[dict[str, int]] = []

    def put_in(*args: Any, **how: Any) -> tuple[int, int, int]:
        if how["portion"]:
            looks.append(assessor.look())
        return _put_in(*args, **how)

    def record_applied(**how: Any) -> None:
        looks.append(assessor.look())
        _record_applied(**how)

    _put_in, _record_applied = staging.put_in, import_events.record_applied
    monkeypatch.setattr(run_import, "put_in", put_in)
    monkeypatch.setattr(run_import, "record_applied", record_applied)
    monkeypatch.setattr(run_import, "STEP_ROWS", 5_000)
    import_file(member, "".join(f"user{place}@mail.example\n" for place in range(20_000)))
    assert [list(look) for look in looks] == [["blocklist_entry_once"]] * 4
    assert max(look["blocklist_entry_once"] for look in looks) < 100
