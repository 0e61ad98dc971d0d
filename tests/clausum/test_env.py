"""Settings that cannot stand stop the start with a sentence that says why."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "CLAUSUM_MODE": "production",
    "SECRET_KEY": "s" * 40,
    "API_KEY_PEPPER": "p" * 40,
    "DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x",
    "ALLOWED_HOSTS": "clausum.example",
}


def _start(**changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    given = {name: value for name, value in (GOOD | changes).items() if value != "unset"}
    code = "import django; from django.conf import settings; settings.SECRET_KEY; django.setup(); print('started')"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | given | {"DJANGO_SETTINGS_MODULE": "clausum.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_production_starts_with_all_it_needs() -> None:
    assert _start().stdout == "started\n"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": "unset"}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or shorter than 32"),
        ({"API_KEY_PEPPER": "unset"}, "API_KEY_PEPPER is missing"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": "unset"}, "ALLOWED_HOSTS is empty"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must be a postgresql:// URL"),
        ({"DATABASE_URL": "unset"}, "DATABASE_URL must be a postgresql:// URL"),
        ({"CLAUSUM_MODE": "staging"}, "CLAUSUM_MODE must be one of"),
        ({"TRUSTED_PROXIES": "10.0.0.0/8, everywhere"}, "TRUSTED_PROXIES must list addresses"),
    ],
)
def test_production_refuses_to_start_and_says_why(change: dict[str, str], sentence: str) -> None:
    ended = _start(**change)
    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert "started" not in ended.stdout


def test_without_a_mode_it_is_production() -> None:
    assert "DEBUG is on" in _start(CLAUSUM_MODE="unset", DEBUG="true").stderr


def test_every_process_knows_the_broker_as_the_worker_does() -> None:
    code = (
        "import django; django.setup(); from celery import current_app as app; print(app.main, app.conf.task_acks_late)"
    )
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "clausum.settings"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == "clausum True\n"
