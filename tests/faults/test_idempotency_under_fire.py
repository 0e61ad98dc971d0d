"""One key, one decision, whoever dies and whatever answer is lost on its way (contract §5 and §6)."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from assess.models import Assessment, IdempotencyKey
from events.models import Event
from tests.assess.conftest import PAYOUT, Caller, make_caller, make_payout
from tests.faults.installation import wait_until
from tests.faults.middleman import Middleman
from tests.load import make_request
from tests.web import Answer, Web, database_url, running_web
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db(transaction=True)

PATIENT = {"ASSESS_DEADLINE_MS": "20000"}


@pytest.fixture
def core_of_bank(transactional_db: None) -> Caller:
    return make_caller()


def send(web: Web, caller: Caller, key: str) -> Answer:
    return web.post(PAYOUT, make_payout(), key=caller.key, Idempotency_Key=key)


def count_rows() -> tuple[int, ...]:
    """Return how many decisions there are, in each of the tables that a decision is written to."""
    told = Event.unscoped.filter(kind="transaction.created").count()
    kinds = (Transaction, Assessment, IdempotencyKey)
    return (*(kind.unscoped.count() for kind in kinds), told, IdentityEvent.unscoped.count() // 2)


def count_lock_waiters() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        found: int = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize(
    ("blocked", "is_replayed"),
    [("blocklists_blocklistentry", False), ("assess_assessment", True)],
    ids=["while it looks up", "while it writes"],
)
def test_a_twin_gets_the_one_decision_when_the_process_of_the_first_is_killed(
    core_of_bank: Caller, blocked: str, is_replayed: bool
) -> None:
    """What was killed before it had decided is decided by the twin; what had sent its COMMIT stands, and is replayed."""
    core_of_bank.payout()
    with (
        running_web(workers=1, threads=2, **PATIENT) as first,
        running_web(workers=1, threads=2, **PATIENT) as second,
        psycopg.connect(database_url()) as holder,
        ThreadPoolExecutor(2) as pool,
    ):
        holder.execute(f"LOCK TABLE {blocked} IN ACCESS EXCLUSIVE MODE".encode())
        lost = pool.submit(send, first, core_of_bank, "k")
        wait_until(lambda: count_lock_waiters() == 1)
        twin = pool.submit(send, second, core_of_bank, "k")
        wait_until(lambda: count_lock_waiters() == 2)
        os.kill(first.list_workers()[0], signal.SIGKILL)
        with pytest.raises(OSError, match=r".*"):
            lost.result()
        holder.rollback()
        decided = twin.result()
        again = send(first, core_of_bank, "k")
    assert (decided.status, "Idempotency-Replayed" in decided.headers) == (200, is_replayed)
    assert (again.status, again.headers["Idempotency-Replayed"], again.body) == (200, "true", decided.body)
    assert count_rows() == (2, 2, 1, 2, 2)


def test_a_core_that_hung_up_too_early_gets_its_decision_on_retry(core_of_bank: Caller) -> None:
    with running_web(workers=2, threads=2, **PATIENT) as web:
        with socket.create_connection(("127.0.0.1", web.port)) as link:
            link.sendall(make_request(PAYOUT, make_payout(), key=core_of_bank.key, Idempotency_Key="k"))
        wait_until(lambda: Transaction.unscoped.count() == 1, seconds=20)
        again = send(web, core_of_bank, "k")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.json()["transaction_id"] == str(Transaction.unscoped.get().id)
    assert count_rows() == (1, 1, 1, 1, 1)


@pytest.fixture
def middleman() -> Iterator[Middleman]:
    given = connection.settings_dict
    with Middleman(given["HOST"] or "127.0.0.1", int(given["PORT"] or 5432)) as between:
        yield between


def url_through(middleman: Middleman) -> str:
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{quote(given['PASSWORD'])}@127.0.0.1:{middleman.port}/{given['NAME']}"


@pytest.mark.parametrize("fate", ["cut", "withheld"])
def test_a_retry_returns_a_decision_whose_commit_was_never_confirmed(
    core_of_bank: Caller, middleman: Middleman, fate: str
) -> None:
    """The database commits, but its answer does not come back: the core is told 503 or 504, never a second decision."""
    deadline_ms = 20_000 if fate == "cut" else 1500
    given = {"ASSESS_DEADLINE_MS": str(deadline_ms), "DATABASE_URL": url_through(middleman)}
    with running_web(workers=1, threads=2, **given) as web:
        assert send(web, core_of_bank, "before").status == 200
        middleman.after_commit = fate
        started = time.monotonic()
        unheard = send(web, core_of_bank, "k")
        took = time.monotonic() - started
        middleman.after_commit = ""
        wait_until(lambda: Transaction.unscoped.count() == 2, seconds=20)
        again = send(web, core_of_bank, "k")
    assert unheard.status in {503, 504}
    assert unheard.headers["Retry-After"] == "1"
    assert took < deadline_ms / 1000 + 5
    assert (again.status, again.headers["Idempotency-Replayed"]) == (200, "true")
    recorded = Assessment.unscoped.get(transaction_id=again.json()["transaction_id"])
    assert bytes(recorded.response) == again.body
    assert json.loads(bytes(recorded.response))["flow"] == "payout"
    assert count_rows() == (2, 2, 2, 2, 2)


def test_a_replay_needs_no_look_up(core_of_bank: Caller) -> None:
    """A decision that stands is returned also while what it was made of cannot be looked up."""
    with running_web(workers=1, threads=2, ASSESS_DEADLINE_MS="1500") as web:
        first = send(web, core_of_bank, "k")
        with psycopg.connect(database_url()) as holder:
            holder.execute("LOCK TABLE blocklists_blocklistentry IN ACCESS EXCLUSIVE MODE")
            again = send(web, core_of_bank, "k")
            holder.rollback()
    assert (again.status, again.headers["Idempotency-Replayed"], again.body) == (200, "true", first.body)
