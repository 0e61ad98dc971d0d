"""Reads of blocklists."""

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from msgspec.structs import replace

from blocklists.finding import count_ids, find_ids, find_ids_after
from blocklists.models import BlocklistBulkAct, BlocklistEntry, BlocklistHit
from blocklists.types import (
    EntryFacts,
    EntryFilter,
    EntryPage,
    EntrySource,
    EntryTerms,
    FlowScope,
    HitSummary,
    ListType,
    Severity,
)
from core.environments import Environment
from core.errors import NotFound
from core.sql import Statement, run_statement

STREAMED_ROWS = 1_000


class EntryNotFound(NotFound):
    message = "There is no such blocklist entry."


def list_entries(
    *, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter, most: int | None = None
) -> EntryPage:
    """Return one page of the entries, newest first, and the number of all that the filter lets through.

    With `most` no more than these are counted; a search counts no further than `finding.MOST_FOUND` in any case.
    """
    found = find_ids(organization_id=organization_id, environment=environment, wanted=wanted, most=most)
    rows = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id__in=found.ids)
    facts = [make_facts(row) for row in rows.order_by("-created_at", "-id")]
    return EntryPage(entries=tuple(facts), total=found.total)


def stream_entries(
    *, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter
) -> Iterator[list[EntryFacts]]:
    """Yield all entries that the filter lets through, the newest first, a thousand in memory at a time."""
    page = replace(wanted, limit=STREAMED_ROWS, offset=0)
    after = None
    while True:
        ids = _find_next(organization_id, environment, page, after)
        rows = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id__in=ids)
        facts = [make_facts(row) for row in rows.order_by("-created_at", "-id")]
        if not facts:
            return
        yield facts
        after = (facts[-1].created_at, facts[-1].id)
        page = replace(page, offset=page.offset + STREAMED_ROWS) if wanted.search else page


def _find_next(
    organization_id: uuid.UUID, environment: Environment, page: EntryFilter, after: tuple[datetime, uuid.UUID] | None
) -> list[uuid.UUID]:
    if page.search:
        return find_ids(organization_id=organization_id, environment=environment, wanted=page).ids
    return find_ids_after(organization_id=organization_id, environment=environment, wanted=page, after=after)


def list_ids(*, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter) -> list[uuid.UUID]:
    """Return the ids of the first entries that the filter lets through, the newest first, up to its limit."""
    return _find_next(organization_id, environment, wanted, None)


def count_entries(*, organization_id: uuid.UUID, environment: Environment, wanted: EntryFilter, most: int) -> int:
    """Return how many entries the filter lets through, counted up to `most`."""
    return min(count_ids(organization_id=organization_id, environment=environment, wanted=wanted, most=most), most)


def summarize_hits(
    *, organization_id: uuid.UUID, environment: Environment, entry_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, HitSummary]:
    """Return how often each entry was met and when last; an entry never met is left out."""
    hits = BlocklistHit.objects.for_organization(organization_id, environment).filter(entry_id__in=entry_ids)
    counted = hits.values("entry_id").annotate(count=Count("*"), last_at=Max("hit_at"))
    return {row["entry_id"]: HitSummary(count=row["count"], last_at=row["last_at"]) for row in counted}


def get_entry(*, organization_id: uuid.UUID, environment: Environment, entry_id: uuid.UUID) -> EntryFacts:
    """Return the entry; raises EntryNotFound, for another organization's or environment's too."""
    row = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id=entry_id).first()
    if row is None:
        raise EntryNotFound
    return make_facts(row)


def lock_entry(*, organization_id: uuid.UUID, environment: Environment, entry_id: uuid.UUID) -> BlocklistEntry:
    """Return the entry, locked until the end of the transaction; raises EntryNotFound."""
    rows = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id=entry_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise EntryNotFound
    return row


def list_terms(
    *, organization_id: uuid.UUID, environment: Environment, entry_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, EntryTerms]:
    """Return how each of the entries acts; one that is not there is left out."""
    rows = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id__in=entry_ids)
    return {row.id: make_terms(row) for row in rows}


