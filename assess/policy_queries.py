"""Reads of policies for people: versions with who published them, drafts that are open, and one of each."""

import uuid

from django.db.models import QuerySet

from assess.models import AssessmentPolicy, PolicyDraft
from assess.policies import load_policy
from assess.policy import Policy, default_policy
from assess.types import OPEN_DRAFTS, DraftState
from core.environments import Environment
from core.errors import NotFound

_LARGEST_VERSION = 2**31 - 1
MAXIMUM_OPEN_DRAFTS = 100


class VersionNotFound(NotFound):
    message = "There is no such version of the policy."


def list_versions(
    *, organization_id: uuid.UUID, environment: Environment, limit: int, offset: int
) -> tuple[list[AssessmentPolicy], int]:
    """Return a page of versions, the newest first, without their documents, and how many there are."""
    rows = AssessmentPolicy.objects.for_organization(organization_id, environment)
    page = _with_people(rows).defer("document").order_by("-version")[offset : offset + limit]
    return list(page), rows.count()


def get_version(*, organization_id: uuid.UUID, environment: Environment, version: int) -> AssessmentPolicy:
    """Return one version with its people; raises VersionNotFound."""
    rows = AssessmentPolicy.objects.for_organization(organization_id, environment)
    row = _with_people(rows).filter(version=min(version, _LARGEST_VERSION)).first()
    if row is None:
        raise VersionNotFound
    return row


def load_former(*, organization_id: uuid.UUID, environment: Environment, version: int) -> Policy:
    """Return the version before this one; before the first is the policy that everybody begins with."""
    if version <= 1:
        return default_policy()
    return load_policy(organization_id=organization_id, environment=environment, version=version - 1)


def list_open_drafts(*, organization_id: uuid.UUID, environment: Environment) -> list[PolicyDraft]:
    """Return the drafts that are worked on or wait, what waits for a second person first, then the newest."""
    rows = PolicyDraft.objects.for_organization(organization_id, environment)
    found = _of_people(rows).filter(state__in=[state.value for state in OPEN_DRAFTS]).defer("document")
    newest = found.order_by("-created_at", "-id")[:MAXIMUM_OPEN_DRAFTS]
    return sorted(newest, key=lambda row: row.state != DraftState.PROPOSED.value)


def get_draft(*, organization_id: uuid.UUID, environment: Environment, draft_id: uuid.UUID) -> PolicyDraft:
    """Return a draft in whatever state; raises NotFound."""
    row = _of_people(PolicyDraft.objects.for_organization(organization_id, environment)).filter(id=draft_id).first()
    if row is None:
        raise NotFound("There is no such draft of a policy.")
    return row


def _with_people(rows: QuerySet[AssessmentPolicy]) -> QuerySet[AssessmentPolicy]:
    return rows.select_related("published_by", "approved_by")


def _of_people(rows: QuerySet[PolicyDraft]) -> QuerySet[PolicyDraft]:
    return rows.select_related("created_by", "proposed_by", "approved_by")
