"""`manage.py load_history FILE --organization ID --environment E`: see docs/how-to/load-history.md."""

import uuid
from argparse import ArgumentParser
from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import get_organization
from core.actor import Actor, make_system_actor
from core.clock import read_clock
from core.environments import Environment
from core.errors import NotFound
from core.sql import Statement, run_statement
from core.unit_of_work import unit_of_work
from transactions.history_files import HistoryRefused, ReadingReport, UnreadableFile, read_history
from transactions.read_ahead import read_ahead
from transactions.services.load_history import load_history
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.types import LoadedHistory

SNAPSHOT_DAYS = 35

# Autovacuum comes about a minute later, and the first assessments would be planned without knowing the rows.
_ANALYZE = "ANALYZE transactions_transaction, transactions_identityevent"


class Command(BaseCommand):
    help = "Loads payments of the past from a CSV file. All or nothing, and the same file twice adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV in UTF-8, plain or gzipped")
        parser.add_argument("--organization", type=uuid.UUID, required=True)
        parser.add_argument("--environment", choices=[one.value for one in Environment], required=True)
        parser.add_argument("--dry-run", action="store_true", help="check every row, load none")
        parser.add_argument("--skip-invalid", action="store_true", help="load the valid rows, count the others")

    def handle(
        self,
        *_args: object,
        file: Path,
        organization: uuid.UUID,
        environment: str,
        dry_run: bool,
        skip_invalid: bool,
        **_options: Any,
    ) -> None:
        actor, timezone = _find_actor(organization, Environment(environment))
        report = ReadingReport()
        try:
            loaded = _read_file(file, actor, report, is_dry_run=dry_run, skips_invalid=skip_invalid)
        except HistoryRefused:
            self._tell_problems(report)
            raise CommandError(f"{report.invalid} of {report.rows} rows are not valid; nothing was loaded.") from None
        except (UnreadableFile, OSError) as error:
            raise CommandError(f"{error}; nothing was loaded.") from error
        _prepare_first_assessments(loaded, actor, timezone)
        self._tell_problems(report)
        self._tell(report, loaded, is_dry_run=dry_run)

    def _tell_problems(self, report: ReadingReport) -> None:
        for problem in report.problems:
            self.stderr.write(problem)
        if report.invalid > len(report.problems):
            self.stderr.write(f"and {report.invalid - len(report.problems)} more")

    def _tell(self, report: ReadingReport, loaded: LoadedHistory, *, is_dry_run: bool) -> None:
        self.stdout.write(f"rows read: {report.rows}, not valid: {report.invalid}")
        self.stdout.write(f"values left out because they cannot be read: {report.doubtful}")
        if is_dry_run:
            self.stdout.write("dry run: nothing was loaded")
        else:
            self.stdout.write(f"payments loaded: {loaded.loaded}, there already: {loaded.duplicates}")


def _find_actor(organization_id: uuid.UUID, environment: Environment) -> tuple[Actor, str]:
    try:
        organization = get_organization(organization_id=organization_id)
    except NotFound:
        raise CommandError("There is no such organization.") from None
    actor = make_system_actor(organization_id=organization_id, environment=environment, name="load_history")
    return actor, organization.timezone


def _read_file(
    file: Path, actor: Actor, report: ReadingReport, *, is_dry_run: bool, skips_invalid: bool
) -> LoadedHistory:
    now = read_clock()
    rows = read_history(file, report=report, skips_invalid=skips_invalid, now=now)
    if is_dry_run:
        deque(rows, maxlen=0)
        return LoadedHistory()
    with unit_of_work():
        return load_history(actor=actor, rows=read_ahead(rows), now=now)


def _prepare_first_assessments(loaded: LoadedHistory, actor: Actor, timezone: str) -> None:
    """Sum up the days before the end of what was loaded, and let PostgreSQL count the rows."""
    if loaded.last_at is None:
        return
    run_statement(Statement(_ANALYZE, {}))
    until = min(read_clock(), loaded.last_at + timedelta(days=1))
    with unit_of_work():
        snapshot_amounts_of(actor=actor, timezone=timezone, until=until, days=SNAPSHOT_DAYS)
