"""Who stands behind the ids of a trail: people and keys by name, in as many queries for two as for fifty."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import ApiKey, Membership


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person of the organization, or one who was."""

    user_id: uuid.UUID
    email: str
    name: str

    @property
    def shown(self) -> str:
        """Return the name, of whoever has given none the e-mail."""
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class ActorNames:
    """People by their user's id, and the names of keys by theirs."""

    people: dict[uuid.UUID, PersonName]
    keys: dict[uuid.UUID, str]


def list_people(*, organization_id: uuid.UUID) -> list[PersonName]:
    """Return everybody who has, or had, a role in the organization, by name."""
    rows = Membership.objects.for_organization(organization_id).select_related("user")
    people = [PersonName(row.user_id, row.user.email, row.user.name) for row in rows]
    return sorted(people, key=lambda person: (person.shown.casefold(), person.user_id))


def name_actors(
    *, organization_id: uuid.UUID, people: Collection[uuid.UUID], keys: Collection[uuid.UUID]
) -> ActorNames:
    """Return the names of those ids that are the organization's; two queries, however many."""
    rows = Membership.objects.for_organization(organization_id).filter(user_id__in=[*people]).select_related("user")
    named_keys = ApiKey.objects.in_environments(organization_id).filter(id__in=[*keys])
    return ActorNames(
        people={row.user_id: PersonName(row.user_id, row.user.email, row.user.name) for row in rows},
        keys=dict(named_keys.values_list("id", "name")),
    )
