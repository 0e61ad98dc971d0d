"""`manage.py replay_dataset`: sends labelled payments through the API, at their own times, and judges the answers."""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clausum.datasets.aftermath import Aftermath, Habits
from clausum.datasets.bank import Bank, NotOurPayment
from clausum.datasets.calls import Call, make_call
from clausum.datasets.client import Address, parse_address
from clausum.datasets.credentials import KEY_VARIABLE, Credentials, NoCredentials, choose_credentials
from clausum.datasets.history import write_history
from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.mappings.mapping import DatasetMapping
from clausum.datasets.progress import Progress
from clausum.datasets.replay import Replay
from clausum.datasets.report import Report, make_report
from clausum.datasets.rows import Dataset, DatasetInvalid
from clausum.datasets.table import format_report
from core.errors import AppError

DEFAULT_LANES = 4
MOST_LANES = 64
MOST_DAYS = 3_650
INTERRUPTED = 130
"""Exit status of a program ended by Ctrl-C, as shells give it: 128 + SIGINT."""


def read_speed(text: str) -> float | None:
    """Return payments a second, None for `max`. Raises ArgumentTypeError."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError("must be max, or a number of payments a second above 0")
    return rate


def read_count(text: str) -> int:
    """Return a whole number above 0. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a whole number above 0")
    return int(text)


@dataclass(frozen=True, slots=True)
class Run:
    """What the command line asks for."""

    file: Path
    mapping: DatasetMapping
    credentials: Credentials
    address: Address
    rate: float | None
    skip: int
    limit: int | None
    lanes: int
    habits: Habits


