"""Who did what the demo finds done."""

from accounts.person_actor import make_person_actor
from accounts.queries import find_user
from accounts.types import Role
from clausum.demo.cast import Part
from core.actor import Actor


def make_author(actor: Actor, part: Part, role: Role) -> Actor:
    """Return the demo's person in that role, or the given actor where somebody has taken that person away."""
    person = find_user(email=part.make_email(role))
    if person is None:
        return actor
    return make_person_actor(
        user_id=person.id, role=role, organization_id=actor.organization_id, environment=actor.environment
    )
