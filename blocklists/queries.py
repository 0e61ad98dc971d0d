"""Reads of blocklists."""

import uuid
from collections.abc import Collection

from django.db.models import Count, Max, QuerySet

from blocklists.finding import count_ids, find_ids
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.types import (
    EntryFacts,
    EntryFilter,
    EntryPage,
    EntrySource,
    FlowScope,
    HitSummary,
    ListType,
    Severity,
)
from core.environments import Environment
from core.errors import NotFound


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
    )