class Command(BaseCommand):
    help = (
        "Send labelled payments (CSV, plain or gzipped) through the HTTP API as a client would, each judged at its own "
        "time (X-Clausum-As-Of: a sandbox key of an organization that allows it), and compare the decisions with the "
        "labels, which are not sent. Exit status 1 when a payment stayed without an answer; a currency that the API "
        "refuses is an answer. Running it twice on one database within a day replays the first answers."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .csv.gz of labelled payments, in time order")
        parser.add_argument("--mapping", required=True, choices=list(MAPPINGS), help=_describe_mappings())
        parser.add_argument(
            "--speed",
            type=read_speed,
            default=None,
            help="payments a second, or max (the default): as fast as answers come",
        )
        parser.add_argument("--base-url", help="where the API stands; else what .run/demo.json says")
        parser.add_argument(
            "--key-file",
            type=Path,
            help=f"file with the secret key; else the variable {KEY_VARIABLE}; else the keys of .run/demo.json: "
            "the bank's for payouts, the merchant's for pay-ins",
        )
        parser.add_argument("--skip", type=read_count, default=0, help="pass over so many payments first")
        parser.add_argument(
            "--write-history",
            type=Path,
            metavar="HISTORY",
            help="send nothing: write what --skip passes over as a file for load_history, without labels",
        )
        parser.add_argument("--limit", type=read_count, help="stop after so many payments")
        parser.add_argument(
            "--concurrency",
            type=read_count,
            default=DEFAULT_LANES,
            help="calls at once (default 4). One party's payments keep their order; those of different parties may be "
            "judged up to 2 x this number out of it, which fan-in feels. 1 keeps the order of everything",
        )
        parser.add_argument(
            "--feedback-days",
            type=read_count,
            help="confirm each fraud that was not declined so many days after it, by the data's clock, through the "
            "service that labels payments",
        )
        parser.add_argument(
            "--decide-reviews-hours",
            type=read_count,
            help="play the analyst: so many hours after a payment that waits (review, challenge) release it when it "
            "was good, cancel it when it was fraud",
        )
        parser.add_argument(
            "--close-days",
            action="store_true",
            help="sum up the amounts at each midnight of the data, as the worker does at those of the clock. These "
            "three need the database of the API (DATABASE_URL)",
        )
        parser.add_argument("--output", type=Path, help="write the figures there too, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write_history"]:
            self._write_history(options)
            return
        run, bank = _read_run(options), Bank()
        try:
            with Dataset(run.file) as dataset:
                replay, problem = self._replay(run, dataset, bank)
        except OSError as error:
            raise CommandError(f"cannot read {run.file}: {error.strerror}") from None
        report = make_report(tally=replay.tally(), seconds=replay.elapsed_seconds, told=bank.told)
        self.stdout.write(format_report(report))
        if options["output"]:
            options["output"].write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
        _end(replay, report, problem)

    def _write_history(self, options: dict[str, Any]) -> None:
        path, mapping = options["write_history"], MAPPINGS[options["mapping"]]
        try:
            with Dataset(options["file"]) as dataset:
                written = write_history(islice(dataset, options["skip"]), mapping=mapping, path=path)
        except (OSError, DatasetInvalid) as error:
            raise CommandError(f"the history was not written: {error}") from None
        self.stdout.write(f"{written:,} payments written to {path}")

    def _replay(self, run: Run, dataset: Dataset, bank: Bank) -> tuple[Replay, str | None]:
        """Send the payments and return the run, with what was wrong in the file, if something was."""
        aftermath = Aftermath(habits=run.habits, bank=bank) if run.habits != Habits() else None
        replay = Replay(address=run.address, lanes=run.lanes, rate=run.rate, aftermath=aftermath)
        progress = Progress(
            stream=sys.stderr,
            count=lambda: replay.ended,
            fraction=lambda: replay.ended / run.limit if run.limit else dataset.read_fraction(),
        )
        problem = None
        try:
            replay.run(_make_calls(run, dataset), watch=progress.tick)
        except DatasetInvalid as error:
            problem = f"the file cannot be read on: {error}"
        except NotOurPayment as error:
            problem = str(error)
        except AppError as error:
            problem = f"what was to be told of a payment was refused: {error.text}"
        progress.end()
        return replay, problem


def _describe_mappings() -> str:
    return "; ".join(f"{mapping.name}: {mapping.about}" for mapping in MAPPINGS.values())


def _read_run(options: dict[str, Any]) -> Run:
    if options["concurrency"] > MOST_LANES:
        raise CommandError(f"--concurrency may be at most {MOST_LANES}")
    try:
        credentials = choose_credentials(
            base_url=options["base_url"],
            key=_read_key(options["key_file"]),
            demo_file=settings.BASE_DIR / ".run" / "demo.json",
        )
        address = parse_address(credentials.base_url)
    except (NoCredentials, ValueError) as error:
        raise CommandError(str(error)) from None
    return Run(
        file=options["file"],
        mapping=MAPPINGS[options["mapping"]],
        credentials=credentials,
        address=address,
        rate=options["speed"],
        skip=options["skip"],
        limit=options["limit"],
        lanes=options["concurrency"],
        habits=_read_habits(options),
    )


def _read_habits(options: dict[str, Any]) -> Habits:
    days, hours = options["feedback_days"], options["decide_reviews_hours"]
    if max(days or 0, (hours or 0) / 24) > MOST_DAYS:
        raise CommandError(f"a delay may be at most {MOST_DAYS} days")
    return Habits(
        confirms_after=timedelta(days=days) if days else None,
        decides_after=timedelta(hours=hours) if hours else None,
        closes_days=options["close_days"],
    )


def _read_key(key_file: Path | None) -> str | None:
    if key_file is None:
        return os.environ.get(KEY_VARIABLE, "").strip() or None
    try:
        key = key_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not key:
        raise CommandError(f"{key_file} cannot be read or holds no key")
    return key


def _make_calls(run: Run, dataset: Dataset) -> Iterator[Call]:
    rows = islice(dataset, run.skip, run.skip + run.limit if run.limit else None)
    return (make_call(row=row, mapping=run.mapping, keys=run.credentials.keys) for row in rows)


def _end(replay: Replay, report: Report, problem: str | None) -> None:
    """Say why the run ended before the file did, and leave with the status that belongs to it."""
    if replay.is_interrupted:
        raise CommandError("interrupted: the figures are those of the payments so far", returncode=INTERRUPTED)
    if replay.gave_up_at:
        raise CommandError(f"gave up at '{replay.gave_up_at}': every further payment would end so")
    if problem:
        raise CommandError(problem)
    if report.failures:
        raise CommandError("some payments have no answer")
