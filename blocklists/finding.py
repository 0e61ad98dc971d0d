"""Which entries a list shows: its filters, and a search that answers from indexes among a million (decision 0040)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from blocklists.rules.review import EXPIRING_SOON, REVIEWED_AFTER, REVIEWED_BEFORE
from blocklists.rules.searching import Search, read_search
from blocklists.types import EntryFilter, EntryState, ListType
from core.environments import Environment
from core.sql import Parameters, Statement, run_statement

MOST_FOUND = 10_000
"""What one end of a value finds at most; whoever finds more has to say more."""
SEARCHED_WHOLE = 10_000
"""So many of the newest entries are searched anywhere in value and reason, the older ones at the ends of the value."""

_STATES = {
    EntryState.IN_FORCE: "e.is_active AND (e.expires_at IS NULL OR e.expires_at > %(at)s)",
    EntryState.OFF: "NOT e.is_active",
    EntryState.EXPIRED: "e.is_active AND e.expires_at <= %(at)s",
    EntryState.EXPIRING: "e.is_active AND e.expires_at > %(at)s AND e.expires_at <= %(soon)s",
    EntryState.REVIEW: "e.is_active AND e.expires_at > %(review_from)s AND e.expires_at <= %(review_until)s",
}
# True of every entry: it opens the indexes of the lists, which an assessment must not be given (docs/decisions/0054).
_LISTED = "e.created_at >= '2000-01-01 00:00:00+00'::timestamptz"
_EQUAL = ("list_type", "severity", "source", "flow_scope", "is_active")

# Comparisons of bytes, as the indexes have them, and not LIKE: what stands in a parameter then needs no escape, and
# the plan does not depend on it. chr(1114111) is the last character that there is. The indexes hold values in lower
# case, whatever a type does with it, and so look too unlike the one of the assessments to be taken in its place.
_BEGINS = """lower(e.value) ~>=~ lower(%({name})s::text)
    AND lower(e.value) ~<~ (lower(%({name})s::text) || chr(1114111))"""
_ENDS = """reverse(lower(e.value)) ~>=~ reverse(lower(%({name})s::text))
    AND reverse(lower(e.value)) ~<~ (reverse(lower(%({name})s::text)) || chr(1114111))"""

_ALL = """
SELECT e.id FROM blocklists_blocklistentry e WHERE {conditions}
ORDER BY e.created_at DESC, e.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
_AFTER = "(e.created_at, e.id) < (%(after_at)s, %(after_id)s)"
_COUNT = """
SELECT count(*) FROM (SELECT FROM blocklists_blocklistentry e WHERE {conditions} LIMIT %(most)s) counted
"""
_ARM = """(SELECT e.id, e.created_at FROM blocklists_blocklistentry e WHERE {conditions} LIMIT %(most_found)s)"""
_ANYWHERE = """(SELECT n.id, n.created_at FROM (
    SELECT e.id, e.created_at, e.value, e.reason FROM blocklists_blocklistentry e WHERE {conditions}
    ORDER BY e.created_at DESC, e.id DESC LIMIT %(searched_whole)s
) n WHERE n.value ILIKE ANY (%(anywhere)s::text[]) OR n.reason ILIKE %(reason)s::text)"""
_FOUND = """
WITH found AS ({arms})
SELECT (SELECT count(*) FROM found),
    ARRAY(SELECT f.id FROM found f ORDER BY f.created_at DESC, f.id DESC LIMIT %(limit)s OFFSET %(offset)s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of ids, the newest entry first, and how many there are in all; `total` may be cut."""

    ids: list[uuid.UUID]
    total: int


def find_ids(
    *, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter, most: int | None = None
) -> Found:
    """Return the page that is wanted; no more than `most` entries are counted when it is given."""
    conditions, parameters = _read(organization_id, environment, wanted)
    if wanted.search:
        return _search(conditions, parameters, wanted)
    statement = Statement(_ALL.format(conditions=" AND ".join(conditions)), parameters)
    ids = [row[0] for row in run_statement(statement)]
    if 0 < len(ids) < wanted.limit or not (ids or wanted.offset):
        return Found(ids, wanted.offset + len(ids))
    return Found(ids, _count(conditions, parameters, most))


