"""What the workers do for the audit trail, on a beat of seconds."""

import uuid
from typing import Any

import structlog
from celery import shared_task

from core.clock import read_clock
from core.unit_of_work import unit_of_work
from events.queries import get_cluster_id, list_unsealed_organizations
from events.services import advance_chain_check as checks
from events.services import beat_heart as heart
from events.services import seal_events as seals
from events.services.deliver_event import Claim, claim_delivery, deliver_event

BATCHES_PER_RUN = 100
"""Half a million events of one organization, well inside the time limit; the next beat goes on."""
DELIVERIES_PER_RUN = 2_000
SLICES_PER_RUN = 50
"""A million rows at most, well inside the time limit."""

_log = structlog.get_logger(__name__)


@shared_task(name="events.tasks.seal_events", expires=30)
def seal_events() -> None:
    """Extend every chain that lags behind; one organization's failure does not hold up another's."""
    for organization_id in list_unsealed_organizations(cluster=get_cluster_id()):
        try:
            _seal_organization(organization_id)
        except Exception as error:  # noqa: BLE001  whatever it is, the others' chains go on
            _log.error("chain_not_extended", organization_id=str(organization_id), error=type(error).__name__)


def _seal_organization(organization_id: uuid.UUID) -> None:
    for _ in range(BATCHES_PER_RUN):
        with unit_of_work():
            has_more = seals.seal_events(organization_id=organization_id, now=read_clock())
        if not has_more:
            return


@shared_task(name="events.tasks.dispatch_events", expires=60)
def dispatch_events() -> None:
    """Tell subscribers what is due; one that fails is told again later and holds nobody up."""
    for _ in range(DELIVERIES_PER_RUN):
        with unit_of_work():
            claim = claim_delivery(now=read_clock())
        if claim is None:
            return
        _deliver(claim)


def _deliver(claim: Claim) -> None:
    try:
        with unit_of_work():
            deliver_event(claim=claim, now=read_clock())
    except Exception as error:  # noqa: BLE001  a handler may raise anything; its text may hold a payload
        _log.error(
            "event_not_delivered",
            event_id=str(claim.event_id),
            subscriber=claim.subscriber,
            attempts=claim.attempts,
            error=type(error).__name__,
        )


@shared_task(name="events.tasks.beat_heart", bind=True, expires=60)
def beat_heart(task: Any) -> None:
    """Note that this worker is alive."""
    with unit_of_work():
        heart.beat_heart(name=task.request.hostname or "worker", now=read_clock())


@shared_task(name="events.tasks.check_chains", expires=60)
def check_chains() -> None:
    """Take on what verifications of chains were asked for; a failure leaves the rest to the next beat."""
    for _ in range(SLICES_PER_RUN):
        with unit_of_work():
            has_more = checks.advance_chain_check(now=read_clock())
        if not has_more:
            return
