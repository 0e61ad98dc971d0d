"""`/api/v1/policy/drafts`: policies that are worked on, until they are published."""

import uuid
from typing import Any

from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from accounts.api.admission import SessionView
from assess.api.policy_bodies import (
    NewPolicyDraft,
    PolicyApproval,
    PolicyDraftBody,
    PolicyDraftChange,
    PolicyDraftList,
    PolicyProposal,
    PolicyRebase,
    describe_draft,
    describe_draft_in_short,
    read_body,
)
from assess.draft_impact import load_base, load_draft, measure_draft
from assess.models import PolicyDraft
from assess.policies import load_policy
from assess.policy import encode_policy
from assess.policy_queries import VersionNotFound, get_draft, get_version, list_open_drafts
from assess.policy_rebase import list_conflicts, rebase
from assess.services.policy_drafts import (
    approve_draft,
    change_draft,
    discard_draft,
    is_open,
    propose_draft,
    rebase_draft,
    start_draft,
    take_back_draft,
)
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.errors import StaleForm, ValidationFailed
from core.unit_of_work import unit_of_work

_TAG = "Policy"
_PROPOSE = "rules:propose"


class ChangesMeet(StaleForm):
    """Both sides changed the same: `details.conflicts` names the paths."""

    message = "The version in force changed what the draft changes too; nothing was saved."


class PolicyDraftsView(SessionView):
    """Policies that are worked on."""

    permission = {"GET": "policy:read", "POST": _PROPOSE}

    @documented(
        "list_policy_drafts",
        summary="List the open drafts",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyDraftList},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the drafts that are open: worked on, waiting for a second person, scheduled or overtaken."""
        rows = list_open_drafts(**self.actor.scope)
        return json_response(PolicyDraftList(data=[describe_draft_in_short(row) for row in rows]))

    @documented(
        "start_policy_draft",
        summary="Begin a draft",
        tag=_TAG,
        credential=MANAGEMENT,
        request=NewPolicyDraft,
        example={"title": "Stricter payouts"},
        responses={201: PolicyDraftBody},
    )
    def post(self, request: Request) -> HttpResponse:
        """Begin a draft of a complete document, or of the policy in force when there is none in the body."""
        given, current = read_body(request._request, NewPolicyDraft), load_policy(**self.actor.scope)
        base = current.version if given.base_version is UNSET else self._require_version(given.base_version)
        document = encode_policy(current) if given.document is UNSET else given.document
        with unit_of_work():
            row = start_draft(
                actor=self.actor, title=given.title, document=document, base_version=base, now=read_clock()
            )
        return _answer(row, status=201)

    def _require_version(self, version: Any) -> int:
        try:
            return get_version(**self.actor.scope, version=version).version
        except VersionNotFound:
            raise ValidationFailed.of_field("base_version", "is no version of the policy") from None


class PolicyDraftView(SessionView):
    """One draft."""

    permission = {"GET": "policy:read", "PATCH": _PROPOSE}

    @documented(
        "get_policy_draft",
        summary="Get a draft, what it changes and what that would have done",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyDraftBody},
    )
    def get(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Return the draft; the newest 1,000 payments of the last 30 days are scored again under it and its base."""
        return _answer(get_draft(**self.actor.scope, draft_id=draft_id))

    @documented(
        "change_policy_draft",
        summary="Change a draft",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PolicyDraftChange,
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def patch(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Replace what the draft says; a stale revision, or a draft that is proposed or done with, is 409."""
        given = read_body(request._request, PolicyDraftChange)
        with unit_of_work():
            row = change_draft(
                actor=self.actor,
                draft_id=draft_id,
                document=given.document,
                revision=given.revision,
                title=None if given.title is UNSET else given.title,
                now=read_clock(),
            )
        return _answer(row)


class DraftProposalView(SessionView):
    """`POST …/propose`."""

    permission = _PROPOSE

    @documented(
        "propose_policy_draft",
        summary="Publish a draft, or ask somebody else to",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PolicyProposal,
        example={"reason": "Losses of the last month", "revision": 0},
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def post(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Publish or schedule the draft; from the organization's limit on, and of analysts, it waits for an admin.

        `state` in the answer says which. 409 when another version was published since the draft was begun.
        """
        given = read_body(request._request, PolicyProposal)
        impact = measure_draft(get_draft(**self.actor.scope, draft_id=draft_id), now=read_clock()).impact
        with unit_of_work():
            row = propose_draft(
                actor=self.actor,
                draft_id=draft_id,
                reason=given.reason,
                impact=impact,
                publish_at=given.publish_at,
                revision=given.revision,
                now=read_clock(),
            )
        return _answer(row)


class DraftApprovalView(SessionView):
    """`POST …/approve`."""

    permission = "policy:write"

    @documented(
        "approve_policy_draft",
        summary="Agree to a proposal",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PolicyApproval,
        example={"revision": 1},
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def post(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Publish or schedule somebody else's proposal; who wrote or made it is 403."""
        given = read_body(request._request, PolicyApproval)
        with unit_of_work():
            row = approve_draft(actor=self.actor, draft_id=draft_id, revision=given.revision, now=read_clock())
        return _answer(row)


class DraftTakeBackView(SessionView):
    """`POST …/take-back`."""

    permission = _PROPOSE

    @documented(
        "take_back_policy_draft",
        summary="Make a proposal a draft again",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def post(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Return a proposal, or what was scheduled, to its desk."""
        with unit_of_work():
            row = take_back_draft(actor=self.actor, draft_id=draft_id, now=read_clock())
        return _answer(row)


class DraftDiscardView(SessionView):
    """`POST …/discard`."""

    permission = _PROPOSE

    @documented(
        "discard_policy_draft",
        summary="Discard a draft",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def post(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Put the draft away for good: an admin, or who wrote it."""
        with unit_of_work():
            row = discard_draft(actor=self.actor, draft_id=draft_id, now=read_clock())
        return _answer(row)


class DraftRebaseView(SessionView):
    """`POST …/rebase`."""

    permission = _PROPOSE

    @documented(
        "rebase_policy_draft",
        summary="Put a draft on the version in force",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PolicyRebase,
        example={"revision": 0},
        responses={200: PolicyDraftBody},
        errors=(409,),
    )
    def post(self, request: Request, draft_id: uuid.UUID) -> HttpResponse:
        """Make the draft's own changes again on the version in force.

        Where both changed the same, 409 with `details.conflicts`; with `keeps_own` the draft's stands.
        """
        given, row = read_body(request._request, PolicyRebase), get_draft(**self.actor.scope, draft_id=draft_id)
        sides = {"base": load_base(row), "mine": load_draft(row), "theirs": load_policy(**self.actor.scope)}
        conflicts = list_conflicts(**sides)
        if conflicts and not given.keeps_own:
            raise ChangesMeet(details={"conflicts": [".".join(each.mine.path) for each in conflicts]})
        with unit_of_work():
            row = rebase_draft(
                actor=self.actor,
                draft_id=draft_id,
                document=rebase(**sides),
                version=sides["theirs"].version,
                revision=given.revision,
                now=read_clock(),
            )
        return _answer(row)


def _answer(row: PolicyDraft, *, status: int = 200) -> HttpResponse:
    """Return the draft as it stands, its impact counted anew while it is open."""
    measured = measure_draft(row, now=read_clock()) if is_open(row) else None
    base, draft = (measured.base, measured.draft) if measured else (load_base(row), load_draft(row))
    return json_response(describe_draft(row, base, draft, measured), status=status)
