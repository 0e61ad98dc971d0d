"""`manage.py vendor_assets`: fetches the browser's packages that static/vendor/vendor.lock.json names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clausum.web.vendoring import VendorError, fetch, list_faults


class Command(BaseCommand):
    help = "Fetch the vendored browser packages with npm; --check compares what is there with the lock, offline."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fetch nothing; fail where a file is not the lock's")

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        try:
            if not options["check"]:
                fetch(base)
        except VendorError as error:
            raise CommandError(str(error)) from error
        faults = list_faults(base)
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("The vendored files are those of the lock.")
