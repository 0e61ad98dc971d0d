"""Writes docs/openapi.yaml, the OpenAPI document that reviews see change."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clausum.api.docs import render_schema


class Command(BaseCommand):
    """`manage.py record_openapi [--check]`"""

    help = "Record the OpenAPI document in docs/openapi.yaml, or check that it is the recorded one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the record is another")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        record = settings.BASE_DIR / "docs" / "openapi.yaml"
        document = render_schema("yaml")
        if not check:
            record.write_bytes(document)
        elif not record.exists() or record.read_bytes() != document:
            raise CommandError("docs/openapi.yaml is not what the code says; run: manage.py record_openapi")
