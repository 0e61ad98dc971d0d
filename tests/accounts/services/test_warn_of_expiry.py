"""Who is warned of a key's expiry, in what words, and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs

from accounts import tasks
from accounts.models import ApiKey, Organization, User
from accounts.services.warn_of_expiry import warn_of_expiry
from accounts.types import Role
from core.environments import Environment
from tests.factories.accounts import make_api_key, make_member, make_organization, make_user
from tests.mail.inbox import list_queued

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def _make_key(organization: Organization, *, days: float, **fields: Any) -> ApiKey:
    given: dict[str, Any] = {
        "name": "Núcleo",
        "expires_at": NOW + timedelta(days=days),
        "created_at": NOW - timedelta(days=300),
    }
    return make_api_key(organization=organization, **(given | fields))[0]


def _warn(**later: float) -> list[str]:
    """Run the task and return who is written to, in all so far."""
    with time_machine.travel(NOW + timedelta(**later), tick=False):
        tasks.warn_of_expiring_keys()
    return [mail.recipient for mail in list_queued()]


@pytest.fixture
def bank() -> Organization:
    organization = make_organization(name="Banco Ábaco")
    make_member(organization=organization, user=make_user(email="ana@bank.example"))
    return organization


def test_every_active_admin_is_written_to_and_nobody_else(bank: Organization) -> None:
    make_member(organization=bank, user=make_user(email="eva@bank.example"))
    make_member(organization=bank, role=Role.ANALYST)
    suspended = make_member(organization=bank)
    suspended.is_active = False
    suspended.save(update_fields=["is_active"])
    gone = make_member(organization=bank)
    gone.user.is_active = False
    gone.user.save(update_fields=["is_active"])
    make_member(organization=make_organization())
    _make_key(bank, days=6.5)
    assert sorted(_warn()) == ["ana@bank.example", "eva@bank.example"]


def test_the_mail_says_which_key_and_when(bank: Organization) -> None:
    key = _make_key(bank, days=6.5, environment=Environment.PRODUCTION)
    _warn()
    mail = list_queued()[0]
    assert mail.subject == "La clave API «Núcleo» vence en 7 días"
    assert f"(clm_sk_{key.public_id}…{key.last_four}) de Banco Ábaco vence en 7 días." in mail.text
    assert "Vence: 01/12/2026 15:00 (America/Mexico_City)\nEntorno: Producción\n" in mail.text
    assert f"/dashboard/connections/keys/{key.id}\n" in mail.text


@pytest.mark.parametrize(
    ("theirs", "organizations", "subject"),
    [
        ("", "en", "The API key “Núcleo” expires in 1 day"),
        ("es-mx", "en", "La clave API «Núcleo» vence en 1 día"),
        ("en", "es-mx", "The API key “Núcleo” expires in 1 day"),
    ],
)
def test_it_is_in_the_admins_language_else_in_the_organizations(
    bank: Organization, theirs: str, organizations: str, subject: str
) -> None:
    Organization.objects.update(language=organizations)
    User.objects.update(preferences={"language": theirs} if theirs else {})
    _make_key(bank, days=1)
    _warn()
    assert list_queued()[0].subject == subject


def test_three_warnings_in_a_keys_life_however_often_the_clock_rings(bank: Organization) -> None:
    _make_key(bank, days=31)
    told = [len(_warn(hours=hour)) for hour in range(0, 32 * 24, 6)]
    assert told[-1] == 3
    assert [told.index(count) * 6 / 24 for count in (1, 2, 3)] == [1, 24, 30]


@pytest.mark.parametrize(
    "state",
    [
        {"is_enabled": False},
        {"revoked_at": NOW - timedelta(days=1)},
        {"revoked_at": NOW + timedelta(days=1)},
        {"expires_at": None},
        {"expires_at": NOW},
    ],
    ids=["disabled", "revoked", "rotated", "without expiry", "expired"],
)
def test_of_a_key_that_will_not_be_missed_nobody_is_warned(bank: Organization, state: dict[str, Any]) -> None:
    _make_key(bank, days=5, **state)
    assert _warn() == []


def test_a_key_that_fails_does_not_hold_up_the_others(bank: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _make_key(bank, days=1), _make_key(bank, days=2)
    real = warn_of_expiry

    def fail_for_one(**arguments: Any) -> bool:
        if arguments["key_id"] == first.id:
            raise RuntimeError("ana@bank.example")
        return real(**arguments)

    monkeypatch.setattr(tasks, "warn_of_expiry", fail_for_one)
    with capture_logs() as logs:
        assert len(_warn()) == 1
    second.refresh_from_db()
    assert second.expiry_warned_days == 7
    assert logs == [
        {"event": "expiry_not_warned_of", "key_id": str(first.id), "error": "RuntimeError", "log_level": "error"}
    ]
