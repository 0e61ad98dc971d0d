"""How many payments of one identity that are judged at the same time miss each other; totals are exact afterwards."""

import json
import statistics

import pytest
from django.db import connection

from tests.assess.conftest import PAYOUT, make_caller, make_payout
from tests.load import make_request, send_all
from tests.web import Web, running_web
from transactions.types import IdentityKind

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS, THREADS = 2, 8
PAYMENTS = 64
CROWDS = (1, 2, 4, 8, 16, 32)

_SEEN = """
SELECT a.facts, row_number() OVER (ORDER BY t.occurred_at, t.id) - 1
FROM transactions_transaction t JOIN assess_assessment a ON a.transaction_id = t.id
WHERE starts_with(t.payment_id, %s)
"""


def count_missed(name: str) -> list[int]:
    """Return, for each payment of the crowd, how many of those that arrived before it, it did not see."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [name])
        rows = cursor.fetchall()
    missed = []
    for facts, earlier in rows:
        histories = json.loads(facts).get("histories", [])
        seen = sum(history.get("events_1h", 0) for history in histories if history["kind"] == IdentityKind.ORIGIN)
        missed.append(max(earlier - seen, 0))
    return missed


def pay_at_once(web: Web, key: str, *, crowd: int) -> list[int]:
    """Send the payouts of one origin, so many at a time, and return what each missed."""
    name = f"crowd-{crowd}-"
    parties = {
        "origin": {"account_id": f"origin-{crowd}", "country": "MX"},
        "beneficiary": {"account_hash": f"account-{crowd}", "name": "Nómina", "country": "MX"},
    }
    bodies = [make_payout(payment_id=f"{name}{number}", **parties) for number in range(PAYMENTS)]
    replies = send_all(web.port, [make_request(PAYOUT, body, key=key) for body in bodies], at_once=crowd)
    assert {reply.status for reply in replies} == {200}
    following = web.post(PAYOUT, make_payout(payment_id=f"after-{crowd}", **parties), key=key).json()
    found = next(detail for detail in following["signal_details"] if detail["code"] == "high_velocity")
    assert found["description"] == f"{PAYMENTS + 1} transactions in the last hour"
    return count_missed(name)


def test_payments_miss_only_those_under_way_with_them() -> None:
    key = make_caller().key
    with running_web(workers=WORKERS, threads=THREADS, ASSESS_DEADLINE_MS="20000") as web:
        missed = {crowd: pay_at_once(web, key, crowd=crowd) for crowd in CROWDS}
    print("\n| at once | missed on average | at most |\n|---|---|---|")
    for crowd, counts in missed.items():
        print(f"| {crowd} | {statistics.mean(counts):.2f} | {max(counts)} |")
    assert missed[1] == [0] * PAYMENTS
    assert all(max(counts) < crowd for crowd, counts in missed.items())
