"""Three times as much as can be decided: the rest is refused at once and cleanly, and what is taken is decided in time."""

import json
import re

import pytest

from tests.assess.conftest import PAYOUT, make_caller, make_payout
from tests.load import Outcome, Reply, make_request, run_closed, run_open
from tests.web import running_web

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORKERS, THREADS = 2, 4
DEADLINE_MS = 1000


def describe(name: str, outcome: Outcome) -> str:
    counts = " ".join(f"{status}:{count}" for status, count in sorted(outcome.statuses.items()))
    return (
        f"{name:<14} {outcome.rate:7.0f}/s decided   p50 {outcome.quantile_ms(0.5):6.1f} p99 {outcome.quantile_ms(0.99):6.1f} ms"
        f"   refused p50 {outcome.quantile_ms(0.5, status=503):6.1f} p99 {outcome.quantile_ms(0.99, status=503):6.1f} ms   {counts}"
    )


def is_clean(refusal: Reply) -> bool:
    """A 503 in the contract's envelope that says when to come back."""
    head = refusal.head.decode()
    return (
        set(json.loads(refusal.body)["error"]) == {"code", "message", "details"}
        and "\r\nRetry-After: 1" in head
        and "\r\nContent-Type: application/json" in head
        and re.search(r"\r\nX-Request-Id: [A-Za-z0-9_-]{8,64}", head) is not None
    )


def test_at_three_times_the_maximum_the_rest_is_refused_early() -> None:
    key = make_caller().key

    def make(number: int) -> bytes:
        return make_request(PAYOUT, make_payout(origin={"account_id": f"a-{number % 500}", "country": "MX"}), key=key)

    with running_web(workers=WORKERS, threads=THREADS, ASSESS_DEADLINE_MS=str(DEADLINE_MS), WEB_QUEUE="") as web:
        run_closed(web.port, make, at_once=16, seconds=1.5)
        usual = run_closed(web.port, make, at_once=16, seconds=4)
        over = run_open(web.port, make, rate=3 * usual.rate, seconds=6)
        after = run_closed(web.port, make, at_once=16, seconds=3)
    maximum = min(usual.rate, after.rate)
    print("\n", describe("maximum", usual), "\n", describe("3 x maximum", over), "\n", describe("afterwards", after))
    print(
        f" {over.rate / maximum:.0%} of the maximum decided at {over.count / over.seconds / usual.rate:.1f} times the maximum"
    )
    refused = over.with_status(503)
    assert over.statuses[0] == 0, "no connection is lost"
    assert all(is_clean(reply) for reply in refused)
    assert sum(b"ASSESS_OVERLOADED" in reply.body for reply in refused) > over.count / 4
    assert over.statuses[200] + len(refused) >= 0.98 * over.count, (
        "hardly anything is taken that is not decided in time"
    )
    assert over.rate >= 0.6 * maximum
    assert over.quantile_ms(0.9) < 0.9 * DEADLINE_MS
    assert over.quantile_ms(0.5, status=503) < DEADLINE_MS / 4
    assert after.statuses[200] == after.count
