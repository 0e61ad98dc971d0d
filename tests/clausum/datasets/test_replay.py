import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from clausum.datasets import client, replay
from clausum.datasets.aftermath import Aftermath, Habits
from clausum.datasets.bank import Bank
from clausum.datasets.calls import Call, make_call
from clausum.datasets.client import parse_address
from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.replay import Replay
from tests.clausum.datasets.rows import make_row
from tests.clausum.datasets.stub import Asked, Reply, decide, refuse, serve
from transactions.types import Flow

KEYS = {Flow.PAYOUT: "key", Flow.PAYIN: "key"}


def make_calls(number: int, *, parties: int = 5) -> Iterator[Call]:
    for place in range(number):
        row = make_row(event_id=f"set-{place}", amount_minor=str(place), source_account=f"acc-{place % parties}")
        yield make_call(row=row, mapping=MAPPINGS["paysim"], keys=KEYS)


def ignore() -> None:
    pass


def test_every_call_is_sent_once_and_each_partys_in_order() -> None:
    with serve(lambda _asked: decide("approve")) as api:
        run = Replay(address=parse_address(api.url), lanes=3)
        run.run(make_calls(40), watch=ignore)

    sent = [(asked.body["origin"]["account_id"], asked.body["amount"]) for asked in api.asked]
    assert sorted(amount for _, amount in sent) == list(range(40))
    for party in range(5):
        amounts = [amount for account, amount in sent if account == f"acc-{party}"]
        assert amounts == list(range(party, 40, 5))
    assert (run.ended, run.tally().decided) == (40, 40)
    assert (run.is_interrupted, run.gave_up_at) == (False, None)


def test_one_lane_keeps_the_order_of_everything() -> None:
    with serve(lambda _asked: decide("approve")) as api:
        Replay(address=parse_address(api.url), lanes=1).run(make_calls(20), watch=ignore)

    assert [asked.body["amount"] for asked in api.asked] == list(range(20))


def test_no_more_is_read_ahead_than_one_call_a_lane() -> None:
    release, read = threading.Event(), count()
    numbers: list[int] = []

    def hold(_asked: Asked) -> Reply:
        release.wait(10)
        return decide("approve")

    def watch() -> None:
        """Let the server answer once reading has come to a halt."""
        if len(numbers) >= 1 + replay.READ_AHEAD + 1:
            seen.append(numbers[-1])
        if len(seen) > 2:
            release.set()

    def counted() -> Iterator[Call]:
        for call in make_calls(30, parties=1):
            numbers.append(next(read))
            yield call

    seen: list[int] = []
    with serve(hold) as api:
        Replay(address=parse_address(api.url), lanes=1).run(counted(), watch=watch)

    assert seen[2] == replay.READ_AHEAD + 1  # one is asked about, one waits, one is at hand
    assert len(numbers) == 30


def test_a_rate_spreads_the_calls_over_time() -> None:
    with serve(lambda _asked: decide("approve")) as api:
        run = Replay(address=parse_address(api.url), lanes=2, rate=50)
        run.run(make_calls(11), watch=ignore)

    assert 0.2 <= run.elapsed_seconds < 2  # the last of 11 begins after 10/50 s


def test_an_interrupt_leaves_what_was_counted() -> None:
    def calls() -> Iterator[Call]:
        yield from make_calls(3)
        raise KeyboardInterrupt

    with serve(lambda _asked: decide("approve")) as api:
        run = Replay(address=parse_address(api.url), lanes=1)
        run.run(calls(), watch=ignore)

    assert run.is_interrupted is True
    assert run.tally().decided == len(api.asked) <= 3


def test_a_fault_of_the_file_leaves_what_was_counted() -> None:
    def calls() -> Iterator[Call]:
        yield from make_calls(3)
        raise ValueError("line 5")

    with serve(lambda _asked: decide("approve")) as api:
        run = Replay(address=parse_address(api.url), lanes=1)
        with pytest.raises(ValueError, match="line 5"):
            run.run(calls(), watch=ignore)

    assert run.tally().decided == len(api.asked)


def test_a_wrong_key_ends_the_run_at_once() -> None:
    with serve(lambda _asked: refuse(401, "UNAUTHORIZED")) as api:
        run = Replay(address=parse_address(api.url), lanes=2)
        run.run(make_calls(1000), watch=ignore)

    assert run.gave_up_at == "401 UNAUTHORIZED"
    assert 1 <= len(api.asked) <= 2
    assert run.tally().failures == {"401 UNAUTHORIZED": len(api.asked)}


def test_a_server_that_is_gone_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_TRIES", 2)
    with serve(lambda _asked: decide("approve")) as api:
        address = parse_address(api.url)
    run = Replay(address=address, lanes=1)

    run.run(make_calls(100), watch=ignore)

    assert run.gave_up_at == "no answer"
    assert run.tally().failures == {"no answer": 1}


def test_failures_of_single_calls_do_not_end_the_run() -> None:
    def answer(asked: Asked) -> Reply:
        return refuse(500, "INTERNAL_ERROR") if asked.body["amount"] % 2 else decide("approve")

    with serve(answer) as api:
        run = Replay(address=parse_address(api.url), lanes=2)
        run.run(make_calls(10), watch=ignore)

    tally = run.tally()
    assert (tally.decided, tally.failures) == (5, {"500 INTERNAL_ERROR": 5})


def test_what_is_due_is_told_between_the_payments_of_before_and_after_whatever_the_lanes() -> None:
    """A payment an hour for two days, all frauds known after a day: each is told when all earlier ones have ended."""
    sent_before: list[int] = []

    class SlowBank(Bank):
        def confirm_fraud(self, *, flow: Flow, transaction_id: str, at: datetime) -> None:
            sent_before.append(len(api.asked))

    def calls() -> Iterator[Call]:
        for hour in range(48):
            at = f"2025-01-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"
            row = make_row(event_id=f"set-{hour}", source_account=f"acc-{hour}", occurred_at=at, label="1")
            yield make_call(row=row, mapping=MAPPINGS["paysim"], keys=KEYS)

    with serve(lambda _asked: decide("approve")) as api:
        aftermath = Aftermath(habits=Habits(confirms_after=timedelta(days=1)), bank=SlowBank())
        Replay(address=parse_address(api.url), lanes=8, aftermath=aftermath).run(calls(), watch=ignore)

    assert len(api.asked) == 48
    assert sent_before == list(range(24, 48))
