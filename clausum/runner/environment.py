"""The environment that the child processes get; what the user has set always wins."""

import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from clausum.runner.files import write_private
from clausum.runner.folder import RunFolder

SETTINGS = "clausum.settings"
EXPORTED = (
    "CLAUSUM_MODE",
    "SECRET_KEY",
    "API_KEY_PEPPER",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "BASE_URL",
    "SMTP_URL",
    "MAIL_FROM",
    "MAIL_FOLDER",
)
"""The variables that the runner decides about; an empty value counts as not set."""
BROKER_SCHEME = "pgmq"


@dataclass(frozen=True)
class Wishes:
    """What the user's own environment asks for."""

    variables: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.variables.get(name, "").strip()

    @property
    def needs_postgres(self) -> bool:
        return not self.get("DATABASE_URL")

    @property
    def needs_mail_folder(self) -> bool:
        return not self.is_production and not self.get("SMTP_URL")

    @property
    def is_production(self) -> bool:
        return self.get("CLAUSUM_MODE") == "production"


def broker_on(database_url: str) -> str:
    """Return the broker URL for queues kept in the same database; the database's own options do not go with it."""
    parts = urlsplit(database_url)
    return urlunsplit((BROKER_SCHEME, parts.netloc, parts.path, "", ""))


def build_environment(wishes: Wishes, *, folder: RunFolder, address: str, database_url: str) -> dict[str, str]:
    """Return the children's whole environment; `database_url` is the embedded server's, for when none was asked for."""
    database = wishes.get("DATABASE_URL") or database_url
    ours = {
        "CLAUSUM_MODE": "development",
        "SECRET_KEY": folder.secret("secret_key"),
        "API_KEY_PEPPER": folder.secret("api_key_pepper"),
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker_on(database),
        "BASE_URL": address,
    }
    if wishes.needs_mail_folder:
        ours["MAIL_FOLDER"] = str(folder.mails)
    theirs = {name: wishes.get(name) for name in EXPORTED if wishes.get(name)}
    return {**wishes.variables, **ours, **theirs, **python_environment()}


def build_test_environment(variables: Mapping[str, str], *, database_url: str) -> dict[str, str]:
    """Return the environment of a test run: the caller's without what would let a real server in."""
    kept = {name: value for name, value in variables.items() if name not in EXPORTED}
    ours = {
        "CLAUSUM_MODE": "test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "API_KEY_PEPPER": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "memory://",
    }
    return {**kept, **ours, **python_environment()}


def python_environment() -> dict[str, str]:
    """Return what every Python child needs: our settings, and logs that are written at once."""
    return {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def write_exports(folder: RunFolder, environment: Mapping[str, str]) -> None:
    """Write `.run/env`: sourced by a shell, `manage.py` works on the running system."""
    names = [name for name in (*EXPORTED, "DJANGO_SETTINGS_MODULE") if environment.get(name)]
    lines = [f"export {name}={shlex.quote(environment[name])}" for name in names]
    write_private(folder.exports, "\n".join(lines) + "\n")
