"""`/api/v1/team`: an organization's people and the invitations to it (contract §1)."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.api.parameters import make_page_parameters, read_flag, read_page
from accounts.api.team_bodies import (
    InvitationBody,
    InvitationPage,
    InvitationRequest,
    MemberBody,
    MemberChange,
    MemberPage,
)
from accounts.models import Invitation, Membership
from accounts.services.change_role import change_role
from accounts.services.invite_member import invite_member
from accounts.services.remove_member import remove_member
from accounts.services.resend_invitation import resend_invitation
from accounts.services.revoke_invitation import revoke_invitation
from accounts.services.suspend_member import reactivate_member, suspend_member
from accounts.team import get_member, list_invitations, list_members, read_state
from accounts.types import Role
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.openapi import MANAGEMENT, Parameter, documented
from core.api.responses import format_time, json_response
from core.clock import read_clock
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work

_TAG = "Team"


class MemberListView(SessionView):
    """Everybody with a role in the organization."""

    permission = "team:read"

    @documented(
        "list_members",
        summary="List members",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: MemberPage},
        parameters=make_page_parameters("Members"),
    )
    def get(self, request: Request) -> HttpResponse:
        """List the members, suspended ones last, by e-mail."""
        page = read_page(request._request.GET)
        rows, total = list_members(organization_id=self.actor.organization_id, limit=page.limit, offset=page.offset)
        data = [describe_member(row) for row in rows]
        return json_response(MemberPage(data=data, total=total, limit=page.limit, offset=page.offset))


class MemberView(SessionView):
    """One member."""

    proves = True
    permission = {"GET": "team:read", "PATCH": "team:write", "DELETE": "team:write"}

    @documented("get_member", summary="Get a member", tag=_TAG, credential=MANAGEMENT, responses={200: MemberBody})
    def get(self, request: Request, membership_id: uuid.UUID) -> HttpResponse:
        """Return what is known of the member."""
        return self._show(membership_id)

    @documented(
        "change_member",
        summary="Change a member's role, or suspend them",
        tag=_TAG,
        credential=MANAGEMENT,
        request=MemberChange,
        example={"role": "viewer"},
        responses={200: MemberBody},
        errors=(409,),
    )
    def patch(self, request: Request, membership_id: uuid.UUID) -> HttpResponse:
        """Give the member another role, suspend them or give their access back: one of these in a call.

        A suspension ends the member's tokens and sessions at once. The last active admin can be neither demoted,
        suspended nor removed (409, `details.reason` = `last_admin`), and nobody raises their own role (403).
        """
        change = _read(request, MemberChange)
        if (change.role is UNSET) == (change.is_active is UNSET):
            raise ValidationFailed.of_field("role", "Give either role or is_active.")
        with unit_of_work():
            self._change(change, membership_id, now=read_clock())
        return self._show(membership_id)

    @documented(
        "remove_member",
        summary="Remove a member",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={204: None},
        errors=(409,),
    )
    def delete(self, request: Request, membership_id: uuid.UUID) -> HttpResponse:
        """End the member's access for good. What they did stays on record, as do their other organizations."""
        with unit_of_work():
            remove_member(actor=self.actor, membership_id=membership_id, now=read_clock())
        return HttpResponse(status=204)

    def _change(self, change: MemberChange, membership_id: uuid.UUID, *, now: datetime) -> None:
        given: dict[str, Any] = {"actor": self.actor, "membership_id": membership_id, "revision": change.revision}
        if isinstance(change.role, Role):
            change_role(role=change.role, now=now, **given)
        elif change.is_active is True:
            reactivate_member(now=now, **given)
        else:
            suspend_member(note=change.note, now=now, **given)

    def _show(self, membership_id: uuid.UUID) -> HttpResponse:
        row = get_member(organization_id=self.actor.organization_id, membership_id=membership_id)
        return json_response(describe_member(row))


