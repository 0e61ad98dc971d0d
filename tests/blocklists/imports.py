"""Imports for tests: a file goes in, the worker runs, and what came of it comes back."""

import uuid
from typing import Any

from accounts.models import Membership
from blocklists.import_queries import get_batch
from blocklists.import_types import BatchFacts, FileKind, FixedTerms, ImportMode
from blocklists.models import BlocklistEntry, ImportChunk, ImportRow
from blocklists.services.start_import import start_import
from blocklists.services.store_upload import store_upload
from blocklists.services.undo_import import request_undo
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from jobs import tasks
from tests.factories.accounts import make_actor

type Shown = dict[str, Any]


def upload(
    member: Membership, data: bytes | str, *, kind: FileKind | None = None, name: str = "lista.csv"
) -> BatchFacts:
    """Keep the file as a draft."""
    content = data.encode() if isinstance(data, str) else data
    pieces = (content[at : at + 1000] for at in range(0, len(content), 1000))
    with unit_of_work():
        return store_upload(actor=make_actor(member), pieces=pieces, file_name=name, kind=kind, now=read_clock())


def confirm(
    member: Membership, draft: BatchFacts, *, mode: ImportMode = ImportMode.VALID_ONLY, **fixed: Any
) -> uuid.UUID:
    """Confirm the draft as it was read, and return its job."""
    with unit_of_work():
        batch = start_import(
            actor=make_actor(member),
            batch_id=draft.id,
            mode=mode,
            layout=draft.layout,
            fixed=FixedTerms(**fixed),
            now=read_clock(),
        )
    assert batch.job_id is not None
    return batch.job_id


def run(member: Membership, batch_id: uuid.UUID) -> BatchFacts:
    """Have the worker take on what waits, and return the import."""
    tasks.run_jobs()
    return get_batch(**make_actor(member).scope, batch_id=batch_id)


def import_file(member: Membership, data: bytes | str, **options: Any) -> BatchFacts:
    """Import the file and return what came of it."""
    draft = upload(member, data, kind=options.pop("kind", None))
    confirm(member, draft, **options)
    return run(member, draft.id)


def undo(member: Membership, batch_id: uuid.UUID) -> BatchFacts:
    """Undo the import and return what came of it."""
    with unit_of_work():
        request_undo(actor=make_actor(member), batch_id=batch_id, now=read_clock())
    return run(member, batch_id)


def list_entries(member: Membership) -> list[tuple[str, str]]:
    """Return type and value of all entries of the organization's sandbox."""
    rows = BlocklistEntry.unscoped.filter(organization_id=member.organization_id, environment="sandbox")
    return sorted(rows.values_list("list_type", "value"))


def is_cleared_up() -> bool:
    """Say whether nothing is left of any file and of rows on their way."""
    return not ImportChunk.unscoped.exists() and not ImportRow.objects.exists()
