"""What was queued to be mailed, opened: for tests of those who queue."""

from mail.models import OutgoingMail
from mail.sealing import open_mail
from mail.types import Mail


def list_queued() -> list[Mail]:
    """Return the messages that wait to be sent, oldest first."""
    rows = OutgoingMail.objects.exclude(contents=None).order_by("created_at", "id")
    return [open_mail(bytes(row.contents or b"")) for row in rows]
