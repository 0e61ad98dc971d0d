"""`manage.py export_events --organization ID FILE`: the audit trail for an auditor, or its signed head for a vault."""

import os
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.exports import export_chain, export_head, get_public_key


class Command(BaseCommand):
    help = "Writes an organization's sealed events and the signed head of their chain, as lines of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", type=uuid.UUID, required=True)
        parser.add_argument("--head-only", action="store_true", help="write only the signed head")
        parser.add_argument("file", type=Path, help="is made; an existing one is refused")

    def handle(self, *_args: object, organization: uuid.UUID, file: Path, head_only: bool, **_options: Any) -> None:
        lines = [export_head(organization_id=organization)] if head_only else export_chain(organization_id=organization)
        try:
            with open(file, "xb", opener=_open_private) as output:
                output.writelines(lines)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        self.stdout.write(f"written: {file}")
        self.stdout.write(f"public key: {get_public_key()}")


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
