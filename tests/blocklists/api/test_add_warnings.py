"""What an added entry is warned of."""

import pytest

from accounts.models import Organization
from blocklists.models import BlocklistEntry
from tests.blocklists.conftest import Person

pytestmark = pytest.mark.django_db
CLABE = "646180111800000004"


@pytest.mark.parametrize(
    ("list_type", "value", "warnings"),
    [
        ("clabe", "6461 8011 1800 0000 04", ["own"]),
        ("email", "ana@pagos.banco.mx", ["own"]),
        ("email_domain", "banco.mx", ["own"]),
        ("ip_range", "0.0.0.0/1", ["wide"]),
        ("clabe", "646180115000000000", None),
        ("ip_range", "203.0.113.0/24", None),
    ],
)
def test_what_meets_ones_own_or_very_many_is_added_and_said(
    admin: Person, list_type: str, value: str, warnings: list[str] | None
) -> None:
    Organization.objects.filter(pk=admin.member.organization_id).update(own_identifiers=[CLABE, "banco.mx"])
    answer = admin.post({"list_type": list_type, "value": value})
    assert answer.status_code == 201
    assert answer.json().get("warnings") == warnings
    assert BlocklistEntry.unscoped.filter(pk=answer.json()["id"], is_active=True).exists()


def test_a_strangers_accounts_warn_of_nothing(admin: Person, stranger: Person) -> None:
    Organization.objects.filter(pk=stranger.member.organization_id).update(own_identifiers=[CLABE])
    assert "warnings" not in admin.post({"list_type": "clabe", "value": CLABE}).json()
