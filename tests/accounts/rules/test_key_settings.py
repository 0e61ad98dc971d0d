"""What the settings of a key may be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.rules.key_settings import normalize_settings
from accounts.types import KeyType
from core.errors import ValidationFailed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _normalize(key_type: KeyType = KeyType.SECRET, **settings: Any) -> dict[str, object]:
    return normalize_settings(settings, key_type=key_type, now=NOW)


def _refuse(field: str, given: object, key_type: KeyType = KeyType.SECRET) -> str:
    with pytest.raises(ValidationFailed) as refusal:
        _normalize(key_type, **{field: given})
    fields = refusal.value.details["fields"]
    assert isinstance(fields, dict)
    assert list(fields) == [field]
    return str(fields[field][0])


def test_only_what_is_given_is_returned() -> None:
    assert _normalize(name=" Core ") == {"name": "Core"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", "a\x00b"])
def test_a_name_has_1_to_100_printable_characters(name: str) -> None:
    assert _refuse("name", name) == "must have 1 to 100 printable characters"


@pytest.mark.parametrize(
    ("key_type", "stored"),
    [
        (
            KeyType.SECRET,
            [
                "assess",
                "fraud:report",
                "submerchants:read",
                "submerchants:write",
                "transactions:read",
                "transactions:write",
            ],
        ),
        (KeyType.PUBLISHABLE, ["assess"]),
        (KeyType.INGEST, []),
    ],
)
def test_permissions_not_given_are_the_contract_s_defaults_of_the_type(key_type: KeyType, stored: list[str]) -> None:
    assert _normalize(key_type, permissions=None) == {"permissions": stored}


def test_permissions_are_kept_once_each_and_sorted() -> None:
    assert _normalize(permissions=["fraud:report", "assess", "assess"]) == {"permissions": ["assess", "fraud:report"]}


def test_an_empty_list_of_permissions_is_not_all_of_them() -> None:
    assert _normalize(permissions=[]) == {"permissions": []}


@pytest.mark.parametrize("key_type", KeyType)
def test_the_star_stands_for_itself_on_every_type(key_type: KeyType) -> None:
    assert _normalize(key_type, permissions=["*"]) == {"permissions": ["*"]}


@pytest.mark.parametrize(
    ("key_type", "permission"),
    [
        (KeyType.SECRET, "keys:write"),
        (KeyType.PUBLISHABLE, "fraud:report"),
        (KeyType.INGEST, "assess"),
        (KeyType.SECRET, "no such"),
    ],
)
def test_a_permission_that_the_type_never_has_is_refused(key_type: KeyType, permission: str) -> None:
    assert _refuse("permissions", [permission], key_type).startswith(f"a {key_type.value} key may have: ")


def test_an_expiry_is_in_the_future_or_none() -> None:
    assert _normalize(expires_at=None) == {"expires_at": None}
    assert _normalize(expires_at=NOW + timedelta(seconds=1)) == {"expires_at": NOW + timedelta(seconds=1)}
    assert _refuse("expires_at", NOW) == "must be in the future"


def test_addresses_and_networks_are_kept_in_canonical_form_once_each() -> None:
    given = ["192.0.2.77", "10.1.2.3/8", "::ffff:192.0.2.77", "2001:DB8::0/32"]
    assert _normalize(allowed_ips=given) == {"allowed_ips": ["192.0.2.77", "10.0.0.0/8", "2001:db8::/32"]}


@pytest.mark.parametrize("item", ["", "banco.mx", "10.0.0.0/33", "10.0.0.256", "10.0.0.0/255.0.0.0", "fe80::1%eth0"])
def test_what_is_no_address_is_refused_without_repeating_it(item: str) -> None:
    assert not item or item not in _refuse("allowed_ips", [item])


def test_origins_are_a_publishable_key_s_only() -> None:
    given = ["HTTPS://A.example:443", "https://a.example"]
    assert _normalize(KeyType.PUBLISHABLE, allowed_origins=given) == {"allowed_origins": ["https://a.example"]}
    assert _normalize(KeyType.SECRET, allowed_origins=[]) == {"allowed_origins": []}
    assert _refuse("allowed_origins", given, KeyType.SECRET) == "only a publishable key has origins"
    assert _refuse("require_origin", True, KeyType.INGEST) == "only a publishable key has origins"
    assert _normalize(KeyType.PUBLISHABLE, require_origin=True) == {"require_origin": True}


def test_lists_have_at_most_a_hundred_items() -> None:
    assert _refuse("allowed_ips", [f"10.0.0.{n}" for n in range(101)]) == "may have at most 100 items"


@pytest.mark.parametrize("field", ["rate_limit_per_minute", "rate_limit_per_day"])
def test_a_limit_is_at_least_one_or_none(field: str) -> None:
    assert _normalize(KeyType.SECRET, **{field: 1}) == {field: 1}
    assert _normalize(KeyType.SECRET, **{field: None}) == {field: None}
    for wrong in (0, -1, 2**31):
        assert _refuse(field, wrong) == "must be from 1 to 2147483647, or null for no limit"
