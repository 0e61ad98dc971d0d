"""A command to paste into a shell: the first call with a key that was just made."""

import json
import shlex

from accounts.key_lists import KeySummary
from accounts.permissions import expand_key_permissions
from accounts.types import KeyType, Module

_PAYIN: dict[str, object] = {
    "amount": 149_900,
    "amount_unit": "minor",
    "currency": "MXN",
    "email": "ana@ejemplo.mx",
    "country": "MX",
}
_PAYOUT: dict[str, object] = {
    "amount": 250_000,
    "amount_unit": "minor",
    "currency": "MXN",
    "origin": {"account_id": "cuenta-001"},
    "beneficiary": {"name": "Comercializadora del Norte", "clabe": "646180111800000004", "country": "MX"},
}
_READS = {
    "transactions:read": "/api/v1/merchant/transactions",
    "submerchants:read": "/api/v1/submerchants",
}


def make_first_call(key: KeySummary, *, full: str, base_url: str, modules: frozenset[Module]) -> str:
    """Return a curl command that uses the key on this server, or nothing when there is nothing it can call yet."""
    permissions = expand_key_permissions(key.key_type, frozenset(key.key.permissions))
    origins = key.key.allowed_origins
    headers = [f"Authorization: Bearer {full}", *([f"Origin: {origins[0]}"] if origins else [])]
    if "assess" in permissions:
        is_payout = key.key_type is KeyType.SECRET and Module.INSTITUTIONAL in modules
        path, body = ("/api/v1/assess/payout", _PAYOUT) if is_payout else ("/api/v1/assess", _PAYIN)
        return _write(base_url + path, headers, body)
    for permission, path in _READS.items():
        if permission in permissions:
            return _write(base_url + path, headers, None)
    return ""


def _write(url: str, headers: list[str], body: dict[str, object] | None) -> str:
    sent = [*headers, "Content-Type: application/json"] if body is not None else headers
    lines = [f"curl -sS {shlex.quote(url)}", *(f"  -H {shlex.quote(header)}" for header in sent)]
    if body is not None:
        lines.append(f"  -d {shlex.quote(_write_body(body))}")
    return " \\\n".join(lines)


def _write_body(body: dict[str, object]) -> str:
    """Return the body as JSON with a line for each field."""
    fields = [f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in body.items()]
    return "{\n" + ",\n".join(fields) + "\n  }"
