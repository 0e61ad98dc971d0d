"""What every test gets: quick password hashes, and no way out of this machine."""

import socket
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from accounts.known_keys import forget_keys
from accounts.last_use import forget_uses
from accounts.throttling import forget_leases

# A busy machine makes data slowly; that says nothing of what is tested.
settings.register_profile("clausum", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clausum")


class OutsideSocket(RuntimeError):
    """A test reached for an address that is not of this machine."""


@pytest.fixture(autouse=True)
def _no_outside_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise OutsideSocket(str(host))
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the flush that ends a transactional test truncate append-only tables; their own tests put the triggers back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _patient_deadline(settings: Any) -> None:
    """A machine that is busy with other tests is not what a test of decisions is about."""
    settings.ASSESS_DEADLINE_MS = 20_000


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """A process that has met no key and taken no block of calls."""
    forget_keys()
    forget_leases()
    forget_uses()
