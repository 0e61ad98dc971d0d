"""What an act on many entries would do, before it is done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from blocklists.hits import SHOWN_DAYS, count_hits_of
from blocklists.queries import list_terms
from blocklists.rules.bulk import apply_order
from blocklists.rules.strength import list_weakened_fields
from blocklists.types import BulkOrder
from core.environments import Environment


@dataclass(frozen=True, slots=True)
class BulkEffect:
    """How many entries were chosen, how many would change, act less than before, and what those met in 30 days."""

    chosen: int
    changing: int
    weakened: int
    hits: int

    @property
    def unchanged(self) -> int:
        return self.chosen - self.changing


def weigh_order(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    entry_ids: Sequence[uuid.UUID],
    order: BulkOrder,
    now: datetime,
) -> BulkEffect:
    """Return what the act would do to those of the entries that are there."""
    found = list_terms(organization_id=organization_id, environment=environment, entry_ids=entry_ids)
    after = {entry_id: apply_order(order, terms=terms, at=now) for entry_id, terms in found.items()}
    changing = [entry_id for entry_id, terms in found.items() if after[entry_id] != terms]
    weakened = [each for each in changing if list_weakened_fields(before=found[each], after=after[each])]
    since = now - timedelta(days=SHOWN_DAYS)
    hits = count_hits_of(organization_id=organization_id, environment=environment, entry_ids=changing, since=since)
    return BulkEffect(len(found), len(changing), len(weakened), hits)
