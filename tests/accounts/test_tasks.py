"""What the worker does for accounts."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import AccessToken, KeyUse, RateWindow, SecurityEntry
from accounts.tasks import purge_expired
from core.environments import Environment
from tests.factories.accounts import make_api_key, make_member, make_organization

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_only_what_is_past_its_time_is_removed() -> None:
    for name, ended in (("old", timedelta(minutes=6)), ("just ended", timedelta(minutes=4)), ("live", -timedelta(1))):
        RateWindow.objects.create(subject=name, began_at=NOW, ends_at=NOW - ended, calls=1)
    for days in (89, 91):
        SecurityEntry.objects.create(
            kind="sign_in.failed", subject_digest=bytes([days]) * 32, created_at=NOW - timedelta(days=days)
        )
    member = make_member(organization=make_organization())
    for hours in (-1, 23, 25):
        AccessToken.unscoped.create(
            organization_id=member.organization_id,
            user=member.user,
            password_epoch=1,
            created_at=NOW - timedelta(days=3),
            expires_at=NOW - timedelta(hours=hours),
        )
    key, _ = make_api_key(organization=make_organization())
    for days in (90, 91):
        KeyUse.objects.create(
            organization_id=key.organization_id,
            environment=Environment.SANDBOX,
            key_id=key.id,
            day=NOW.date() - timedelta(days=days),
            calls=days,
        )
    with time_machine.travel(NOW, tick=False):
        purge_expired()
        purge_expired()
    assert set(RateWindow.objects.values_list("subject", flat=True)) == {"just ended", "live"}
    assert [bytes(entry.subject_digest)[0] for entry in SecurityEntry.objects.all()] == [89]
    assert [use.calls for use in KeyUse.unscoped.all()] == [90]
    left = AccessToken.unscoped.order_by("expires_at").values_list("expires_at", flat=True)
    assert list(left) == [NOW - timedelta(hours=23), NOW + timedelta(hours=1)]
