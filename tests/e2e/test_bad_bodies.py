"""Bodies that no endpoint takes: refused in the envelope, nothing kept, nothing of them logged."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from structlog.testing import capture_logs

from tests.architecture.world import World

pytestmark = pytest.mark.django_db

CARD = "4111 1111-1111 1111"
SECRET = "sentinel.person@example.com"
KEPT_BY_THE_WAY = {"accounts.ratewindow", "accounts.keyuse"}
"""Counting a call, for its limit and for whom its key belongs to, is no part of what it asks."""

ENDPOINTS = {
    ("POST", "/api/v1/assess"): "secret",
    ("POST", "/api/v1/assess/payout"): "secret",
    ("POST", "/api/v1/assess/release"): "secret",
    ("POST", "/api/v1/simulation"): "admin",
    ("POST", "/api/v1/simulation/payout"): "admin",
    ("POST", "/api/v1/merchant/transactions/{transaction_id}/outcome"): "secret",
    ("POST", "/api/v1/auth/token"): "nobody",
    ("POST", "/api/v1/blocklists"): "admin",
    ("PATCH", "/api/v1/blocklists/{entry_id}"): "admin",
    ("POST", "/api/v1/keys"): "admin",
    ("PATCH", "/api/v1/keys/{key_id}"): "admin",
    ("POST", "/api/v1/keys/{key_id}/rotate"): "admin",
}

BAD: dict[str, tuple[bytes, str]] = {
    "blank": (b"  \n", "not_json"),
    "text": (SECRET.encode(), "not_json"),
    "cut off": (f'{{"email": "{SECRET}", "amount": 15'.encode(), "not_json"),
    "two values": (b'{"amount": 1} {"amount": 2}', "not_json"),
    "comment": (b'{"amount": 1 /* one */}', "not_json"),
    "single quotes": (b"{'amount': 1}", "not_json"),
    "a list": (json.dumps([SECRET]).encode(), "not_an_object"),
    "a string": (json.dumps(SECRET).encode(), "not_an_object"),
    "a number": (b"1500", "not_an_object"),
    "null": (b"null", "not_an_object"),
    "too deep": (b'{"metadata": ' + b'{"a": ' * 40 + b"1" + b"}" * 41, "too_deep"),
    "endlessly deep": (b'{"a": ' + b"[" * 60_000, "too_deep"),
    "duplicate key": (f'{{"amount": 1, "email": "{SECRET}", "amount": 2}}'.encode(), "duplicate_key"),
    "duplicate key, escaped": (b'{"amount": 1, "\\u0061mount": 2}', "duplicate_key"),
    "lone surrogate": (b'{"email": "\\ud800"}', "lone_surrogate"),
    "lone surrogate in a key": (b'{"\\udfff": 1}', "lone_surrogate"),
    "NUL": (b'{"email": "a\\u0000b"}', "nul_character"),
    "NUL byte": (b'{"email": "a\x00b"}', "not_json"),
    "not UTF-8": (b'{"email": "\xff\xfe"}', "not_utf8"),
    "UTF-16": (json.dumps({"email": SECRET}).encode("utf-16"), "not_utf8"),
    "byte order mark": (b'\xef\xbb\xbf{"amount": 1}', "byte_order_mark"),
    "NaN": (b'{"amount": NaN}', "non_finite_number"),
    "Infinity": (b'{"amount": -Infinity}', "non_finite_number"),
    "huge exponent": (b'{"amount": 1e999999999}', "number_out_of_range"),
    "tiny exponent": (b'{"amount": 1e-999999999}', "number_out_of_range"),
    "endless digits": (b'{"amount": 1' + b"0" * 5000 + b"}", "number_out_of_range"),
}  # fmt: skip

OTHER_MEDIA_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin-1",
    "",
)


def _count_rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model._meta.label_lower not in KEPT_BY_THE_WAY]
    return {model._meta.label: model._default_manager.count() for model in models}


def _send(world: World, row: tuple[str, str], body: bytes, content_type: str = "application/json") -> Any:
    """Send the body, see that it left nothing behind, and return the error."""
    method, path = row
    headers: dict[str, Any] = world.headers(ENDPOINTS[row])
    before, owned = _count_rows(), world.owned()
    with capture_logs() as logged:
        response = Client().generic(method, world.path(path), body, content_type, **headers)
    assert _count_rows() == before
    assert world.owned() == owned
    assert SECRET not in response.content.decode()
    assert [set(line) for line in logged] == [{"event", "log_level", "method", "route", "status", "ms"}]
    assert "X-Request-Id" in response
    return response


@pytest.mark.parametrize("row", ENDPOINTS, ids=" ".join)
def test_a_body_that_is_no_json_object_is_refused(row: tuple[str, str]) -> None:
    world = World()
    found = {name: _judge(_send(world, row, body)) for name, (body, _) in BAD.items()}
    assert found == {name: (400, "VALIDATION_ERROR", {"reason": reason}) for name, (_, reason) in BAD.items()}


def _judge(response: Any) -> tuple[int, str, Any]:
    error = response.json()["error"]
    return response.status_code, error["code"], error["details"]


@pytest.mark.parametrize("row", ENDPOINTS, ids=" ".join)
def test_a_body_of_one_byte_too_many_is_refused(row: tuple[str, str]) -> None:
    limit = 64 * 1024
    body = b'{"email": "' + b"a" * (limit + 1 - 13) + b'"}'
    assert len(body) == limit + 1
    response = _send(World(), row, body)
    assert _judge(response) == (413, "PAYLOAD_TOO_LARGE", {"maximum_bytes": limit})


@pytest.mark.parametrize("row", ENDPOINTS, ids=" ".join)
def test_a_body_of_another_media_type_is_refused(row: tuple[str, str]) -> None:
    world = World()
    found = {kind: _judge(_send(world, row, b'{"amount": 1500}', kind)) for kind in OTHER_MEDIA_TYPES}
    assert found == dict.fromkeys(OTHER_MEDIA_TYPES, (415, "UNSUPPORTED_MEDIA_TYPE", {}))


@pytest.mark.parametrize("row", ENDPOINTS, ids=" ".join)
def test_a_field_of_a_wrong_type_is_named_and_its_value_is_not_repeated(row: tuple[str, str]) -> None:
    wrong = {"email": [SECRET], "amount": SECRET, "beneficiary": SECRET, "outcome": [SECRET], "session_id": [SECRET]}
    wrong |= {"list_type": SECRET, "reason": [SECRET], "name": [SECRET], "overlap_hours": SECRET}
    response = _send(World(), row, json.dumps(wrong).encode())
    assert response.status_code == 400
    assert response.json()["error"]["details"] != {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", CARD),
        ("transaction_type", CARD.replace(" ", "").replace("-", "")),
        ("metadata", {"note": CARD}),
        ("metadata", {"numbers": [1, {"card": 4111111111111111}]}),
        ("device", {"user_agent": CARD}),
        ("something_unknown", CARD),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/api/v1/assess", "/api/v1/assess/payout"])
def test_a_card_number_in_any_field_is_refused_and_kept_nowhere(path: str, field: str, value: Any) -> None:
    body = {"amount": 1500, "currency": "MXN", "beneficiary": {"country": "MX"}, field: value}
    response = _send(World(), ("POST", path), json.dumps(body).encode())
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "VALIDATION_ERROR")
    assert error["details"]["reason"] == "card_number"
    assert [place.split(".")[0] for place in error["details"]["fields"]] == [field]
    assert "4111" not in response.content.decode()
