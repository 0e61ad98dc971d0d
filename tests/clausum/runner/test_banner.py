"""What a person reads when everything is up."""

import json
import subprocess
from pathlib import Path
from typing import Any

from clausum.runner.banner import describe_logins, describe_mail, describe_system, find_bank_key, payout_command

MERCHANT: dict[str, Any] = {
    "name": "Comercio Demo",
    "organization_type": "comercio",
    "keys": {"secret": "clm_sk_merchant"},
    "users": [{"email": "ana@comercio.example", "password": "short", "role": "admin"}],
}
BANK: dict[str, Any] = {
    "name": "Banco Demo",
    "organization_type": "banco",
    "keys": {"secret": "clm_sk_bank"},
    "users": [{"email": "eva@banco.example", "password": "longer-one", "role": "viewer"}],
}


def test_the_command_pasted_into_a_shell_is_the_request() -> None:
    pasted = payout_command(base_url="http://127.0.0.1:8000/", secret_key="clm_sk_bank")
    shell = f'curl() {{ printf "%s\\n" curl "$@"; }}\n{pasted}\n'
    words = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True).stdout.splitlines()
    assert words[:3] == ["curl", "-sS", "http://127.0.0.1:8000/api/v1/assess/payout"]
    assert words[3:7] == ["-H", "Authorization: Bearer clm_sk_bank", "-H", "Content-Type: application/json"]
    assert words[7] == "-d"
    assert json.loads(words[8]) == {
        "amount": 250_000,
        "amount_unit": "minor",
        "currency": "MXN",
        "origin": {"account_id": "acc_demo_001"},
        "beneficiary": {"name": "Comercializadora del Norte", "clabe": "646180111800000004", "country": "MX"},
        "payout": {"channel": "spei", "initiated_by": "tesoreria@banco.example"},
        "payment_id": "pay_demo_001",
    }
    assert len(words) == 9


def test_the_logins_stand_in_columns() -> None:
    assert describe_logins([MERCHANT, BANK]) == [
        "  ana@comercio.example  short       admin   Comercio Demo",
        "  eva@banco.example     longer-one  viewer  Banco Demo",
    ]
    assert describe_logins([]) == []


def test_the_key_is_the_banks() -> None:
    assert find_bank_key([MERCHANT, BANK]) == "clm_sk_bank"
    assert find_bank_key([MERCHANT]) is None


def test_the_whole_text_names_address_logins_and_command(tmp_path: Path) -> None:
    demo = tmp_path / "demo.json"
    demo.write_text(json.dumps({"base_url": "http://127.0.0.1:8000", "organizations": [BANK]}))
    assert describe_system(base_url="http://127.0.0.1:8000", demo=demo, mail="Mail.").splitlines() == [
        "",
        "Clausum is ready: http://127.0.0.1:8000",
        "API and its documentation: http://127.0.0.1:8000/api/docs",
        "Mail.",
        "",
        f"Sign in at http://127.0.0.1:8000/login as one of these (also in {demo}):",
        "  eva@banco.example  longer-one  viewer  Banco Demo",
        "",
        "Ask for a decision on a payout:",
        "",
        *payout_command(base_url="http://127.0.0.1:8000", secret_key="clm_sk_bank").splitlines(),
        "",
        "Ctrl-C stops everything; the data stay in .run/ (./run --reset starts over).",
    ]


def test_without_a_demo_the_address_is_enough() -> None:
    assert describe_system(base_url="https://clausum.bank.example", demo=None, mail="Mail.").splitlines() == [
        "",
        "Clausum is ready: https://clausum.bank.example",
        "API and its documentation: https://clausum.bank.example/api/docs",
        "Mail.",
        "",
        "Ctrl-C stops everything; the data stay in .run/ (./run --reset starts over).",
    ]


def test_it_says_what_becomes_of_mail() -> None:
    assert describe_mail({"SMTP_URL": "smtp://user:secret@mail"}) == "Mail is sent through the server of SMTP_URL."
    assert describe_mail({"MAIL_FOLDER": "/a/.run/mail"}) == (
        "Mail is not sent but written to /a/.run/mail (set SMTP_URL to send it)."
    )
    assert describe_mail({}) == "Nobody gets any mail: SMTP_URL is not set."
