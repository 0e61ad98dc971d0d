"""Takes a try to sign in off the count of failures."""

import uuid

from accounts.models import SecurityEntry
from core.unit_of_work import service


@service
def end_try(*, try_id: uuid.UUID) -> None:
    """Remove the try that `begin_sign_in` kept: what it brought was right."""
    SecurityEntry.objects.filter(pk=try_id).delete()
