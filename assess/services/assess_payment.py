"""One payment, one decision: claim, gather, score, record (docs/architecture.md)."""

import uuid
from dataclasses import dataclass

from accounts.entry import Entry
from assess.deadline import Deadline
from assess.idempotency import InProgress, make_claim_statement, make_find_statement, read_replay
from assess.judging import AssessCommand, Work, judge, look_up
from assess.opening import ClaimLost, Opening
from assess.policies import bands_of
from assess.recording import make_record_statements
from core.ids import make_uuid7
from core.sql import Statement
from core.unit_of_work import make_commit_statements, service
from transactions.recording import make_wish_statement


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a 200, and whether they are the first call's."""

    body: bytes
    is_replay: bool


@service
def assess_payment(command: AssessCommand, *, deadline: Deadline, entry: Entry | None = None) -> Answer:
    """Decide the payment and record it whole, or return the first call's answer; ends the open transaction.

    An entry that is not settled yet travels with the first statements. Raises what it raises, KeyReused, InProgress
    (409), SubmerchantRequired (400), AssessTimeout (504).
    """
    transaction_id = make_uuid7(at=command.at)
    opening = Opening(entry=entry, claim=_make_claim(command, transaction_id), deadline=deadline)
    try:
        work = look_up(command, opening, deadline)
    except ClaimLost:
        return Answer(_replay(command, deadline), is_replay=True)
    decided = judge(command, work, transaction_id, deadline)
    deadline.run([*make_record_statements(decided), *_make_wishes(command, work), *make_commit_statements()])
    return Answer(decided.body, is_replay=False)


def _make_wishes(command: AssessCommand, work: Work) -> list[Statement]:
    """Return the statement that has the busy identities summed up, so that the next payment costs less."""
    if not work.busy:
        return []
    wish = make_wish_statement(
        **command.actor.scope,
        identities=work.busy,
        currency=work.payment.currency,
        timezone=command.organization.timezone,
        bands=bands_of(work.policy, work.payment),
        at=command.at,
        now=command.now,
    )
    return [wish]


def _make_claim(command: AssessCommand, transaction_id: uuid.UUID) -> Statement | None:
    if command.claim is None:
        return None
    return make_claim_statement(
        **command.actor.scope, claim=command.claim, transaction_id=transaction_id, now=command.now
    )


def _replay(command: AssessCommand, deadline: Deadline) -> bytes:
    """Return the answer that holds the call's key, and end the transaction."""
    assert command.claim is not None  # noqa: S101  only a claim can be lost
    statement = make_find_statement(**command.actor.scope, claim=command.claim)
    rows = deadline.run([statement, *make_commit_statements()])[0]
    if not rows:  # freed and purged between the two statements
        raise InProgress(details={"reason": "in_progress"}, headers={"Retry-After": "1"})
    return read_replay(rows[0], command.claim)
