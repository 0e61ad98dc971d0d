"""How often one assessment goes to PostgreSQL and back, and with how many statements each time, as the wire shows it.

A change of a number here is a change of what every payment costs: make it on purpose. (Checked by hand against a proxy
that holds every answer back: the client waits as often as there are round trips here.)
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection
from psycopg.pq import Trace

from accounts import last_use
from accounts.keys import make_key
from accounts.models import ApiKey
from accounts.types import KeyType
from tests.assess.conftest import PAYIN, PAYOUT, Caller, make_caller, make_payin, make_payout
from transactions.models import Transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="libpq hands out its trace on Linux only"),
]

# The statements, each counted once, in the order in which they go out.
KEY = RATE = USE = BEGIN = COMMIT = LIMIT = 1
CLAIM = FIND = SESSION = 1
SAVE, POLICY, LISTS, FEEDS, HISTORY, AMOUNTS, PAIR, NAMES, PRIOR_FRAUD, KEEP = (1,) * 10
TRANSACTION, ASSESSMENT, COUNTED, EVENT = (1,) * 4

GATHER = LIMIT + SAVE + POLICY + LISTS + AMOUNTS + KEEP
GATHER_PAYOUT = GATHER + FEEDS + HISTORY + PAIR + NAMES + PRIOR_FRAUD
RECORD = LIMIT + TRANSACTION + ASSESSMENT + EVENT + COMMIT


@dataclass
class Wire:
    """What was said: for each round trip, how many statements went out together."""

    round_trips: list[int] = field(default_factory=list)

    def read(self, log: str) -> None:
        """Take in libpq's trace: direction, length and kind of every message, among the lines of long statements.

        A round trip begins when we speak after the server did.
        """
        is_answering = True
        for sender, kind in re.findall(r"^([FB])\t\d+\t(\w+)", log, re.MULTILINE):
            if sender == "F" and is_answering:
                self.round_trips.append(0)
            is_answering = sender == "B"
            if sender == "F" and kind in {"Query", "Execute"}:
                self.round_trips[-1] += 1


@contextmanager
def listening() -> Iterator[Wire]:
    """Listen to the connection that this thread's requests use."""
    wire = Wire()
    libpq = connection.connection.pgconn
    with tempfile.TemporaryFile("w+") as log:
        libpq.trace(log.fileno())
        libpq.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield wire
        finally:
            libpq.untrace()
        log.seek(0)
        wire.read(log.read())


@pytest.fixture
def warm_bank(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """A bank in the midst of its work: plans prepared, policy known, the key's use noted a moment ago."""
    monkeypatch.setattr(last_use, "COUNTED_EVERY", timedelta(days=1))
    bank = make_caller()
    for number in range(2):
        bank.payout()
        bank.payin(email="ana@example.com")
        for _ in range(2):
            bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY=f"warm {number}")
    return bank


def test_a_payout_without_a_key_takes_two_round_trips(warm_bank: Caller) -> None:
    with listening() as wire:
        warm_bank.payout()
    assert wire.round_trips == [LIMIT + KEY + BEGIN + GATHER_PAYOUT, RECORD + COUNTED]
    assert sum(wire.round_trips) == 20


def test_a_keys_use_is_counted_once_a_second_without_a_round_trip_of_its_own(warm_bank: Caller) -> None:
    last_use.forget_uses()
    with listening() as wire:
        warm_bank.payout()
        warm_bank.payout()
    first, second = LIMIT + KEY + USE + BEGIN + GATHER_PAYOUT, LIMIT + KEY + BEGIN + GATHER_PAYOUT
    assert wire.round_trips == [first, RECORD + COUNTED, second, RECORD + COUNTED]


def test_all_of_a_payout_is_written_under_one_transaction_id(transactional_db: None) -> None:
    make_caller().post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin FROM assess_idempotencykey UNION SELECT xmin FROM transactions_transaction"
            " UNION SELECT xmin FROM transactions_identityevent UNION SELECT xmin FROM assess_assessment"
        )
        assert len(cursor.fetchall()) == 1


