"""What the worker does for assess."""

import structlog
from celery import shared_task

from assess.services.guard_rules import guard_rule, list_guarded_rules
from assess.services.policy_drafts import list_due_drafts, publish_scheduled
from assess.services.purge_idempotency import purge_idempotency
from core.actor import make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_log = structlog.get_logger(__name__)


@shared_task
def purge_expired() -> None:
    """Delete idempotency keys past their time; harmless when repeated."""
    with unit_of_work():
        purge_idempotency(now=read_clock())


@shared_task(expires=60)
def publish_due_policies() -> None:
    """Publish the policies whose moment has come; one that cannot be published holds up no other."""
    for organization_id, environment, draft_id in list_due_drafts(now=read_clock()):
        actor = make_system_actor(organization_id=organization_id, environment=environment, name="schedule")
        try:
            with unit_of_work():
                publish_scheduled(actor=actor, draft_id=draft_id, now=read_clock())
        except Exception as error:  # noqa: BLE001  whatever it is, the others go on; its text may hold a rule
            _log.error("policy_not_published", draft_id=str(draft_id), error=type(error).__name__)


@shared_task(expires=60)
def guard_rules() -> None:
    """Take rules that meet too many payments back to shadow; one that cannot be judged holds up no other."""
    for found in list_guarded_rules():
        actor = make_system_actor(
            organization_id=found.organization_id, environment=found.environment, name="rule guard"
        )
        try:
            with unit_of_work():
                guard_rule(actor=actor, rule_id=found.rule_id, now=read_clock())
        except Exception as error:  # noqa: BLE001  as above
            _log.error("rule_not_guarded", rule_id=str(found.rule_id), error=type(error).__name__)
