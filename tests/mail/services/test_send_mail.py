from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from core.unit_of_work import unit_of_work
from mail.models import OutgoingMail
from mail.services.purge_mails import purge_mails
from mail.services.send_mail import CLAIMED_FOR, ClaimedMail, claim_mail, record_failure, record_sent
from tests.mail.conftest import NOW, Queue

pytestmark = pytest.mark.django_db(transaction=True)


def _claim(**later: float) -> ClaimedMail | None:
    with unit_of_work():
        return claim_mail(now=NOW + timedelta(**later))


def _must_claim(**later: float) -> ClaimedMail:
    claim = _claim(**later)
    assert claim is not None
    return claim


def test_a_claim_counts_the_attempt_and_keeps_others_away(queue: Queue) -> None:
    row = queue()
    assert _must_claim().attempts == 1
    assert _claim() is None
    row.refresh_from_db()
    assert (row.attempts, row.not_before) == (1, NOW + CLAIMED_FOR)


def test_what_a_dead_worker_had_claimed_is_claimed_again(queue: Queue) -> None:
    row = queue()
    _must_claim()
    again = _must_claim(minutes=5)
    assert (again.id, again.attempts) == (row.id, 2)


def test_a_row_that_another_worker_holds_is_passed_over(queue: Queue) -> None:
    first, second = queue(), queue(now=NOW + timedelta(seconds=1))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM mail_outgoingmail WHERE id = %s FOR UPDATE", [first.id])
            assert _must_claim(seconds=1).id == second.id
    finally:
        other.close()


def test_what_was_sent_is_erased(queue: Queue) -> None:
    row = queue()
    with unit_of_work():
        record_sent(claim=_must_claim_inside(), now=NOW)
    row.refresh_from_db()
    assert (row.sent_at, row.contents) == (NOW, None)
    assert _claim(days=2) is None


def _must_claim_inside() -> ClaimedMail:
    claim = claim_mail(now=NOW)
    assert claim is not None
    return claim


def test_a_failure_waits(queue: Queue) -> None:
    row = queue()
    claim = _must_claim()
    with unit_of_work():
        assert record_failure(claim=claim, is_permanent=False, now=NOW) is False
    row.refresh_from_db()
    assert (row.not_before, row.failed_at) == (NOW + timedelta(seconds=30), None)
    assert row.contents is not None


def test_what_is_given_up_is_erased(queue: Queue) -> None:
    row = queue()
    claim = _must_claim()
    with unit_of_work():
        assert record_failure(claim=claim, is_permanent=True, now=NOW) is True
    row.refresh_from_db()
    assert (row.failed_at, row.sent_at, row.contents) == (NOW, None, None)


def test_a_late_word_changes_nothing_of_what_has_ended(queue: Queue) -> None:
    row = queue()
    claim = _must_claim()
    with unit_of_work():
        record_sent(claim=claim, now=NOW)
    with unit_of_work():
        record_failure(claim=claim, is_permanent=True, now=NOW)
    row.refresh_from_db()
    assert (row.sent_at, row.failed_at) == (NOW, None)


def test_the_database_keeps_no_words_of_what_has_ended(queue: Queue) -> None:
    row = queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=row.id).update(sent_at=NOW)
    assert connection.is_usable()


def test_rows_of_long_ago_are_purged(queue: Queue) -> None:
    sent, failed, waiting = queue(), queue(), queue()
    OutgoingMail.objects.filter(pk=sent.id).update(sent_at=NOW, contents=None)
    OutgoingMail.objects.filter(pk=failed.id).update(failed_at=NOW, contents=None)
    with unit_of_work():
        purge_mails(now=NOW + timedelta(days=90))
    assert OutgoingMail.objects.count() == 3
    with unit_of_work():
        purge_mails(now=NOW + timedelta(days=90, seconds=1))
    assert list(OutgoingMail.objects.values_list("id", flat=True)) == [waiting.id]
