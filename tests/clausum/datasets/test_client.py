import threading
from collections.abc import Iterator
from itertools import count

import pytest

from clausum.datasets.answers import Answer, End
from clausum.datasets.calls import Call, make_call
from clausum.datasets.client import Client, parse_address
from clausum.datasets.mappings import MAPPINGS
from tests.clausum.datasets.rows import make_row
from tests.clausum.datasets.stub import ID, Reply, StubApi, decide, refuse, serve
from transactions.types import Decision, Flow

KEYS = {Flow.PAYOUT: "key-of-bank", Flow.PAYIN: "key-of-merchant"}


class Bench:
    """A client of a stub that gives these replies in turn, the last one for ever; waits take no time."""

    def __init__(self, api: StubApi) -> None:
        self.api = api
        self.pauses: list[float] = []
        self.stops = False
        clock = count(step=5)
        self.client = Client(address=parse_address(api.url), wait=self._wait, read_ms=lambda: float(next(clock)))

    def _wait(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return self.stops

    def script(self, *replies: Reply) -> None:
        left = list(replies)
        self.api.answer = lambda _asked: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with serve(lambda _asked: decide("approve")) as api:
        made = Bench(api)
        yield made
        made.client.close()


@pytest.fixture
def call() -> Call:
    return make_call(row=make_row(), mapping=MAPPINGS["paysim"], keys=KEYS)


def test_a_decision_comes_back_with_its_signals_and_time(bench: Bench, call: Call) -> None:
    bench.script(decide("challenge", "high_velocity", "payout_first_beneficiary"))

    assert bench.client.ask(call) == Answer(
        status=200,
        end=End.DECIDED,
        decision=Decision.CHALLENGE,
        signals=("high_velocity", "payout_first_beneficiary"),
        risk_score=35,
        transaction_id=ID,
        latency_ms=5.0,
    )
    assert bench.pauses == []


def test_the_request_is_what_the_call_says(bench: Bench, call: Call) -> None:
    bench.client.ask(call)

    [asked] = bench.api.asked
    assert asked.path == "/api/v1/assess/payout"
    assert {name: asked.headers[name] for name in call.headers} == call.headers
    assert asked.body["beneficiary"] == {"id": "ben-1", "clabe": "012180001234567899", "country": "MX"}


def test_the_connection_is_kept_from_call_to_call(bench: Bench, call: Call) -> None:
    threads: set[int] = set()

    def note(_asked: object) -> Reply:
        threads.add(threading.get_ident())  # the stub has one thread per connection
        return decide("approve")

    bench.api.answer = note
    for _ in range(3):
        bench.client.ask(call)

    assert len(threads) == 1


def test_an_answer_of_an_earlier_run_is_told_apart(bench: Bench, call: Call) -> None:
    bench.script(Reply(200, decide("approve").body, {"Idempotency-Replayed": "true"}))

    answer = bench.client.ask(call)

    assert answer is not None
    assert answer.is_replay is True


@pytest.mark.parametrize(
    ("reply", "pause"),
    [
        (refuse(429, "RATE_LIMIT_EXCEEDED", headers={"Retry-After": "7"}), 7.0),
        (refuse(429, "RATE_LIMIT_EXCEEDED", headers={"Retry-After": "3600"}), 60.0),
        (refuse(503, "ASSESS_MAINTENANCE", headers={"Retry-After": "30"}), 30.0),
        (refuse(503, "SERVICE_UNAVAILABLE", headers={"Retry-After": "soon"}), 0.1),
        (refuse(504, "ASSESS_TIMEOUT"), 0.1),
        (refuse(409, "DUPLICATE", headers={"Retry-After": "1"}, reason="in_progress"), 1.0),
        (Reply(0), 0.1),
    ],
    ids=["rate", "long rate", "maintenance", "unreadable", "timeout", "twin", "broken connection"],
)
def test_what_may_pass_is_tried_again_under_the_same_key(bench: Bench, call: Call, reply: Reply, pause: float) -> None:
    bench.script(reply, decide("review"))

    answer = bench.client.ask(call)

    assert answer is not None
    assert (answer.decision, answer.tries) == (Decision.REVIEW, 2)
    assert bench.pauses == [pause]
    assert [asked.headers["Idempotency-Key"] for asked in bench.api.asked] == [call.headers["Idempotency-Key"]] * 2


def test_tries_end_after_eight_with_the_last_failure(bench: Bench, call: Call) -> None:
    bench.script(refuse(504, "ASSESS_TIMEOUT"))

    assert bench.client.ask(call) == Answer(status=504, code="ASSESS_TIMEOUT", tries=8)
    assert bench.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]


def test_a_run_that_stops_ends_the_waiting_without_an_answer(bench: Bench, call: Call) -> None:
    bench.script(refuse(503, "ASSESS_MAINTENANCE"))
    bench.stops = True

    assert bench.client.ask(call) is None
    assert len(bench.api.asked) == 1


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (
            refuse(400, "VALIDATION_ERROR", fields={"currency": ["is withdrawn"]}),
            Answer(status=400, code="VALIDATION_ERROR", end=End.REFUSED),
        ),
        (
            refuse(400, "VALIDATION_ERROR", fields={"currency": ["x"], "amount": ["y"]}),
            Answer(status=400, code="VALIDATION_ERROR"),
        ),
        (refuse(409, "DUPLICATE", reason="idempotency_key_reuse"), Answer(status=409, code="DUPLICATE")),
        (refuse(401, "UNAUTHORIZED"), Answer(status=401, code="UNAUTHORIZED")),
        (Reply(500, {"unlike": "ours"}), Answer(status=500, code="UNREADABLE")),
        (Reply(200, {"decision": "perhaps"}), Answer(status=200, code="UNREADABLE")),
    ],
    ids=["currency", "more than currency", "key reuse", "wrong key", "another envelope", "another decision"],
)
def test_what_will_not_pass_is_not_tried_again(bench: Bench, call: Call, reply: Reply, answer: Answer) -> None:
    bench.script(reply)

    assert bench.client.ask(call) == answer
    assert len(bench.api.asked) == 1


@pytest.mark.parametrize(("status", "is_hopeless"), [(0, True), (401, True), (403, True), (404, True), (504, False)])
def test_only_what_befalls_every_call_is_hopeless(status: int, is_hopeless: bool) -> None:
    assert Answer(status=status).is_hopeless is is_hopeless


@pytest.mark.parametrize("base_url", ["", "127.0.0.1:8000", "ftp://host", "http://"])
def test_a_base_url_needs_a_scheme_and_a_host(base_url: str) -> None:
    with pytest.raises(ValueError, match="a base URL is written"):
        parse_address(base_url)


def test_a_base_url_may_have_a_path() -> None:
    address = parse_address("https://bank.example/clausum/")

    assert (address.is_secure, address.host, address.port, address.prefix) == (True, "bank.example", None, "/clausum")
