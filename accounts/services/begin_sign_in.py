"""Opens a try to sign in, unless there were too many of late (contract §1)."""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import SecurityEntry
from accounts.queries import find_failure_from_address, find_failure_of_account, lock_sign_ins
from accounts.throttling import RateLimited, seconds_until
from accounts.types import SIGN_IN_FAILED
from core.identifiers import email as emails
from core.unit_of_work import service


@service
def begin_sign_in(*, email: str, address: str, now: datetime) -> uuid.UUID:
    """Keep the try as a failed one and return its id; `sign_in` removes it when it proves to be none.

    The account and the address are each judged by their failures of the last SIGN_IN_WINDOW_SECONDS, whether or not
    the account exists. As the try is kept before its password is looked at, no number of parallel tries gets more
    guesses. Raises RateLimited, and then the try is not kept.
    """
    digest = digest_email(email)
    lock_sign_ins(subject_digest=digest, address=address)
    _refuse_too_many(digest=digest, address=address, now=now)
    entry = SecurityEntry.objects.create(kind=SIGN_IN_FAILED, subject_digest=digest, address=address, created_at=now)
    return entry.id


def digest_email(email: str) -> bytes:
    """Return the keyed hash by which the security log knows an account, without keeping its address."""
    return hmac.digest(settings.API_KEY_PEPPER.encode(), b"sign-in:" + emails.compact(email).encode(), hashlib.sha256)


def _refuse_too_many(*, digest: bytes, address: str, now: datetime) -> None:
    window = timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
    since = now - window
    by_account = find_failure_of_account(subject_digest=digest, since=since, nth=settings.SIGN_IN_FAILURES_PER_ACCOUNT)
    by_address = find_failure_from_address(address=address, since=since, nth=settings.SIGN_IN_FAILURES_PER_ADDRESS)
    ends = [failed_at + window for failed_at in (by_account, by_address if address else None) if failed_at]
    if ends:
        wait = seconds_until(max(ends), now=now)
        raise RateLimited("Too many tries to sign in: wait as Retry-After says.", headers={"Retry-After": str(wait)})
