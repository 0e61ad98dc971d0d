"""What the children's environment is made of."""

import stat
import subprocess
from pathlib import Path

import pytest

from clausum.runner.environment import Wishes, broker_on, build_environment, build_test_environment, write_exports
from clausum.runner.folder import RunFolder

ADDRESS = "http://127.0.0.1:8001"
EMBEDDED = "postgresql://clausum:secret@127.0.0.1:5999/clausum"
REAL = "postgresql://bank:pass@db.bank.example:5432/fraud?sslmode=verify-full"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / ".run")
    made.open()
    return made


def build(folder: RunFolder, variables: dict[str, str]) -> dict[str, str]:
    return build_environment(Wishes(variables), folder=folder, address=ADDRESS, database_url=EMBEDDED)


def test_without_wishes_everything_is_embedded(folder: RunFolder) -> None:
    assert build(folder, {"PATH": "/bin"}) == {
        "PATH": "/bin",
        "CLAUSUM_MODE": "development",
        "SECRET_KEY": folder.secret("secret_key"),
        "API_KEY_PEPPER": folder.secret("api_key_pepper"),
        "DATABASE_URL": EMBEDDED,
        "CELERY_BROKER_URL": "pgmq://clausum:secret@127.0.0.1:5999/clausum",
        "BASE_URL": ADDRESS,
        "MAIL_FOLDER": str(folder.mails),
        "DJANGO_SETTINGS_MODULE": "clausum.settings",
        "PYTHONUNBUFFERED": "1",
    }


def test_what_the_user_set_wins(folder: RunFolder) -> None:
    wishes = {
        "CLAUSUM_MODE": "production",
        "SECRET_KEY": "theirs",
        "API_KEY_PEPPER": "theirs too",
        "DATABASE_URL": REAL,
        "CELERY_BROKER_URL": "redis://queue.bank.example/0",
        "CACHE_URL": "redis://cache.bank.example/1",
        "BASE_URL": "https://clausum.bank.example",
        "ALLOWED_HOSTS": "clausum.bank.example",
    }
    assert build(folder, wishes) == {
        **wishes,
        "DJANGO_SETTINGS_MODULE": "clausum.settings",
        "PYTHONUNBUFFERED": "1",
    }


def test_mail_is_written_to_a_folder_unless_a_server_or_production_is_asked_for(folder: RunFolder) -> None:
    assert build(folder, {"MAIL_FOLDER": "/var/mail"})["MAIL_FOLDER"] == "/var/mail"
    assert "MAIL_FOLDER" not in build(folder, {"SMTP_URL": "smtp://mail.bank.example"})
    assert "MAIL_FOLDER" not in build(folder, {"CLAUSUM_MODE": "production"})


def test_an_empty_wish_is_none(folder: RunFolder) -> None:
    assert build(folder, {"DATABASE_URL": " "})["DATABASE_URL"] == EMBEDDED


def test_a_real_database_carries_the_queues_too_unless_told_otherwise(folder: RunFolder) -> None:
    assert build(folder, {"DATABASE_URL": REAL})["CELERY_BROKER_URL"] == "pgmq://bank:pass@db.bank.example:5432/fraud"
    assert broker_on(REAL) == "pgmq://bank:pass@db.bank.example:5432/fraud"


@pytest.mark.parametrize(
    ("variables", "needs"), [({}, True), ({"DATABASE_URL": ""}, True), ({"DATABASE_URL": REAL}, False)]
)
def test_the_embedded_server_is_for_who_names_none(variables: dict[str, str], needs: bool) -> None:
    assert Wishes(variables).needs_postgres is needs


@pytest.mark.parametrize(("mode", "is_production"), [("production", True), ("development", False), ("", False)])
def test_production_is_recognised(mode: str, is_production: bool) -> None:
    assert Wishes({"CLAUSUM_MODE": mode}).is_production is is_production


def test_a_test_run_does_not_see_the_users_servers() -> None:
    theirs = {"DATABASE_URL": REAL, "CACHE_URL": "redis://cache", "BASE_URL": "https://bank", "HOME": "/home/a"}
    environment = build_test_environment({**theirs, "SECRET_KEY": "theirs"}, database_url=EMBEDDED)
    assert len(environment.pop("SECRET_KEY")) == 64
    assert len(environment.pop("API_KEY_PEPPER")) == 64
    assert environment == {
        "HOME": "/home/a",
        "CLAUSUM_MODE": "test",
        "DATABASE_URL": EMBEDDED,
        "CELERY_BROKER_URL": "memory://",
        "DJANGO_SETTINGS_MODULE": "clausum.settings",
        "PYTHONUNBUFFERED": "1",
    }


def test_the_exports_are_private_and_a_shell_reads_them(folder: RunFolder) -> None:
    environment = build(folder, {"PATH": "/bin", "SECRET_KEY": "it's $HOME `id`"})
    write_exports(folder, environment)
    assert stat.S_IMODE(folder.exports.stat().st_mode) == 0o600
    script = f'. {folder.exports}; printf "%s|%s|%s" "$SECRET_KEY" "$DATABASE_URL" "$CACHE_URL"'
    done = subprocess.run(["/bin/sh", "-c", script], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == f"it's $HOME `id`|{EMBEDDED}|"
    assert "PATH" not in folder.exports.read_text()
