"""Events for tests. Every row says whose it is."""

from accounts.models import Organization
from core.actor import make_system_actor
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from events.services.record import record


def make_event(*, organization: Organization) -> Event:
    """Record that the modules were changed, in the sandbox."""
    actor = make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")
    with unit_of_work():
        event_id = record(
            actor=actor,
            kind="modules.changed",
            subject_type="organization",
            subject_id=str(organization.id),
            payload={"before": [], "after": []},
            now=read_clock(),
        )
    return Event.unscoped.get(id=event_id)
