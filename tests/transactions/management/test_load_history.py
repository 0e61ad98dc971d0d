"""`manage.py load_history`."""

import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import Organization
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import make_organization
from transactions.models import AmountSnapshot, IdentityEvent, Transaction

pytestmark = pytest.mark.django_db

HEADER = "flow,occurred_at,amount_minor,currency,origin_account,beneficiary_clabe,payment_id\n"
START = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    return make_organization(timezone="America/Mexico_City")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.csv"


def _write(path: Path, count: int, *extra: str) -> None:
    rows = [
        f"payout,{(START + timedelta(hours=n)).isoformat()},{1000 + n},MXN,acct_{n % 7},012180001234567899,p_{n}\n"
        for n in range(count)
    ]
    path.write_text(HEADER + "".join(rows) + "".join(extra))


def _load(organization: Organization, path: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with time_machine.travel("2026-11-22T18:00:00Z", tick=False):
        call_command(
            "load_history",
            str(path),
            f"--organization={organization.id}",
            "--environment=sandbox",
            *options,
            stdout=out,
            stderr=err,
        )
    return out.getvalue(), err.getvalue()


def _count(organization: Organization, model: Any = Transaction) -> int:
    return int(model.objects.for_organization(organization.id, Environment.SANDBOX).count())


def test_a_file_is_loaded_once_with_its_history_and_snapshots(organization: Organization, path: Path) -> None:
    _write(path, 120)
    out, err = _load(organization, path)
    assert out.splitlines() == [
        "rows read: 120, not valid: 0",
        "values left out because they cannot be read: 0",
        "payments loaded: 120, there already: 0",
    ]
    assert err == ""
    assert (_count(organization), _count(organization, IdentityEvent)) == (120, 240)
    # Five days of 24 payments: 50 of them are there from the end of the third on, the last day being March 6th.
    days = AmountSnapshot.objects.for_organization(organization.id, Environment.SANDBOX).order_by("day")
    assert [day.day.isoformat() for day in days] == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]

    again, _ = _load(organization, path)
    assert "payments loaded: 0, there already: 120" in again
    assert (_count(organization), _count(organization, IdentityEvent), _count(organization, AmountSnapshot)) == (
        120,
        240,
        4,
    )


def test_a_dry_run_checks_every_row_and_loads_none(organization: Organization, path: Path) -> None:
    _write(path, 3)
    out, _ = _load(organization, path, "--dry-run")
    assert out.splitlines()[0] == "rows read: 3, not valid: 0"
    assert "dry run: nothing was loaded" in out
    assert (_count(organization), _count(organization, Event)) == (0, 0)


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_one_invalid_row_refuses_the_file_and_names_the_line(
    organization: Organization, path: Path, options: list[str]
) -> None:
    _write(path, 3, "payout,2026-03-01T00:00:00Z,-5,MXN,acct_secret,,\n")
    err = StringIO()
    with pytest.raises(CommandError, match=r"1 of 4 rows are not valid; nothing was loaded\."):
        call_command(
            "load_history",
            str(path),
            f"--organization={organization.id}",
            "--environment=sandbox",
            *options,
            stderr=err,
        )
    assert err.getvalue() == "line 5: amount_minor: must be a whole number of minor units\n"
    assert (_count(organization), _count(organization, Event)) == (0, 0)


def test_invalid_rows_are_skipped_when_asked_for(organization: Organization, path: Path) -> None:
    _write(path, 3, *["payout,2026-03-01T00:00:00Z,-5,MXN,,,\n"] * 25)
    out, err = _load(organization, path, "--skip-invalid")
    assert out.splitlines()[0] == "rows read: 28, not valid: 25"
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == "and 5 more"
    assert _count(organization) == 3


def test_an_unknown_organization_is_refused(path: Path) -> None:
    _write(path, 1)
    with pytest.raises(CommandError, match=r"There is no such organization\."):
        call_command("load_history", str(path), f"--organization={uuid.uuid4()}", "--environment=sandbox")


def test_a_file_that_is_not_there_is_refused(organization: Organization, path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was loaded"):
        _load(organization, path)


def test_a_file_that_is_no_history_is_refused(organization: Organization, path: Path) -> None:
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(CommandError, match="the file is not UTF-8; nothing was loaded"):
        _load(organization, path)
