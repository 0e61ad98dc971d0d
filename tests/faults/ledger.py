"""What the database says of the payments that the cores sent: lost, doubled, half-written."""

from dataclasses import dataclass

import psycopg

from tests.faults.clients import Payment

_RECORDED = """
SELECT t.payment_id, array_agg(a.response), count(*)
FROM transactions_transaction t LEFT JOIN assess_assessment a ON a.transaction_id = t.id
WHERE starts_with(t.payment_id, %(name)s)
GROUP BY t.payment_id
"""

# A payout of these cores has an origin and a beneficiary account, so two rows of history.
_HALF_WRITTEN = """
SELECT count(*) FROM transactions_transaction t
WHERE starts_with(t.payment_id, %(name)s) AND NOT (
    (SELECT count(*) FROM assess_assessment a WHERE a.transaction_id = t.id) = 1
    AND (SELECT count(*) FROM transactions_identityevent i WHERE i.transaction_id = t.id) = 2
    AND (SELECT count(*) FROM events_event e WHERE e.subject_id = t.id::text AND e.kind LIKE 'transaction.%%') = 1
    AND (SELECT count(*) FROM assess_idempotencykey k WHERE k.transaction_id = t.id) = 1)
"""

_ORPHANS = """
SELECT
    (SELECT count(*) FROM assess_assessment a
     WHERE NOT EXISTS (SELECT FROM transactions_transaction t WHERE t.id = a.transaction_id))
  + (SELECT count(*) FROM transactions_identityevent i
     WHERE NOT EXISTS (SELECT FROM transactions_transaction t WHERE t.id = i.transaction_id))
  + (SELECT count(*) FROM assess_idempotencykey k
     WHERE NOT EXISTS (SELECT FROM transactions_transaction t WHERE t.id = k.transaction_id))
  + (SELECT count(*) FROM events_event e
     WHERE e.subject_type = 'transaction' AND NOT EXISTS (
        SELECT FROM transactions_transaction t WHERE t.id::text = e.subject_id))
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """Counts that must be zero, and how many were recorded that nobody was told of."""

    lost: int
    doubled: int
    half_written: int
    untold: int


def examine(url: str, *, name: str, payments: list[Payment]) -> Findings:
    """Compare what the cores were answered with what is recorded under their payments' names."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(_RECORDED, {"name": name}).fetchall()
        half = connection.execute(_HALF_WRITTEN, {"name": name}).fetchone() or (0,)
        orphans = connection.execute(_ORPHANS).fetchone() or (0,)
    recorded = {payment_id: (responses, count) for payment_id, responses, count in rows}
    answered = {payment.key: payment.body for payment in payments if payment.body is not None}
    lost = [key for key, body in answered.items() if body not in recorded.get(key, ([], 0))[0]]
    return Findings(
        lost=len(lost),
        doubled=sum(count > 1 for _, count in recorded.values()),
        half_written=half[0] + orphans[0],
        untold=len(set(recorded) - set(answered)),
    )