class InvitationListView(SessionView):
    """The invitations to the organization."""

    proves = True
    permission = {"GET": "team:read", "POST": "team:write"}

    @documented(
        "list_invitations",
        summary="List invitations",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: InvitationPage},
        parameters=(
            *make_page_parameters("Invitations"),
            Parameter(name="is_open", kind=bool, description="Those that can still be accepted or sent again, or not."),
        ),
    )
    def get(self, request: Request) -> HttpResponse:
        """List the invitations, the latest first."""
        query = request._request.GET
        page, now = read_page(query), read_clock()
        rows, total = list_invitations(
            organization_id=self.actor.organization_id,
            is_open=read_flag(query, "is_open"),
            limit=page.limit,
            offset=page.offset,
        )
        data = [describe_invitation(row, now=now) for row in rows]
        return json_response(InvitationPage(data=data, total=total, limit=page.limit, offset=page.offset))

    @documented(
        "invite_member",
        summary="Invite a person",
        tag=_TAG,
        credential=MANAGEMENT,
        request=InvitationRequest,
        example={"email": "ana@example.com", "role": "analyst"},
        responses={201: InvitationBody},
        errors=(409,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Send a link that is valid for 7 days.

        An address that belongs here already, or has an open invitation, is 409.
        """
        given, now = _read(request, InvitationRequest), read_clock()
        with unit_of_work():
            row = invite_member(actor=self.actor, email=given.email, role=given.role, now=now)
        return json_response(describe_invitation(row, now=now), status=201)


class InvitationResendView(SessionView):
    """`POST …/resend`."""

    proves = True
    permission = "team:write"

    @documented(
        "resend_invitation",
        summary="Send an invitation again",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: InvitationBody},
        errors=(409,),
    )
    def post(self, request: Request, invitation_id: uuid.UUID) -> HttpResponse:
        """Send a new link for 7 more days; the old one is dead. Repeated within a minute it sends nothing more."""
        now = read_clock()
        with unit_of_work():
            row = resend_invitation(actor=self.actor, invitation_id=invitation_id, now=now)
        return json_response(describe_invitation(row, now=now))


class InvitationRevocationView(SessionView):
    """`POST …/revoke`."""

    proves = True
    permission = "team:write"

    @documented(
        "revoke_invitation",
        summary="Revoke an invitation",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: InvitationBody},
        errors=(409,),
    )
    def post(self, request: Request, invitation_id: uuid.UUID) -> HttpResponse:
        """End the invitation, its link with it; the same answer when repeated."""
        now = read_clock()
        with unit_of_work():
            row = revoke_invitation(actor=self.actor, invitation_id=invitation_id, now=now)
        return json_response(describe_invitation(row, now=now))


def describe_member(row: Membership) -> MemberBody:
    """Return what the team may know of a member; the row is of `accounts.team`."""
    return MemberBody(
        id=row.id,
        user_id=row.user_id,
        name=row.user.name,
        email=row.user.email,
        role=Role(row.role),
        is_active=row.is_active,
        has_second_factor=row.has_second_factor,  # type: ignore[attr-defined]  # annotated
        created_at=format_time(row.created_at),
        last_access_at=format_time(row.last_access_at),
        suspended_at=format_time(row.suspended_at),
        revision=row.revision,
    )


def describe_invitation(row: Invitation, *, now: datetime) -> InvitationBody:
    """Return everything but the link."""
    return InvitationBody(
        id=row.id,
        email=row.email,
        role=Role(row.role),
        state=read_state(row, now=now),
        invited_by=row.invited_by_id,
        created_at=format_time(row.created_at),
        sent_at=format_time(row.sent_at),
        sent_count=row.sent_count,
        expires_at=format_time(row.expires_at),
        ended_at=format_time(row.accepted_at or row.revoked_at or row.closed_at),
    )


def _read[T: msgspec.Struct](request: Request, kind: type[T]) -> T:
    tree = read_object(request._request)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)
