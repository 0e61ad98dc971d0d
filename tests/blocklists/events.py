"""What the audit trail holds of entries."""

from typing import Any

from accounts.models import Organization
from core.environments import Environment
from events.models import Event, EventPersonalData


def list_entry_events(
    organization: Organization, *, environment: Environment = Environment.SANDBOX
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return kind, payload and personal data of each event of an entry, in the order recorded."""
    rows = Event.objects.for_organization(organization.id, environment).filter(subject_type="blocklist_entry")
    personal = EventPersonalData.objects.for_organization(organization.id, environment)
    data = dict(personal.values_list("event_id", "data"))
    return [(row.kind, row.payload, data[row.id]) for row in rows.order_by("xid", "id")]
