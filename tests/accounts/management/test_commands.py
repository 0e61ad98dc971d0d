"""The commands of accounts."""

import io
import uuid
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiKey, Membership, Organization, PlatformSwitch, User
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import bearer, make_organization, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


def _run(command: str, *arguments: str) -> dict[str, str]:
    """Run the command and return the lines that it prints, by what stands before the colon."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines())


def _create(*arguments: str) -> dict[str, str]:
    usual = ("--name", "Banco del Norte", "--type", "banco", "--admin-email", "ana@banco.example")
    return _run("create_organization", *usual, *arguments)


def test_an_organization_is_made_with_an_administrator_who_can_sign_in(client: Client) -> None:
    told = _create(
        "--modules", "CLM-MOD-OPS", "CLM-MOD-PREV", "--timezone", "America/Bogota", "--environment", "sandbox"
    )
    organization = Organization.objects.get()
    assert told["organization"] == str(organization.id)
    assert organization.modules == ["CLM-MOD-PREV", "CLM-MOD-OPS"]
    assert (organization.timezone, organization.default_environment) == ("America/Bogota", "sandbox")
    assert Membership.unscoped.get().role == "admin"
    body = {"email": told["administrator"], "password": told["password (shown this once)"]}
    answer = client.post("/api/v1/auth/token", body, content_type="application/json")
    assert answer.json()["organization_id"] == str(organization.id)


def test_its_events_name_the_command() -> None:
    _create()
    assert set(Event.unscoped.values_list("kind", "actor_name")) == {
        ("organization.created", "command:create_organization"),
        ("member.added", "command:create_organization"),
    }


def test_the_password_is_read_from_stdin_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("una contraseña larga\n"))
    assert set(_create("--admin-password-stdin")) == {"organization", "administrator"}
    assert User.objects.get().check_password("una contraseña larga")


def test_an_administrator_who_is_known_keeps_their_password() -> None:
    person = make_user(email="ana@banco.example")
    assert set(_create()) == {"organization", "administrator"}
    assert Membership.unscoped.get().user_id == person.id


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["--timezone", "Mars/Olympus"], ""),
        (["--type", "casino"], ""),
        (["--modules", "CLM-MOD-NONE"], ""),
        (["--admin-email", "no address"], ""),
        (["--admin-password-stdin"], ""),
        (["--admin-password-stdin"], "short\n"),
    ],
)
def test_what_cannot_be_ends_the_command_and_leaves_nothing(
    arguments: list[str], stdin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    with pytest.raises(CommandError):
        _create(*arguments)
    assert (Organization.objects.count(), User.objects.count(), Event.unscoped.count()) == (0, 0, 0)


def test_modules_are_set_and_told() -> None:
    organization = make_organization(modules=[])
    assert _run("set_modules", str(organization.id), "CLM-MOD-INST", "CLM-MOD-PREV") == {
        "modules": "CLM-MOD-PREV CLM-MOD-INST"
    }
    assert _run("set_modules", str(organization.id)) == {"modules": "none"}
    organization.refresh_from_db()
    assert organization.modules == []
    assert Event.unscoped.count() == 2


@pytest.mark.parametrize(
    ("flag", "limit"),
    [((), 100), (("--no-rate-limit",), None)],
)
def test_a_key_is_made_that_works(client: Client, flag: tuple[str, ...], limit: int | None) -> None:
    organization = make_organization()
    told = _run("create_api_key", str(organization.id), "--type", "secret", "--name", "Load test", *flag)
    row = ApiKey.objects.for_organization(organization.id, Environment.SANDBOX).get()
    assert (told["id"], row.rate_limit_per_minute, row.name) == (str(row.id), limit, "Load test")
    assert client.get("/api/v1/back-door", **bearer(told["key (shown this once)"])).status_code == 200


def test_a_key_s_environment_is_chosen() -> None:
    organization = make_organization()
    _run("create_api_key", str(organization.id), "--type", "ingest", "--name", "x", "--environment", "production")
    assert ApiKey.unscoped.get().environment == "production"


@pytest.mark.parametrize(("flow", "field"), [("payin", "maintenance_payin"), ("payout", "maintenance_payout")])
def test_maintenance_of_one_organization(flow: str, field: str) -> None:
    organization, other = make_organization(), make_organization()
    for state in ("on", "off"):
        told = _run("switch_maintenance", state, "--flow", flow, "--organization", str(organization.id))
        assert told == {f"maintenance of {flow}": state}
        organization.refresh_from_db()
        other.refresh_from_db()
        assert (getattr(organization, field), getattr(other, field)) == (state == "on", False)
    assert PlatformSwitch.objects.count() == 0


def test_maintenance_of_the_whole_installation() -> None:
    for state in ("on", "off"):
        _run("switch_maintenance", state, "--flow", "payout")
        assert list(PlatformSwitch.objects.values_list("name", "is_on")) == [("maintenance_payout", state == "on")]
    assert Event.unscoped.count() == 0


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("set_modules", []),
        ("create_api_key", ["--type", "secret", "--name", "x"]),
    ],
)
def test_an_organization_that_is_not_there_ends_the_command(command: str, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        _run(command, str(uuid.uuid4()), *arguments)


def test_maintenance_of_an_organization_that_is_not_there_ends_the_command() -> None:
    arguments: Any = ("on", "--flow", "payin", "--organization", str(uuid.uuid4()))
    with pytest.raises(CommandError):
        _run("switch_maintenance", *arguments)
    assert PlatformSwitch.objects.count() == 0
