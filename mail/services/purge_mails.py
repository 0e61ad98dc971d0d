"""Removes what is left of messages of long ago."""

from datetime import datetime, timedelta

from core.unit_of_work import service
from mail.models import OutgoingMail

KEPT = timedelta(days=90)


@service
def purge_mails(*, now: datetime) -> None:
    """Remove the rows of messages that ended 90 days ago."""
    OutgoingMail.objects.filter(sent_at__lt=now - KEPT).delete()
    OutgoingMail.objects.filter(failed_at__lt=now - KEPT).delete()
