"""Notes when a member was last there."""

import uuid
from datetime import datetime

from accounts.models import Membership
from core.unit_of_work import service


@service
def note_access(*, organization_id: uuid.UUID, membership_id: uuid.UUID, now: datetime) -> None:
    """Set the member's last access; a figure for the team's page, which no trail has."""
    Membership.objects.for_organization(organization_id).filter(pk=membership_id).update(last_access_at=now)
