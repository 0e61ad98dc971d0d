"""Removes rows whose time is over."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.models import AccessToken, KeyUse, SecurityEntry
from core.sql import Statement, run_statement
from core.unit_of_work import service

RATE_WINDOWS_KEPT = timedelta(minutes=5)
TOKENS_KEPT = timedelta(days=1)
SECURITY_ENTRIES_KEPT = timedelta(days=90)
KEY_USES_KEPT = timedelta(days=90)

# A window that some call is just beginning anew is passed over: waiting for it could be waiting in a circle.
_PURGE_RATE_WINDOWS = """
DELETE FROM accounts_ratewindow WHERE subject IN (
    SELECT subject FROM accounts_ratewindow WHERE ends_at < %(before)s FOR UPDATE SKIP LOCKED
)
"""


@service
def purge_expired(*, now: datetime) -> None:
    """Remove what has ended: rate windows, sessions, the shared cache, tokens a day later; and, after 90 days, security
    entries and keys' counts.
    """
    run_statement(Statement(_PURGE_RATE_WINDOWS, {"before": now - RATE_WINDOWS_KEPT}))
    tokens = AccessToken.objects.across_organizations(reason="a token that ended a day ago opens nothing for anybody")
    tokens.filter(expires_at__lt=now - TOKENS_KEPT).delete()
    SecurityEntry.objects.filter(created_at__lt=now - SECURITY_ENTRIES_KEPT).delete()
    uses = KeyUse.objects.across_organizations(reason="nobody is shown what keys did a quarter of a year ago")
    uses.filter(day__lt=(now - KEY_USES_KEPT).date()).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    run_statement(Statement("DELETE FROM accounts_cache WHERE expires < %(now)s", {"now": now}))
