"""The policies under which a decision may be looked at beside the one that took it: open drafts, and the one before."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import Policy, PolicyInvalid, decode_policy
from assess.types import OPEN_DRAFTS
from core.environments import Environment

MOST_DRAFTS = 3


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """A policy and what it is called: a draft by its title, a version by its number."""

    title: str
    version: int | None
    policy: Policy


def list_other_policies(*, organization_id: uuid.UUID, environment: Environment, version: int) -> list[OtherPolicy]:
    """Return the latest open drafts, and the version in force, or the one before when that version is it.

    A draft that is no policy yet is left out.
    """
    drafts = PolicyDraft.objects.for_organization(organization_id, environment)
    open_drafts = drafts.filter(state__in=[state.value for state in OPEN_DRAFTS])
    found = list(_decode(open_drafts.order_by("-created_at")[:MOST_DRAFTS]))
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
