"""Changes what a person says of themselves and how they want the pages."""

import uuid
from collections.abc import Mapping

from accounts.models import User
from core.unit_of_work import service


@service
def change_profile(
    *, user_id: uuid.UUID, name: str | None = None, preferences: Mapping[str, str] | None = None
) -> None:
    """Set what is given. Of a person, not of an organization, so no trail has it; only the person may."""
    given = {"name": name, "preferences": dict(preferences) if preferences is not None else None}
    User.objects.filter(pk=user_id).update(**{field: value for field, value in given.items() if value is not None})
