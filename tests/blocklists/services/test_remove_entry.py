"""Taking an entry off the lists for good."""

import pytest

from accounts.models import Organization
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.queries import EntryNotFound
from blocklists.services.remove_entry import remove_entry
from blocklists.types import ListType
from core.environments import Environment
from core.unit_of_work import unit_of_work
from tests.blocklists.events import list_entry_events
from tests.blocklists.factories import NOW, make_actor, make_entry, make_transaction
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db


def _make(organization: Organization) -> BlocklistEntry:
    return make_entry(organization=organization, list_type=ListType.PHONE, value="+525512345678", reason="Llamadas")


def test_a_removed_entry_is_gone_and_its_hits_stay() -> None:
    organization = make_organization()
    row = _make(organization)
    payment = make_transaction(organization=organization)
    BlocklistHit.objects.create(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        entry_id=row.id,
        transaction_id=payment.id,
        hit_at=NOW,
    )
    with unit_of_work():
        remove_entry(actor=make_actor(organization), entry_id=row.id, now=NOW)
    assert not BlocklistEntry.objects.for_organization(organization.id, Environment.SANDBOX).exists()
    assert BlocklistHit.objects.for_organization(organization.id, Environment.SANDBOX).count() == 1


def test_a_removal_is_recorded_with_all_that_was_removed() -> None:
    organization = make_organization()
    row = _make(organization)
    with unit_of_work():
        remove_entry(actor=make_actor(organization), entry_id=row.id, now=NOW)
    [(kind, payload, personal)] = list_entry_events(organization)
    assert (kind, payload["list_type"], payload["before"]["severity"]) == ("blocklist_entry.removed", "phone", "block")
    assert personal == {"value": "+525512345678", "before": {"reason": "Llamadas"}}


def test_a_strangers_entry_is_not_found_and_stays() -> None:
    organization = make_organization()
    row = _make(organization)
    with pytest.raises(EntryNotFound), unit_of_work():
        remove_entry(actor=make_actor(make_organization()), entry_id=row.id, now=NOW)
    row.refresh_from_db()
