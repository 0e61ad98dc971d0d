"""Entries, and transactions that meet them. Every row says whose it is."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from accounts.models import Organization, User
from blocklists.kinds.table import normalize
from blocklists.models import BlocklistBulkAct, BlocklistEntry, ImportBatch, ImportChunk
from blocklists.types import ListType, Severity, default_scope
from core.actor import Actor, ActorKind
from core.clock import read_clock
from core.environments import Environment
from transactions.models import Transaction

NOW = datetime(2026, 1, 15, 18, tzinfo=UTC)
STRONG = frozenset({"blocklists:add", "blocklists:edit", "blocklists:weaken", "blocklists:delete"})
"""What a compliance officer may, and to delete."""


def make_entry(*, organization: Organization, list_type: ListType, value: str, **fields: Any) -> BlocklistEntry:
    """Insert an entry, in force for good in the type's own flow of the sandbox unless told otherwise."""
    given: dict[str, Any] = {
        "environment": Environment.SANDBOX,
        "flow_scope": default_scope(list_type).value,
        "severity": Severity.BLOCK.value,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return BlocklistEntry.objects.create(
        organization_id=organization.id,
        list_type=list_type.value,
        value=normalize(list_type, value),
        **(given | fields),
    )


def make_bulk_act(*, organization: Organization, created_by: User, **fields: Any) -> BlocklistBulkAct:
    """Insert an act that switched nothing off, unless told otherwise."""
    given: dict[str, Any] = {"environment": Environment.SANDBOX, "act": "off", "entries": {}, "unchanged": 1}
    return BlocklistBulkAct.objects.create(
        organization_id=organization.id, created_by_id=created_by.id, **({"created_at": NOW} | given | fields)
    )


def make_batch(*, organization: Organization, **fields: Any) -> ImportBatch:
    """Insert a draft of the sandbox: a list of two addresses, the second of which is none."""
    data = b"203.0.113.9\nnobody\n"
    given: dict[str, Any] = {
        "environment": Environment.SANDBOX,
        "file_name": "lista.txt",
        "file_bytes": len(data),
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "line_count": 2,
        "layout": {"kind": "plain", "encoding": "utf-8"},
        "fixed": {},
        "created_at": read_clock(),
    }
    batch = ImportBatch.objects.create(organization_id=organization.id, **(given | fields))
    ImportChunk.objects.create(
        organization_id=organization.id,
        environment=Environment(batch.environment),
        batch_id=batch.id,
        start=0,
        data=data,
    )
    return batch


def make_transaction(*, organization: Organization, environment: Environment = Environment.SANDBOX) -> Transaction:
    return Transaction.objects.create(
        organization_id=organization.id,
        environment=environment,
        flow="payin",
        amount_minor=1500,
        currency="MXN",
        occurred_at=NOW,
        decision="approve",
        risk_score=0,
    )


def make_actor(
    organization: Organization,
    *,
    permissions: frozenset[str] = STRONG,
    environment: Environment = Environment.SANDBOX,
    user_id: uuid.UUID | None = None,
) -> Actor:
    return Actor(
        organization_id=organization.id,
        environment=environment,
        kind=ActorKind.USER if user_id else ActorKind.SYSTEM,
        id=user_id,
        name="test",
        permissions=permissions,
    )
