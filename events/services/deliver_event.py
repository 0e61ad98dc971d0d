"""Tells subscribers: claim and commit, then tell and delete in one more transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from core.environments import Environment
from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.dispatch import find_handler
from events.queries import find_event
from events.rules.backoff import get_wait

_LOCK_NEXT = """
SELECT event_id, subscriber, organization_id, environment, attempts FROM events_pendingevent
WHERE not_before <= %(now)s ORDER BY not_before, event_id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

_BACK_OFF = """
UPDATE events_pendingevent SET attempts = %(attempts)s, not_before = %(not_before)s
WHERE event_id = %(event_id)s AND subscriber = %(subscriber)s
"""

_TAKE = """
DELETE FROM events_pendingevent WHERE event_id = %(event_id)s AND subscriber = %(subscriber)s RETURNING event_id
"""


class SubscriberGone(LookupError):
    """No app subscribes under that name any more; the row waits until one does."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One event that one subscriber is to be told of, at this attempt."""

    event_id: uuid.UUID
    subscriber: str
    organization_id: uuid.UUID
    environment: Environment
    attempts: int


@service
def claim_delivery(*, now: datetime) -> Claim | None:
    """Take the next delivery that is due, and count the attempt before it is made; None when none is due.

    So a handler that kills its worker backs off like one that raises.
    """
    rows = run_statement(Statement(_LOCK_NEXT, {"now": now}))
    if not rows:
        return None
    event_id, subscriber, organization_id, environment, attempts = rows[0]
    claim = Claim(event_id, subscriber, organization_id, Environment(environment), attempts + 1)
    not_before = now + get_wait(attempts=claim.attempts)
    parameters = {"event_id": event_id, "subscriber": subscriber, "attempts": claim.attempts, "not_before": not_before}
    run_statement(Statement(_BACK_OFF, parameters))
    return claim


@service
def deliver_event(*, claim: Claim, now: datetime) -> bool:
    """Tell the subscriber and strike the delivery off, both or neither; False when another worker was quicker.

    The row stays locked meanwhile, so no claim can take it. Raises SubscriberGone, and what the handler raises.
    """
    parameters = {"event_id": claim.event_id, "subscriber": claim.subscriber}
    if not run_statement(Statement(_TAKE, parameters)):
        return False
    event = find_event(organization_id=claim.organization_id, environment=claim.environment, event_id=claim.event_id)
    if event is None:
        raise LookupError("the event of a delivery is gone")
    handler = find_handler(kind=event.kind, name=claim.subscriber)
    if handler is None:
        raise SubscriberGone(f"{event.kind}: {claim.subscriber}")
    handler(event=event, now=now)
    return True
