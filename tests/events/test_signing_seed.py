import base64

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clausum.env import read_signing_seed

NAME = "AUDIT_SIGNING_KEY"


def test_the_key_that_is_set_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, base64.b64encode(b"k" * 32).decode())
    assert read_signing_seed(NAME, secret="s" * 32) == b"k" * 32


def test_without_one_it_is_derived_from_the_secret_and_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    first = read_signing_seed(NAME, secret="s" * 32)
    assert len(first) == 32
    assert first == read_signing_seed(NAME, secret="s" * 32)
    assert first != read_signing_seed(NAME, secret="t" * 32)
    assert read_signing_seed(NAME, secret=settings.SECRET_KEY) == settings.AUDIT_SIGNING_KEY


@pytest.mark.parametrize("value", ["short", "not base64 at all!", base64.b64encode(b"k" * 31).decode(), "ñ"])
def test_a_key_of_another_form_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match="must be 32 bytes in base64"):
        read_signing_seed(NAME, secret="s" * 32)
