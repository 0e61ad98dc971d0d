from datetime import timedelta

import pytest

from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from mail.models import OutgoingMail
from mail.services import queue_mail as module
from mail.services.queue_mail import queue_mail
from tests.mail.conftest import CONTEXT, NOW, Queue
from tests.mail.inbox import list_queued

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_waits_encrypted(queue: Queue) -> None:
    row = queue()
    assert (row.template, row.attempts, row.not_before, row.created_at) == ("key_expiring", 0, NOW, NOW)
    assert (row.sent_at, row.failed_at) == (None, None)
    assert b"ana@bank.example" not in bytes(row.contents or b"")
    assert [mail.recipient for mail in list_queued()] == ["ana@bank.example"]


def test_a_worker_is_told_once_and_only_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def poke() -> None:
        told.append(OutgoingMail.objects.count())

    monkeypatch.setattr(module, "poke_sending", poke)
    with unit_of_work():
        for name in ("ana", "eva"):
            queue_mail(
                recipient=f"{name}@bank.example", template="key_expiring", context=CONTEXT, language="en", now=NOW
            )
        assert told == []
    assert told == [2]


def test_what_does_not_commit_is_not_mailed() -> None:
    def fail() -> None:
        with unit_of_work():
            queue_mail(recipient="a@b.example", template="key_expiring", context=CONTEXT, language="en", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert OutgoingMail.objects.count() == 0


def test_outside_a_unit_of_work_nothing_is_queued() -> None:
    with pytest.raises(UnitOfWorkMisused):
        queue_mail(
            recipient="a@b.example", template="key_expiring", context=CONTEXT, language="en", now=NOW + timedelta(1)
        )
    assert OutgoingMail.objects.count() == 0
