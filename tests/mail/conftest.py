from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.unit_of_work import unit_of_work
from mail.models import OutgoingMail
from mail.services.queue_mail import queue_mail

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CONTEXT: dict[str, object] = {
    "name": "Núcleo <b>&",
    "tail": "clm_sk_abc…wxyz",
    "organization": "Banco",
    "days": 7,
    "expires_at": datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
    "timezone": "America/Mexico_City",
    "is_production": True,
    "url": "https://clausum.bank.example/k?a=1&b=2",
}

type Queue = Callable[..., OutgoingMail]


@pytest.fixture
def queue() -> Queue:
    """Queue a message and return its row."""

    def make(**fields: Any) -> OutgoingMail:
        given = {"recipient": "ana@bank.example", "template": "key_expiring", "language": "es-mx", "now": NOW}
        with unit_of_work():
            mail_id = queue_mail(**(given | {"context": CONTEXT} | fields))  # type: ignore[arg-type]
        return OutgoingMail.objects.get(pk=mail_id)

    return make
