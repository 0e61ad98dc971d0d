"""What an administrator may set."""

from typing import Any

import pytest

from accounts.rules.organization_settings import RetentionFloors, normalize_organization
from core.errors import ValidationFailed

FLOORS = RetentionFloors(transaction_days=3653, personal_data_days=365)


def test_settings_are_kept_in_one_form() -> None:
    given = {
        "name": "  Banco del Bajío ",
        "timezone": "America/Tijuana",
        "language": "en",
        "requires_mfa": True,
        "allowed_ips": ["203.0.113.7/24"],
        "fail_policy_payin_reason": "Acordado  en\tcomité",
        "transaction_retention_days": 3653,
        "personal_data_retention_days": 365,
    }
    assert normalize_organization(given, floors=FLOORS) == given | {
        "name": "Banco del Bajío",
        "allowed_ips": ["203.0.113.0/24"],
        "fail_policy_payin_reason": "Acordado en comité",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("name", "a\x00b"),
        ("timezone", "America/Ciudad"),
        ("timezone", "../etc/passwd"),
        ("allowed_ips", ["banco.example"]),
        ("fail_policy_payin_reason", " "),
        ("fail_policy_payout_reason", "x" * 501),
        ("fail_policy_payout_reason", "a\x00b"),
        ("transaction_retention_days", 3652),
        ("transaction_retention_days", 36_526),
        ("personal_data_retention_days", 364),
    ],
)
def test_what_cannot_be_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        normalize_organization({field: value}, floors=FLOORS)
    assert list(refusal.value.details["fields"]) == [field]  # type: ignore[call-overload]
