"""`manage.py seed_demo`: the organizations, people, keys and payments that a first visitor finds."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from clausum.demo.seed import settle_demo
from clausum.demo.state import DemoState, read_demo, write_demo
from core.clock import read_clock


class Command(BaseCommand):
    help = (
        "Make the demo: a bank, a merchant and a PSP, a person in every role, sandbox keys, some weeks of payments; "
        "and write its logins and keys to a private file. What is there already is kept; when the file was lost, its "
        "people get new passwords and keys."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / ".run" / "demo.json", help="the file")
        parser.add_argument("--base-url", default=settings.BASE_URL, help="where the system stands, for the file")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(options["output"])
        settled = settle_demo(known=read_demo(path), now=read_clock())
        organizations = tuple(item.organization for item in settled)
        write_demo(path, DemoState(base_url=options["base_url"], organizations=organizations))
        for item in settled:
            word = "ready" if item.is_changed else "kept"
            self.stdout.write(f"{item.organization.name}: {word}")