def lock_entries(
    *, organization_id: uuid.UUID, environment: Environment, entry_ids: Collection[uuid.UUID]
) -> list[BlocklistEntry]:
    """Return those of the entries that are there, in the order of their ids, locked until the transaction ends."""
    rows = BlocklistEntry.objects.for_organization(organization_id, environment).filter(id__in=entry_ids)
    return list(rows.order_by("id").select_for_update(of=("self",)))


def get_bulk_act(
    *, organization_id: uuid.UUID, environment: Environment, act_id: uuid.UUID, person_id: uuid.UUID | None
) -> BlocklistBulkAct:
    """Return what that person did to many entries; raises NotFound, for what another did too."""
    return _one(_bulk_acts(organization_id, environment, act_id, person_id))


def lock_bulk_act(
    *, organization_id: uuid.UUID, environment: Environment, act_id: uuid.UUID, person_id: uuid.UUID | None
) -> BlocklistBulkAct:
    """Return what that person did to many entries, locked until the transaction ends; raises NotFound."""
    return _one(_bulk_acts(organization_id, environment, act_id, person_id).select_for_update(of=("self",)))


def _bulk_acts(
    organization_id: uuid.UUID, environment: Environment, act_id: uuid.UUID, person_id: uuid.UUID | None
) -> QuerySet[BlocklistBulkAct]:
    rows = BlocklistBulkAct.objects.for_organization(organization_id, environment)
    return rows.filter(id=act_id, created_by_id=person_id)


def _one(rows: QuerySet[BlocklistBulkAct]) -> BlocklistBulkAct:
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def lock_twin(row: BlocklistEntry) -> BlocklistEntry | None:
    """Return the entry that holds this row's place, itself perhaps, locked until the end of the transaction."""
    return _twins(row, flow_scope=row.flow_scope).select_for_update(of=("self",)).first()


def find_twin(row: BlocklistEntry, *, flow_scope: FlowScope) -> BlocklistEntry | None:
    """Return the other entry that stands where this one would be with another scope, or None."""
    return _twins(row, flow_scope=flow_scope).exclude(id=row.id).first()


def _twins(row: BlocklistEntry, *, flow_scope: str) -> QuerySet[BlocklistEntry]:
    rows = BlocklistEntry.objects.for_organization(row.organization_id, Environment(row.environment))
    return rows.filter(list_type=row.list_type, value=row.value, flow_scope=flow_scope)


def make_facts(row: BlocklistEntry) -> EntryFacts:
    """Return the row as other apps and the API see it."""
    return EntryFacts(
        id=row.id,
        organization_id=row.organization_id,
        list_type=ListType(row.list_type),
        value=row.value,
        flow_scope=FlowScope(row.flow_scope),
        severity=Severity(row.severity),
        reason=row.reason,
        source=EntrySource(row.source),
        case_id=row.case_id,
        is_active=row.is_active,
        expires_at=row.expires_at,
        created_by=row.created_by_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        batch_id=row.batch_id,
    )


def make_terms(row: BlocklistEntry) -> EntryTerms:
    """Return how the row acts."""
    return EntryTerms(
        severity=Severity(row.severity),
        flow_scope=FlowScope(row.flow_scope),
        is_active=row.is_active,
        expires_at=row.expires_at,
    )


_COUNT_IN_FORCE = """
SELECT count(*) FROM unnest(%(types)s::text[], %(values)s::text[], %(scopes)s::text[]) s (list_type, value, flow_scope)
JOIN blocklists_blocklistentry e ON e.organization_id = %(organization_id)s AND e.environment = %(environment)s
 AND e.list_type = s.list_type AND e.value = s.value AND e.flow_scope = s.flow_scope
WHERE e.is_active AND (e.expires_at IS NULL OR e.expires_at > %(now)s)
"""


def count_in_force(
    *, organization_id: uuid.UUID, environment: Environment, keys: Collection[tuple[str, str, str]], now: datetime
) -> int:
    """Return how many of these (list type, value, scope) are in force at that time."""
    types, values, scopes = ([key[place] for key in keys] for place in range(3))
    given = {
        "organization_id": organization_id,
        "environment": environment.value,
        "types": types,
        "values": values,
        "scopes": scopes,
        "now": now,
    }
    return int(run_statement(Statement(_COUNT_IN_FORCE, given))[0][0])
