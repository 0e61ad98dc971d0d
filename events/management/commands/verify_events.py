"""`manage.py verify_events`: has anything in the audit trail been altered, removed, reordered or cut off?

With `--file` it asks no database. Ends with status 1 when something is wrong.
"""

import uuid
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.clock import read_clock
from events.exports import get_public_key
from events.queries import list_organizations
from events.rules.exports import ExportVerifier, UnreadableLine, parse_line
from events.rules.heads import find_forgery
from events.types import HeadContent, Problem, SignedHead
from events.verification import DatabaseVerifier

SHOWN = 100


class Command(BaseCommand):
    help = "Verifies the chain of events, in the database or in an exported file (then without a database)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--organization", type=uuid.UUID, help="only this one's chain; else every one's")
        source.add_argument("--file", type=Path, help="an export, verified without a database")
        parser.add_argument(
            "--head", type=Path, action="append", default=[], help="an earlier export, or its signed head alone"
        )
        parser.add_argument(
            "--public-key", action="append", default=[], help="base64; this installation's own when not given"
        )

    def handle(
        self,
        *_args: object,
        organization: uuid.UUID | None,
        file: Path | None,
        head: list[Path],
        public_key: list[str],
        **_options: Any,
    ) -> None:
        trusted = public_key or [get_public_key()]
        heads = [_read_head(path, trusted) for path in head]
        found = self._verify_file(file, trusted, heads) if file else self._verify_database(organization, heads)
        if found:
            raise CommandError(f"{found} problems: the audit trail is not as it was sealed")

    def _verify_file(self, path: Path, trusted: list[str], heads: list[HeadContent]) -> int:
        verifier = ExportVerifier(trusted_keys=trusted, heads=heads)
        found = 0
        with _open(path) as lines:
            for raw in lines:
                found = self._show(verifier.check(raw), found)
        found = self._show(verifier.finish(), found)
        if verifier.chain is not None:
            self.stdout.write(f"organization {verifier.chain.organization}: {verifier.chain.count} sealed events")
        return found

    def _verify_database(self, organization: uuid.UUID | None, heads: list[HeadContent]) -> int:
        known = {uuid.UUID(head.organization) for head in heads}
        if organization and known - {organization}:
            raise CommandError("a head is another organization's: it says nothing about this chain")
        chosen = [organization] if organization else sorted({*list_organizations(), *known})
        return sum(self._verify_organization(organization_id, heads) for organization_id in chosen)

    def _verify_organization(self, organization_id: uuid.UUID, heads: list[HeadContent]) -> int:
        verifier = DatabaseVerifier(organization_id=organization_id, heads=heads)
        found = self._show(verifier.verify(now=read_clock()), 0)
        self.stdout.write(
            f"organization {organization_id}: {verifier.chain.count} sealed events, {verifier.waiting} waiting for "
            f"their seal, {verifier.erased} with erased personal data, {found} problems"
        )
        return found

    def _show(self, problems: Iterable[Problem], found: int) -> int:
        """Print each problem, up to SHOWN of a chain, and return how many there are by now."""
        for problem in problems:
            found += 1
            if found <= SHOWN:
                self.stdout.write(str(problem))
        return found


def _read_head(path: Path, trusted: list[str]) -> HeadContent:
    """Return the head that ends the file. Raises CommandError when there is none that can be believed."""
    with _open(path) as lines:
        last = deque(lines, maxlen=1)
    try:
        signed = parse_line(last[0]) if last else None
    except UnreadableLine:
        signed = None
    if not isinstance(signed, SignedHead):
        raise CommandError(f"{path} does not end with a signed head")
    forgery = find_forgery(signed, trusted_keys=trusted)
    if forgery is not None:
        raise CommandError(f"{path}: {forgery}")
    return signed.head


def _open(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