def find_ids_after(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    wanted: EntryFilter,
    after: tuple[datetime, uuid.UUID] | None,
) -> list[uuid.UUID]:
    """Return the next ids after the entry of that moment and id, the newest first; a search has its own pages."""
    conditions, parameters = _read(organization_id, environment, wanted)
    if after is not None:
        conditions, parameters = [*conditions, _AFTER], parameters | {"after_at": after[0], "after_id": after[1]}
    statement = Statement(_ALL.format(conditions=" AND ".join(conditions)), parameters)
    return [row[0] for row in run_statement(statement)]


def count_ids(
    *, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter, most: int | None = None
) -> int:
    """Return how many entries the filter lets through, whatever its page; `most` or more are told as `most`."""
    conditions, parameters = _read(organization_id, environment, wanted)
    if wanted.search:
        return _search(conditions, parameters, wanted).total
    return _count(conditions, parameters, most)


def _read(organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter) -> tuple[list[str], Parameters]:
    parameters: Parameters = {"organization_id": organization_id, "environment": environment.value}
    parameters |= {"limit": wanted.limit, "offset": wanted.offset, **_name_parameters(wanted)}
    return _list_conditions(wanted), parameters


def _count(conditions: list[str], parameters: Parameters, most: int | None) -> int:
    statement = Statement(_COUNT.format(conditions=" AND ".join(conditions)), parameters | {"most": most})
    total: int = run_statement(statement)[0][0]
    return total


def _list_conditions(wanted: EntryFilter) -> list[str]:
    conditions = ["e.organization_id = %(organization_id)s", "e.environment = %(environment)s", _LISTED]
    conditions += [f"e.{name} = %({name})s" for name in _EQUAL if getattr(wanted, name) is not None]
    return conditions + ([_STATES[wanted.state]] if wanted.state else [])


def _name_parameters(wanted: EntryFilter) -> Parameters:
    equal = {name: given for name in _EQUAL if (given := getattr(wanted, name)) is not None}
    return equal | (_name_moments(wanted.at) if wanted.at else {})


def _name_moments(at: datetime) -> Parameters:
    return {
        "at": at,
        "soon": at + EXPIRING_SOON,
        "review_from": at - REVIEWED_AFTER,
        "review_until": at + REVIEWED_BEFORE,
    }


def _search(conditions: list[str], parameters: Parameters, wanted: EntryFilter) -> Found:
    search = read_search(wanted.search, list_types=[wanted.list_type] if wanted.list_type else ListType)
    arms = [_ANYWHERE.format(conditions=" AND ".join(conditions))]
    arms += [_ARM.format(conditions=" AND ".join([*conditions, *ends])) for ends in _list_ends(search)]
    total, ids = run_statement(Statement(_FOUND.format(arms=" UNION ".join(arms)), parameters | _name_search(search)))[
        0
    ]
    return Found(ids, total)


def _list_ends(search: Search) -> Iterator[list[str]]:
    for number, ends in enumerate(search.ends):
        start = [_BEGINS.format(name=f"start_{number}")] if ends.start else []
        end = [_ENDS.format(name=f"end_{number}")] if ends.end else []
        apart = [f"length(e.value) >= %(least_{number})s"] if start and end else []
        yield [*start, *end, *apart]


def _name_search(search: Search) -> Parameters:
    ends = {f"start_{number}": each.start for number, each in enumerate(search.ends) if each.start}
    ends |= {f"end_{number}": each.end for number, each in enumerate(search.ends) if each.end}
    least = {f"least_{number}": len(each.start) + len(each.end) for number, each in enumerate(search.ends)}
    return (
        ends
        | least
        | {
            "anywhere": [_contain(form) for form in search.anywhere],
            "reason": _contain(search.text),
            "most_found": MOST_FOUND + 1,
            "searched_whole": SEARCHED_WHOLE,
        }
    )


def _contain(text: str) -> str:
    """Return the pattern of LIKE for a text that has this one in it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
