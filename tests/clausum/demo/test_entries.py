"""The demo's lists."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.queries import count_entries
from blocklists.types import EntryFilter, EntryState
from clausum.demo.cast import CAST
from core.environments import Environment
from tests.clausum.demo.test_seed import NOW, make

BANK, MERCHANT, PSP = CAST


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", [BANK, MERCHANT], ids=["bank", "merchant"])
def test_some_entries_are_met_and_some_wait_for_a_review(part: object) -> None:
    made = make(part)  # type: ignore[arg-type]

    entries = BlocklistEntry.unscoped.filter(organization_id=made.id)
    met = set(BlocklistHit.unscoped.filter(organization_id=made.id).values_list("entry_id", flat=True))
    assert entries.count() >= 7
    assert len(met) >= 2
    assert met <= set(entries.values_list("id", flat=True))
    assert set(entries.values_list("environment", flat=True)) == {"sandbox"}
    assert {row.created_by for row in entries} == {User.objects.get(email__startswith="compliance_officer@")}
    assert Counter(row.created_at < NOW - timedelta(days=8) for row in entries) == {True: entries.count()}
    waiting = count_entries(
        organization_id=entries[0].organization_id,
        environment=Environment.SANDBOX,
        wanted=EntryFilter(state=EntryState.REVIEW, at=NOW),
        most=10,
    )
    assert waiting == 2
