"""What the workers do for payments."""

import time
import uuid

import structlog
from celery import shared_task

from core.actor import make_system_actor
from core.clock import read_clock, read_monotonic_ms
from core.unit_of_work import unit_of_work
from transactions.queries import list_tenants
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.services.sum_up_activity import (
    announce_summaries,
    are_over,
    find_next_due,
    read_next_transaction,
    sum_up_activity,
)
from transactions.types import Tenant

_log = structlog.get_logger(__name__)


@shared_task(name="transactions.tasks.snapshot_amounts", expires=1500)
def snapshot_amounts() -> None:
    """Sum up the latest closed day of every organization; one organization's failure does not hold up another's."""
    for tenant in list_tenants():
        try:
            _snapshot(tenant)
        except Exception as error:  # noqa: BLE001  whatever it is, the others' days are summed up
            organization_id = str(tenant.organization_id)
            _log.error("amounts_not_summed_up", organization_id=organization_id, error=type(error).__name__)


def _snapshot(tenant: Tenant) -> None:
    actor = make_system_actor(
        organization_id=tenant.organization_id, environment=tenant.environment, name="snapshot_amounts"
    )
    with unit_of_work():
        snapshot_amounts_of(actor=actor, timezone=tenant.timezone, until=read_clock(), days=1)


ATTENTION_SECONDS = 2.0
"""How long one run goes on: as often as the worker is told to begin another."""
LEAST_PAUSE_SECONDS = 0.25
PAUSE_SHARE = 4.0
PATIENCE_SECONDS = 2.0
_POLL_SECONDS = 0.02


@shared_task(name="transactions.tasks.sum_up_busy", expires=10)
def sum_up_busy() -> None:
    """Sum up the busy identities that are due, as soon as they are, for as long as it takes until the next run.

    Most of that time is spent waiting: while a customer pays in a burst, four fifths of it, so that the database is
    left to the payments. A customer whose summary was emptied must not wait for the next run: until then each of their
    payments is counted from all rows.
    """
    ends_ms = read_monotonic_ms() + ATTENTION_SECONDS * 1000
    while True:
        began_ms = read_monotonic_ms()
        next_due = find_next_due()
        if next_due is not None and next_due <= read_clock():
            sum_up_due()
        now_ms = read_monotonic_ms()
        pause = max(LEAST_PAUSE_SECONDS, (now_ms - began_ms) / 1000 * PAUSE_SHARE)
        if now_ms + pause * 1000 > ends_ms:
            return
        time.sleep(pause)


def sum_up_due() -> int:
    """Sum up the busy identities that are due and return how many were; none while a long writing goes on.

    What was being written when the summaries were announced must have ended first.
    """
    with unit_of_work():
        announced = announce_summaries(now=read_clock())
    if not announced or not _wait_for_writers():
        return 0
    return sum(_sum_up(summary_id) for summary_id in announced)


def _wait_for_writers() -> bool:
    below = read_next_transaction()
    for _ in range(int(PATIENCE_SECONDS / _POLL_SECONDS)):
        if are_over(below=below):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _sum_up(summary_id: uuid.UUID) -> bool:
    """Sum up one identity; its failure does not hold up another's."""
    try:
        with unit_of_work():
            return sum_up_activity(summary_id=summary_id, now=read_clock())
    except Exception as error:  # noqa: BLE001  whatever it is, the others are summed up
        _log.error("activity_not_summed_up", summary=str(summary_id), error=type(error).__name__)
        return False
