"""Which kinds of jobs there are: apps above register theirs when they are ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from jobs.types import JobFacts, RunningJob, Step


class Runner(Protocol):
    """Takes a job on by one step of a few seconds, inside a unit of work that also stores how far it came.

    So a step either happened and is remembered, or neither. It may be run on another worker than the step before, and
    must find all it needs in the job and the database. Raises JobRefused when the job can never be done; whatever else
    it raises is tried again a few times.
    """

    def __call__(self, *, job: RunningJob, now: datetime) -> Step: ...


class Ending(Protocol):
    """Told, in the transaction that ends it, that a job failed or was cancelled; not when it is done."""

    def __call__(self, *, job: JobFacts, now: datetime) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """One kind of job.

    `name` is stored, so it must not change. `permission` is what it takes to see and to cancel such a job, beside
    `blocklists:read`. `label` says on its page what is done, `unit` what is counted ("filas"); `find_link` gives the
    address of the page with what came of it, of a job that has ended. `failures` has words for the codes with which its
    runner raises JobRefused.
    """

    name: str
    permission: str
    label: str | Promise
    unit: str | Promise
    run: Runner
    on_failure: Ending | None = None
    find_link: Callable[[JobFacts], str] | None = None
    failures: Mapping[str, str | Promise] = field(default_factory=dict)


class KindRegisteredTwice(ValueError):
    """Two kinds have the same name."""


_kinds: dict[str, JobKind] = {}


def register_kind(kind: JobKind) -> None:
    """Make the kind known. Call it in `AppConfig.ready`. Raises KindRegisteredTwice."""
    if kind.name in _kinds:
        raise KindRegisteredTwice(kind.name)
    _kinds[kind.name] = kind


def find_kind(name: str) -> JobKind | None:
    """Return the kind of that name, or None when no app has it any more."""
    return _kinds.get(name)
