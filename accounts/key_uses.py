"""How often keys were used, day by day."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from accounts.models import KeyUse

SHOWN_DAYS = 30


def count_key_uses(
    *, organization_id: uuid.UUID, key_ids: Collection[uuid.UUID], today: date
) -> dict[uuid.UUID, list[tuple[date, int]]]:
    """Return each key's calls on each of the last 30 days, the oldest first and today last; days are given without any.

    `today` is the organization's. All keys take one query.
    """
    first = today - timedelta(days=SHOWN_DAYS - 1)
    uses = KeyUse.objects.in_environments(organization_id).filter(key_id__in=key_ids, day__gte=first)
    found = {(key_id, day): calls for key_id, day, calls in uses.values_list("key_id", "day", "calls")}
    return {key_id: _fill(key_id, first, found) for key_id in key_ids}


def _fill(key_id: uuid.UUID, first: date, found: Mapping[tuple[uuid.UUID, date], int]) -> list[tuple[date, int]]:
    days = (first + timedelta(days=number) for number in range(SHOWN_DAYS))
    return [(day, found.get((key_id, day), 0)) for day in days]
