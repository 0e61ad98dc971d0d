from datetime import timedelta

import pytest

from blocklists.models import ImportBatch, ImportChunk, ImportRefusal
from blocklists.tasks import purge_imports
from core.clock import read_clock
from core.environments import Environment
from tests.blocklists.factories import make_batch
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def test_drafts_of_yesterday_and_what_refused_rows_said_a_month_ago_are_gone() -> None:
    bank, now = make_organization(), read_clock()
    stale = make_batch(organization=bank, created_at=now - timedelta(hours=25))
    fresh = make_batch(organization=make_organization(), created_at=now - timedelta(hours=23))
    old = make_batch(organization=bank, created_at=now - timedelta(days=31), state="done")
    for batch in (fresh, old):
        ImportRefusal.objects.create(
            organization_id=batch.organization_id,
            environment=Environment.SANDBOX,
            batch_id=batch.id,
            row_number=2,
            code="INVALID_VALUE",
            text="nobody",
        )
    purge_imports()
    assert set(ImportBatch.unscoped.values_list("id", flat=True)) == {fresh.id, old.id}
    assert not ImportChunk.unscoped.filter(batch_id=stale.id).exists()
    assert dict(ImportRefusal.unscoped.values_list("batch_id", "text")) == {fresh.id: "nobody", old.id: ""}
