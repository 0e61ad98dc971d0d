"""Finding entries among many: what the ends of a value find, and that indexes answer."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organization
from blocklists import finding
from blocklists.queries import count_entries, list_entries
from blocklists.types import EntryFilter, EntrySource, EntryState, ListType
from core.environments import Environment
from core.sql import Statement, run_statement
from core.sql_exchange import Rows
from tests.blocklists.factories import NOW, make_entry
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db

_FILL = """
INSERT INTO blocklists_blocklistentry
    (id, organization_id, environment, list_type, value, flow_scope, severity, reason, source, is_active, created_at)
SELECT gen_random_uuid(), %(organization_id)s, 'sandbox', 'clabe', lpad((n * 7919)::text, 18, '646180'), 'payout',
       'block', '', 'import', true, '2026-01-15 12:00Z'
FROM generate_series(1, 50000) AS n
"""


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _find(organization: Organization, **wanted: Any) -> tuple[list[str], int]:
    page = list_entries(
        organization_id=organization.id, environment=Environment.SANDBOX, wanted=EntryFilter(at=NOW, **wanted)
    )
    return [entry.value for entry in page.entries], page.total


def _count(organization: Organization, *, most: int, **wanted: Any) -> int:
    return count_entries(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        wanted=EntryFilter(at=NOW, **wanted),
        most=most,
    )


def _make_old_and_new(organization: Organization) -> None:
    make_entry(
        organization=organization,
        list_type=ListType.CLABE,
        value="646180115000009034",
        reason="Mula",
        created_at=NOW - timedelta(days=1),
    )
    make_entry(organization=organization, list_type=ListType.DEVICE_FINGERPRINT, value="FP-New", created_at=NOW)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("646 180 115", ["646180115000009034"]),
        ("9034", ["646180115000009034"]),
        ("646180***9034", ["646180115000009034"]),
        ("6461801150000090***1150000090 34", []),
        ("15000009", []),
        ("mula", []),
        ("fp-n", ["FP-New"]),
        ("P-N", ["FP-New"]),
        ("9", []),
        ("%", []),
    ],
)
def test_older_entries_are_found_by_the_ends_of_their_value_only(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, search: str, expected: list[str]
) -> None:
    monkeypatch.setattr(finding, "SEARCHED_WHOLE", 1)
    _make_old_and_new(organization)
    assert _find(organization, search=search) == (expected, len(expected))


def test_what_is_found_twice_is_listed_once_the_newest_first(organization: Organization) -> None:
    for number in range(3):
        make_entry(
            organization=organization,
            list_type=ListType.CUSTOMER_ID,
            value=f"c-{number}-c",
            reason="c",
            created_at=NOW + timedelta(minutes=number),
        )
    assert _find(organization, search="c-") == (["c-2-c", "c-1-c", "c-0-c"], 3)
    assert _find(organization, search="c-", limit=1, offset=1) == (["c-1-c"], 3)
    assert _find(organization, search="c-", limit=1, offset=9) == ([], 3)


def test_a_total_is_right_on_every_page_and_cut_where_it_is_asked_for(organization: Organization) -> None:
    for number in range(3):
        make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value=f"c{number}")
    assert [_find(organization, limit=2, offset=offset)[1] for offset in (0, 2, 4)] == [3, 3, 3]
    assert [_count(organization, most=most) for most in (2, 3, 4)] == [2, 3, 3]
    assert _count(organization, most=2, search="c") == 2
    assert _count(organization, most=9, state=EntryState.OFF) == 0


def test_a_stranger_finds_nothing(organization: Organization) -> None:
    _make_old_and_new(organization)
    stranger = make_organization()
    assert _find(stranger, search="9034") == ([], 0)
    assert _find(stranger) == ([], 0)


def _explain(statement: Statement) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement.sql)))
    given = {name: statement.parameters[name] for name in names}
    (answer,) = run_statement(Statement(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}", given))
    plan = answer[0] if isinstance(answer[0], list) else json.loads(answer[0])
    return _walk(plan[0]["Plan"])


def _walk(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _walk(child))]


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        (
            EntryFilter(search="6461801500"),
            {"blocklist_by_moment", "blocklist_by_start", "blocklist_by_end"},
        ),
        (EntryFilter(source=EntrySource.MANUAL), {"blocklist_by_source"}),
        (EntryFilter(state=EntryState.REVIEW, at=NOW), {"blocklist_by_expiry"}),
        (EntryFilter(), {"blocklist_by_moment"}),
    ],
)
def test_among_fifty_thousand_entries_indexes_answer_and_nothing_is_scanned(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, wanted: EntryFilter, indexes: set[str]
) -> None:
    run_statement(Statement(_FILL, {"organization_id": organization.id}))
    run_statement(Statement("ANALYZE blocklists_blocklistentry", {}))
    sent: list[Statement] = []

    def note(statement: Statement) -> Rows:
        sent.append(statement)
        return run_statement(statement)

    monkeypatch.setattr(finding, "run_statement", note)
    _find(organization, **{name: getattr(wanted, name) for name in ("search", "source", "state")})
    nodes = _explain(sent[0])
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
