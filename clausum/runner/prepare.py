"""Makes an installation ready for use, in one process: migrations, the queues' tables, static files, the demo."""

import argparse
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from pgmq.install import get_embedded_install_sql

from clausum.runner.environment import BROKER_SCHEME


def install_queues(broker_url: str) -> bool:
    """Make pgmq's schema where the broker's database lacks it, and return whether that was so.

    Plain SQL, no extension: the role needs no more than CREATE on its database.
    """
    database_url = urlunsplit(urlsplit(broker_url)._replace(scheme="postgresql"))
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT to_regclass('pgmq.meta') IS NOT NULL").fetchone()
        if found == (True,):
            return False
        connection.execute(get_embedded_install_sql().encode())
    return True


def prepare(*, demo: Path | None) -> None:
    """Bring the database up to date, and the static files where the settings serve collected ones.

    With a path, fill in the demo and write its logins and keys there.
    """
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    if urlsplit(settings.CELERY_BROKER_URL).scheme == BROKER_SCHEME:
        install_queues(settings.CELERY_BROKER_URL)
    if settings.STATIC_ROOT:
        call_command("collectstatic", interactive=False, verbosity=0)
    if demo is not None:
        call_command("seed_demo", output=str(demo), base_url=settings.BASE_URL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path)
    prepare(demo=parser.parse_args().demo)


if __name__ == "__main__":
    main()
