"""Puts a message into the queue, in the transaction of what it tells about: it goes out only if that commits."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.ids import make_uuid7
from core.unit_of_work import after_commit, service
from mail.models import OutgoingMail
from mail.rendering import render_mail
from mail.sealing import seal_mail
from mail.services.poke import poke_sending


@service
def queue_mail(
    *, recipient: str, template: str, context: Mapping[str, object], language: str, now: datetime
) -> uuid.UUID:
    """Render `emails/<template>` in that language for the recipient, keep it encrypted, and return its id.

    `recipient` is one address that was checked before. A worker sends it after the commit and erases it then.
    Raises TemplateDoesNotExist.
    """
    mail = render_mail(recipient=recipient, template=template, context=context, language=language)
    row = OutgoingMail.objects.create(
        id=make_uuid7(at=now), template=template, contents=seal_mail(mail), not_before=now, created_at=now
    )
    _poke_once()
    return row.id


def _poke_once() -> None:
    """Poke after commit; once, however many messages the unit of work queues."""
    if not any(entry[1] is poke_sending for entry in transaction.get_connection().run_on_commit):
        after_commit(poke_sending)
