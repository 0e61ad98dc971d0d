"""What a person reads when everything is up: where to look, who to be, what to paste."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clausum.runner.files import read_state

BANK = "banco"
PAYOUT = {
    "amount": 250_000,
    "amount_unit": "minor",
    "currency": "MXN",
    "origin": {"account_id": "acc_demo_001"},
    "beneficiary": {"name": "Comercializadora del Norte", "clabe": "646180111800000004", "country": "MX"},
    "payout": {"channel": "spei", "initiated_by": "tesoreria@banco.example"},
    "payment_id": "pay_demo_001",
}
"""A payout of MXN 2,500.00 in the form of the public contract's section 3."""


def payout_command(*, base_url: str, secret_key: str) -> str:
    """Return a curl command that asks for a decision on a payout, ready to be pasted into a shell."""
    lines = [
        f"curl -sS {shlex.quote(base_url.rstrip('/') + '/api/v1/assess/payout')}",
        f"  -H {shlex.quote(f'Authorization: Bearer {secret_key}')}",
        "  -H 'Content-Type: application/json'",
        f"  -d {shlex.quote(json.dumps(PAYOUT, ensure_ascii=False))}",
    ]
    return " \\\n".join(lines)


def describe_logins(organizations: list[dict[str, Any]]) -> list[str]:
    """Return one line per demo user, in columns."""
    rows = [
        (user["email"], user["password"], user["role"], organization["name"])
        for organization in organizations
        for user in organization.get("users", [])
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def find_bank_key(organizations: list[dict[str, Any]]) -> str | None:
    """Return the demo bank's secret key, or None."""
    keys = [
        item["keys"]["secret"] for item in organizations if item.get("organization_type") == BANK and "keys" in item
    ]
    return keys[0] if keys else None


def describe_mail(environment: Mapping[str, str]) -> str:
    """Return where mail goes."""
    if environment.get("SMTP_URL"):
        return "Mail is sent through the server of SMTP_URL."
    if environment.get("MAIL_FOLDER"):
        return f"Mail is not sent but written to {environment['MAIL_FOLDER']} (set SMTP_URL to send it)."
    return "Nobody gets any mail: SMTP_URL is not set."


def describe_system(*, base_url: str, demo: Path | None, mail: str) -> str:
    """Return the whole text; without a demo, the address and what becomes of mail."""
    lines = ["", f"Clausum is ready: {base_url}", f"API and its documentation: {base_url}/api/docs", mail]
    organizations = read_state(demo).get("organizations", []) if demo else []
    if organizations:
        lines += ["", f"Sign in at {base_url}/login as one of these (also in {demo}):", *describe_logins(organizations)]
    secret_key = find_bank_key(organizations)
    if secret_key:
        lines += ["", "Ask for a decision on a payout:", "", payout_command(base_url=base_url, secret_key=secret_key)]
    return "\n".join([*lines, "", "Ctrl-C stops everything; the data stay in .run/ (./run --reset starts over)."])