def test_a_claim_takes_no_more(warm_bank: Caller) -> None:
    with listening() as wire:
        warm_bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k")
    assert wire.round_trips == [LIMIT + KEY + BEGIN + LIMIT + CLAIM + GATHER_PAYOUT, RECORD + COUNTED]
    assert sum(wire.round_trips) == 22


def test_a_replay_takes_two(warm_bank: Caller) -> None:
    warm_bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k")
    with listening() as wire:
        answer = warm_bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k")
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert wire.round_trips == [LIMIT + KEY + BEGIN + LIMIT + CLAIM + GATHER_PAYOUT, LIMIT + FIND + COMMIT]


def test_a_payin_of_nobody_looks_for_nobody(warm_bank: Caller) -> None:
    with listening() as wire:
        warm_bank.payin()
    assert wire.round_trips == [LIMIT + KEY + BEGIN + GATHER, RECORD]


def test_a_payin_of_somebody_takes_no_more_round_trips(warm_bank: Caller) -> None:
    with listening() as wire:
        warm_bank.payin(email="ana@example.com")
    assert wire.round_trips == [LIMIT + KEY + BEGIN + GATHER + FEEDS + HISTORY + PRIOR_FRAUD, RECORD + COUNTED]


def test_a_session_takes_one_more(warm_bank: Caller) -> None:
    warm_bank.payin(session_id="ps_1_abcdefghi")
    with listening() as wire:
        warm_bank.payin(session_id="ps_1_abcdefghi")
    assert wire.round_trips == [LIMIT + KEY + BEGIN + LIMIT + SESSION, GATHER, RECORD]


def test_a_rate_limit_a_key_and_a_session_together_take_three(warm_bank: Caller) -> None:
    ApiKey.unscoped.update(rate_limit_per_minute=5_000)
    warm_bank.payin(session_id="ps_1_abcdefghi")
    with listening() as wire:
        answer = warm_bank.post(
            PAYIN, make_payin(session_id="ps_1_abcdefghi", email="ana@example.com"), HTTP_IDEMPOTENCY_KEY="k"
        )
    assert answer.headers["X-RateLimit-Remaining"] == "4998"
    assert wire.round_trips == [
        LIMIT + KEY + RATE + BEGIN + LIMIT + CLAIM + LIMIT + SESSION,
        GATHER + FEEDS + HISTORY + PRIOR_FRAUD,
        RECORD + COUNTED,
    ]


def test_of_a_busy_key_s_calls_most_count_nothing(warm_bank: Caller) -> None:
    ApiKey.unscoped.update(rate_limit_per_minute=20_000)
    warm_bank.payout()
    with listening() as wire:
        warm_bank.payout()
    assert wire.round_trips == [LIMIT + KEY + BEGIN + GATHER_PAYOUT, RECORD + COUNTED]


def test_a_key_that_was_changed_costs_the_call_that_meets_it_first(warm_bank: Caller) -> None:
    ApiKey.unscoped.update(rate_limit_per_minute=5_000)
    with listening() as wire:
        answer = warm_bank.post(PAYOUT, make_payout())
    assert answer.headers["X-RateLimit-Remaining"] == "4999"
    believed = [LIMIT + KEY + BEGIN + GATHER_PAYOUT, 1]  # a ROLLBACK
    assert wire.round_trips == [*believed, KEY, LIMIT + KEY + RATE + BEGIN + GATHER_PAYOUT, RECORD + COUNTED]
    assert Transaction.unscoped.count() == 7


def test_a_body_that_cannot_stand_costs_the_key_alone(warm_bank: Caller) -> None:
    before = Transaction.unscoped.count()
    with listening() as wire:
        assert warm_bank.post(PAYOUT, make_payout(amount="250000")).status_code == 400
    assert wire.round_trips == [KEY]
    assert Transaction.unscoped.count() == before


@pytest.mark.parametrize(
    ("key", "round_trips"),
    [("clm_sk_nonsense", []), (make_key(KeyType.SECRET).full, [KEY])],
    ids=["no key at all", "a key of nobody"],
)
def test_a_stranger_costs_one_look_at_most(warm_bank: Caller, key: str, round_trips: list[int]) -> None:
    warm_bank.key = key
    with listening() as wire:
        assert warm_bank.post(PAYOUT, make_payout()).status_code == 401
    assert wire.round_trips == round_trips
