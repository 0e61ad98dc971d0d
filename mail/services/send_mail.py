"""Sends what is queued: claim and commit, hand over outside any transaction, then record how it went."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from core.unit_of_work import service
from mail.models import OutgoingMail
from mail.rules.retries import decide_next_try

CLAIMED_FOR = timedelta(minutes=5)
"""Longer than handing over one message can take; a worker that died meanwhile gives it back by then."""


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """One message that this worker is to hand over, at this attempt."""

    id: uuid.UUID
    template: str
    contents: bytes
    attempts: int
    created_at: datetime


@service
def claim_mail(*, now: datetime) -> ClaimedMail | None:
    """Take the next message that is due, and count the attempt before it is made; None when none is due."""
    waiting = OutgoingMail.objects.filter(sent_at=None, failed_at=None, not_before__lte=now)
    row = waiting.select_for_update(skip_locked=True).order_by("not_before", "id").first()
    if row is None or row.contents is None:
        return None
    row.attempts += 1
    row.not_before = now + CLAIMED_FOR
    row.save(update_fields=["attempts", "not_before"])
    return ClaimedMail(row.id, row.template, bytes(row.contents), row.attempts, row.created_at)


@service
def record_sent(*, claim: ClaimedMail, now: datetime) -> None:
    """Note that the message was handed over, and erase what it said."""
    _waiting(claim.id).update(sent_at=now, contents=None)


@service
def record_failure(*, claim: ClaimedMail, is_permanent: bool, now: datetime) -> bool:
    """Put the message off; when it is no longer to be tried, erase what it said. Return whether it is given up."""
    next_try = None if is_permanent else decide_next_try(created_at=claim.created_at, attempts=claim.attempts, now=now)
    if next_try is None:
        _waiting(claim.id).update(failed_at=now, contents=None)
    else:
        _waiting(claim.id).update(not_before=next_try)
    return next_try is None


def _waiting(mail_id: uuid.UUID) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=mail_id, sent_at=None, failed_at=None)
