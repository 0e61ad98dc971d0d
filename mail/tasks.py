"""What the workers do for mail. No line of the log has an address or a word of a message."""

import structlog
from celery import shared_task

from core.clock import read_clock, read_monotonic_ms
from core.unit_of_work import unit_of_work
from mail.rules.retries import is_permanent
from mail.sealing import MailUnreadable, open_mail
from mail.services import purge_mails as purge
from mail.services.send_mail import ClaimedMail, claim_mail, record_failure, record_sent
from mail.transport import hand_over, read_reply_code

RUN_MS = 120_000
"""Well inside the time limit, whatever the last message takes; the next beat goes on."""

_log = structlog.get_logger(__name__)


@shared_task(name="mail.tasks.send_mails", expires=60)
def send_mails() -> None:
    """Hand over what is due; a message that fails is tried again later and holds nobody up."""
    end_ms = read_monotonic_ms() + RUN_MS
    while read_monotonic_ms() < end_ms:
        with unit_of_work():
            claim = claim_mail(now=read_clock())
        if claim is None:
            return
        _send(claim)


def _send(claim: ClaimedMail) -> None:
    try:
        hand_over(open_mail(claim.contents), mail_id=claim.id, now=read_clock())
    except Exception as error:  # noqa: BLE001  whatever it is, its text may hold the address
        _record_failure(claim, error)
        return
    with unit_of_work():
        record_sent(claim=claim, now=read_clock())
    _log.info("mail_sent", mail_id=str(claim.id), template=claim.template, attempts=claim.attempts)


def _record_failure(claim: ClaimedMail, error: Exception) -> None:
    code = read_reply_code(error)
    is_last = is_permanent(reply_code=code) or isinstance(error, MailUnreadable)
    with unit_of_work():
        is_given_up = record_failure(claim=claim, is_permanent=is_last, now=read_clock())
    _log.error(
        "mail_given_up" if is_given_up else "mail_not_sent",
        mail_id=str(claim.id),
        template=claim.template,
        attempts=claim.attempts,
        error=type(error).__name__,
        reply_code=code,
    )


@shared_task(name="mail.tasks.purge_mails")
def purge_mails() -> None:
    """Remove what is left of messages of long ago."""
    with unit_of_work():
        purge.purge_mails(now=read_clock())
