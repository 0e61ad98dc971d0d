from typing import Any

import pytest

from mail.sealing import MailUnreadable, open_mail, seal_mail
from mail.types import Mail

MAIL = Mail(recipient="ana@bank.example", subject="Año", text="Hola\n", html="<p>Hola</p>", language="es-mx")


def test_what_was_sealed_is_opened() -> None:
    assert open_mail(seal_mail(MAIL)) == MAIL


def test_nothing_of_it_can_be_read_at_rest() -> None:
    sealed = seal_mail(MAIL)
    assert b"ana" not in sealed
    assert sealed != seal_mail(MAIL)


def test_another_secret_opens_nothing(settings: Any) -> None:
    sealed = seal_mail(MAIL)
    settings.SECRET_KEY = "another " * 8
    with pytest.raises(MailUnreadable):
        open_mail(sealed)


def test_what_was_tampered_with_is_not_believed() -> None:
    sealed = seal_mail(MAIL)
    with pytest.raises(MailUnreadable):
        open_mail(sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:])
