"""The words of background jobs."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.actor import Actor
from core.environments import Environment

type Plain = dict[str, Any]
"""What JSON can hold, without personal data: it is shown to whoever may see the job."""


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        return self not in _UNENDED


_UNENDED = frozenset({JobState.QUEUED, JobState.RUNNING})
UNENDED = (JobState.QUEUED.value, JobState.RUNNING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """A job as other apps, the API and the pages see it."""

    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    kind: str
    state: JobState
    parameters: Plain
    done_count: int
    total_count: int | None
    result: Plain
    error_code: str
    requested_by: uuid.UUID | None
    actor_name: str
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None
    cancel_requested_at: datetime | None

    @property
    def is_cancelling(self) -> bool:
        return self.cancel_requested_at is not None and not self.state.is_ended


@dataclass(slots=True)
class Progress:
    """How far one long step has come: a runner sets it, and the page shows it every few seconds."""

    done: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningJob:
    """A job as its runner is given it. `actor` is whoever asked for it, without permissions; `cursor` is the runner's.

    `lease` tells this run from every other: who lost it can no longer write anything.
    """

    id: uuid.UUID
    kind: str
    actor: Actor
    parameters: Plain
    cursor: Plain
    done_count: int
    total_count: int | None
    attempts: int
    lease: uuid.UUID
    progress: Progress = field(default_factory=Progress, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a runner came with one step.

    `done` and `total` count all steps so far; a total of None is not known yet. `cursor` is given to the next step.
    With a `result`, which may be empty, the job is done.
    """

    done: int
    total: int | None = None
    cursor: Plain | None = None
    result: Plain | None = None


class JobRefused(Exception):
    """Raised by a runner: the job can never be done. `code` is an upper-case word, shown and stored."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
