"""The policies under which a decision may be looked at beside the one that took it: open drafts, and the one before."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import Policy, PolicyInvalid, decode_policy
from assess.types import DraftState
from core.environments import Environment

MOST_DRAFTS = 3
MOST_VERSIONS = 20
_OPEN = (DraftState.DRAFT.value, DraftState.PROPOSED.value, DraftState.SCHEDULED.value)


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """A policy and what it is called: a draft by its title, a version by its number."""

    title: str
    version: int | None
    policy: Policy


def list_versions(*, organization_id: uuid.UUID, environment: Environment) -> list[int]:
    """Return the numbers of the latest versions, the one in force first."""
    rows = AssessmentPolicy.objects.for_organization(organization_id, environment)
    return list(rows.order_by("-version").values_list("version", flat=True)[:MOST_VERSIONS])


def list_other_policies(*, organization_id: uuid.UUID, environment: Environment, version: int) -> list[OtherPolicy]:
    """Return the latest open drafts, and the version in force, or the one before when that version is it.

    A draft that is no policy yet is left out.
    """
    drafts = PolicyDraft.objects.for_organization(organization_id, environment).filter(state__in=_OPEN)
    found = list(_decode(drafts.order_by("-created_at")[:MOST_DRAFTS]))
    versions = AssessmentPolicy.objects.for_organization(organization_id, environment)
    other = versions.exclude(version=version).order_by("-version").first()
    if other is not None:
        found.append(OtherPolicy("", other.version, decode_policy(other.document, version=other.version)))
    return found


def _decode(drafts: Iterable[PolicyDraft]) -> Iterator[OtherPolicy]:
    for draft in drafts:
        try:
            yield OtherPolicy(draft.title, None, decode_policy(draft.document, version=draft.base_version))
        except PolicyInvalid:
            continue
