"""Opening a try to sign in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import SecurityEntry
from accounts.services.begin_sign_in import begin_sign_in, digest_email
from accounts.throttling import RateLimited
from core.unit_of_work import unit_of_work

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _begin(email: str = "ana@banco.example", address: str = "192.0.2.1", at: datetime = NOW) -> None:
    with unit_of_work():
        begin_sign_in(email=email, address=address, now=at)


@pytest.mark.django_db
def test_a_try_is_kept_as_a_failure_until_it_proves_to_be_none() -> None:
    _begin()
    entry = SecurityEntry.objects.get()
    assert (entry.kind, entry.address, entry.created_at) == ("sign_in.failed", "192.0.2.1", NOW)
    assert bytes(entry.subject_digest) == digest_email("ANA@banco.example ")


def test_the_digest_depends_on_the_pepper(settings: Any) -> None:
    before = digest_email("ana@banco.example")
    settings.API_KEY_PEPPER = "another pepper of thirty-two characters"
    assert digest_email("ana@banco.example") != before


@pytest.mark.django_db
def test_one_may_try_again_as_soon_as_the_oldest_failure_has_left_the_window(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 2
    _begin()
    _begin(at=NOW + timedelta(seconds=100))
    with pytest.raises(RateLimited) as refusal:
        _begin(at=NOW + timedelta(seconds=200))
    assert refusal.value.headers == {"Retry-After": "700"}
    _begin(at=NOW + timedelta(seconds=900))
    assert SecurityEntry.objects.count() == 3


@pytest.mark.django_db
def test_the_longer_wait_of_account_and_address_is_told(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = settings.SIGN_IN_FAILURES_PER_ADDRESS = 1
    _begin(email="eva@banco.example")
    _begin(address="192.0.2.9", at=NOW + timedelta(seconds=60))
    with pytest.raises(RateLimited) as refusal:
        _begin(at=NOW + timedelta(seconds=60))
    assert refusal.value.headers == {"Retry-After": "900"}


@pytest.mark.django_db
def test_tries_without_an_address_are_judged_by_account_alone(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 1
    for n in range(3):
        _begin(email=f"ana{n}@banco.example", address="")
    assert SecurityEntry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_get_no_more_guesses(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 5

    def attempt(number: int) -> bool:
        try:
            _begin(address=f"192.0.2.{number}")
        except RateLimited:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5
    assert SecurityEntry.objects.count() == 5
