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

# A payout of these cores has an origin and a beneficiary account, so two rows of history. Counted in bulk: a soak leaves
# hundreds of thousands, and not every one of these tables has an index for a look-up by payment.
_HALF_WRITTEN = """
WITH written AS (
    SELECT t.id::text AS name, count(*) AS assessments FROM assess_assessment a
    JOIN transactions_transaction t ON t.id = a.transaction_id GROUP BY t.id
), counted AS (
    SELECT i.transaction_id::text AS name, count(*) AS identities FROM transactions_identityevent i GROUP BY 1
), told AS (
    SELECT e.subject_id AS name, count(*) AS events FROM events_event e WHERE e.kind LIKE 'transaction.%%' GROUP BY 1
), claimed AS (
    SELECT k.transaction_id::text AS name, count(*) AS keys FROM assess_idempotencykey k GROUP BY 1
)
SELECT count(*)
FROM (SELECT t.id::text AS name FROM transactions_transaction t WHERE starts_with(t.payment_id, %(name)s)) ours
LEFT JOIN written USING (name) LEFT JOIN counted USING (name) LEFT JOIN told USING (name) LEFT JOIN claimed USING (name)
WHERE (assessments, identities, events, keys) IS DISTINCT FROM (1, 2, 1, 1)
"""

_ORPHANS = """
SELECT count(*)
FROM (
    SELECT a.transaction_id::text AS name FROM assess_assessment a
    UNION ALL SELECT i.transaction_id::text FROM transactions_identityevent i
    UNION ALL SELECT k.transaction_id::text FROM assess_idempotencykey k WHERE k.transaction_id IS NOT NULL
    UNION ALL SELECT e.subject_id FROM events_event e WHERE e.subject_type = 'transaction'
) part
LEFT JOIN (SELECT t.id::text AS name FROM transactions_transaction t) whole USING (name)
WHERE whole.name IS NULL
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
