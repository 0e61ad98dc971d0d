"""The fault table: each fault under a steady load, what became of the payments, and how long it took to recover."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise

from tests.faults.clients import Crowd, working
from tests.faults.installation import Installation, list_children, wait_until
from tests.faults.ledger import Findings, examine

BEFORE_SECONDS, AFTER_SECONDS = 1.0, 2.5
STORM_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its name, and what does it and returns when it is over (the monotonic clock)."""

    name: str
    happen: Callable[[Installation], float]
    needs_redis: bool = False
    key: str = "free"


@dataclass(frozen=True, slots=True)
class Row:
    """One fault and its consequences. Times in seconds."""

    name: str
    sent: int
    answered: int
    replays: int
    earlier: Counter[str]
    findings: Findings
    recovery: float
    silence: float
    slowest: float

    @property
    def unexpected(self) -> list[str]:
        return sorted(why for why in self.earlier if why.startswith("unexpected"))


def _restart(one: Installation) -> float:
    one.postgres.stop()
    one.postgres.start()
    return time.monotonic()


def _stop_at_once(one: Installation) -> float:
    """An immediate shutdown: no checkpoint, so that the next start has to recover."""
    os.kill(one.postgres.child.pid, signal.SIGQUIT)
    one.postgres.child.wait(30)
    one.postgres.start()
    return time.monotonic()


def _kill_backend(one: Installation) -> float:
    """The kernel's out-of-memory killer would do so: the server drops everybody and recovers by itself."""
    os.kill(one.list_backends()[0], signal.SIGKILL)
    return time.monotonic()


def _kill_web_worker(one: Installation) -> float:
    os.kill(list_children(one.pid("web"))[0], signal.SIGKILL)
    return time.monotonic()


def _kill_web(one: Installation) -> float:
    """Its processes see that their parent is gone and end; a supervisor starts it again at once."""
    one.kill("web")
    one.start_web(wait=False)
    return time.monotonic()


def _kill_worker(one: Installation) -> float:
    children = list_children(one.pid("worker"))
    one.kill("worker")
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    one.start_worker()
    return time.monotonic()


def _use_up_connections(one: Installation) -> float:
    """The role may open no connection, and those that are open are cut."""
    one.ask("ALTER ROLE clausum CONNECTION LIMIT 0")
    one.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'clausum'")
    time.sleep(STORM_SECONDS)
    one.ask("ALTER ROLE clausum CONNECTION LIMIT -1")
    return time.monotonic()


def _slow_commits(one: Installation) -> float:
    """Each commit waits a tenth of a second before it writes, as on a slow disk (commit_delay)."""
    one.ask("ALTER SYSTEM SET commit_delay = 100000")
    one.ask("ALTER SYSTEM SET commit_siblings = 0")
    one.ask("SELECT pg_reload_conf()")
    time.sleep(STORM_SECONDS)
    one.ask("ALTER SYSTEM RESET ALL")
    one.ask("SELECT pg_reload_conf()")
    return time.monotonic()


def _freeze_database(one: Installation) -> float:
    """All the server's processes stand still, as when its disk or its machine hangs: connections stay, nobody answers."""
    frozen = one.list_postgres()
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(3 * STORM_SECONDS)
    for pid in reversed(frozen):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return time.monotonic()


def _lose_redis(one: Installation) -> float:
    one.kill("redis")
    time.sleep(STORM_SECONDS)
    one.start_redis()
    return time.monotonic()


def _nothing(_one: Installation) -> float:
    return time.monotonic()


DATABASE_FAULTS = (
    Fault("nothing", _nothing),
    Fault("PostgreSQL restarted (fast)", _restart),
    Fault("PostgreSQL shut down at once, recovers", _stop_at_once),
    Fault("a database process killed, recovers", _kill_backend),
    Fault("no connection to be had for 2 s", _use_up_connections),
    Fault("commits slowed by 100 ms for 2 s", _slow_commits),
    Fault("database frozen for 6 s", _freeze_database),
    Fault("a web process killed", _kill_web_worker),
    Fault("the web server killed, started again", _kill_web),
)
WORKER_FAULTS = (Fault("the worker killed, started again", _kill_worker),)
RATE_STORE_FAULTS = (Fault("Redis (rate limits) gone for 2 s", _lose_redis, needs_redis=True, key="counted"),)
BROKER_FAULTS = (Fault("Redis (broker) gone for 2 s", _lose_redis, needs_redis=True),)


def has_redis() -> bool:
    """Say whether this machine has a redis-server."""
    return shutil.which("redis-server") is not None


def run_fault(one: Installation, fault: Fault) -> Row:
    """Let the fault happen under load and say what came of it."""
    name = f"{fault.name}:"
    with working(one.web_port, key=one.keys[fault.key], name=name) as crowd:
        time.sleep(BEFORE_SECONDS)
        began = time.monotonic()
        over = fault.happen(one)
        _wait_for_success(crowd, after=over)
        time.sleep(AFTER_SECONDS)
        ended = time.monotonic()
    payments = crowd.payments
    times = sorted([began, ended, *(p.answered_at for p in payments if p.body and began < p.answered_at < ended)])
    return Row(
        name=fault.name,
        sent=len(payments),
        answered=sum(payment.body is not None for payment in payments),
        replays=sum(payment.is_replay for payment in payments),
        earlier=crowd.earlier,
        findings=examine(one.postgres.url(), name=name, payments=payments),
        recovery=next((at for at in times[:-1] if at > over), ended) - over,
        silence=max(later - earlier for earlier, later in pairwise(times)),
        slowest=max(payment.slowest for payment in payments),
    )


def _wait_for_success(crowd: Crowd, *, after: float) -> None:
    with suppress(TimeoutError):
        wait_until(lambda: any(p.body is not None and p.answered_at > after for p in crowd.payments[::-1]), seconds=30)


def run_all(one: Installation) -> Iterator[Row]:
    """Let every fault happen, one after the other, in the same installation."""
    for fault in DATABASE_FAULTS:
        yield run_fault(one, fault)
    one.start_worker()
    wait_until(lambda: bool(one.ask("SELECT 1 FROM events_workerheartbeat")))
    for fault in WORKER_FAULTS:
        yield run_fault(one, fault)
    one.end("worker")
    if not has_redis():
        return
    for faults, variable in ((RATE_STORE_FAULTS, "CACHE_URL"), (BROKER_FAULTS, "CELERY_BROKER_URL")):
        with _with_redis(one, variable):
            for fault in faults:
                yield run_fault(one, fault)


@contextmanager
def _with_redis(one: Installation, variable: str) -> Iterator[None]:
    one.start_redis()
    one.restart_web(**{variable: one.redis_url})
    yield
    one.end("redis")


HEAD = (
    "| Fault | payments | answered | 503 / 504 / 409 / lost before it | replayed | lost | doubled | half-written "
    "| recovered after | longest silence | slowest answer |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def format_row(row: Row) -> str:
    """Return the row for a Markdown table."""
    tries = " / ".join(str(row.earlier[why]) for why in ("503", "504", "409", "lost"))
    found = row.findings
    return (
        f"| {row.name} | {row.sent} | {row.answered} | {tries} | {row.replays} | {found.lost} | {found.doubled} "
        f"| {found.half_written} | {row.recovery:.2f} s | {row.silence:.2f} s | {row.slowest:.2f} s |"
        + "".join(f" {why}: {row.earlier[why]}" for why in row.unexpected)
    )
