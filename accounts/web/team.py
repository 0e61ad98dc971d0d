"""`/dashboard/team`: who works here, who is invited, and what each role may do."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation, Membership
from accounts.services.add_member import AlreadyMember
from accounts.services.export_access import export_access
from accounts.services.invite_member import AlreadyInvited, invite_member
from accounts.services.open_invitation import InvitationEnded
from accounts.services.resend_invitation import resend_invitation
from accounts.services.revoke_invitation import revoke_invitation
from accounts.team import count_team, list_invitations, list_members, stream_members
from accounts.types import Role
from accounts.web.admission import MemberPage
from accounts.web.team_forms import ROLE_HINTS, InvitationForm
from accounts.web.team_rows import InvitationRow, MemberRow, list_access, list_matrix
from accounts.words import ROLE_LABELS, ROLE_SUMMARIES
from core.unit_of_work import unit_of_work
from core.web.csv_files import answer_with_csv
from core.web.paging import read_page

READ, WRITE, EXPORT = "team:read", "team:write", "team:export"


class TeamPages(MemberPage):
    """What the pages of the team share."""

    is_base = True

    def list_steps(self, *further: tuple[str, str]) -> list[dict[str, str]]:
        """Return the way here: Equipo, and what is further on; the last is no link."""
        steps = [{"label": _("Equipo"), "href": reverse("team")}]
        steps += [{"label": label, "href": href} for label, href in further]
        return [*steps[:-1], {"label": steps[-1]["label"]}]

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page, which knows the time and what its reader may do."""
        shared = {
            "now": self.now,
            "zone": self.member.organization.timezone,
            "can_write": self.actor.can(WRITE),
            "can_export": self.actor.can(EXPORT),
        }
        return self.render(template, shared | context, status=status)

    def list_tabs(self, current: str) -> list[dict[str, Any]]:
        """Return the three lists, with how many people and open invitations there are."""
        people, invited = count_team(organization_id=self.actor.organization_id)
        tabs = [("team", _("Personas"), people), ("team_invitations", _("Invitaciones"), invited)]
        tabs.append(("team_roles", _("Roles"), 0))
        return [
            {"label": label, "href": reverse(name), "count": count, "is_current": name == current}
            for name, label, count in tabs
        ]


class TeamPage(TeamPages):
    """Everybody with a role."""

    permission = READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, suspended ones last."""
        members, pages = read_page(request.GET, self._list)
        context = {
            "rows": [MemberRow(each, self.member.user_id) for each in members],
            "tabs": self.list_tabs("team"),
            "pages": pages,
            "steps": self.list_steps(),
        }
        return self.show("team/members.html", context)

    def _list(self, limit: int, offset: int) -> tuple[list[Membership], int]:
        return list_members(organization_id=self.actor.organization_id, limit=limit, offset=offset)


class InvitationsPage(TeamPages):
    """Who is invited, and what became of earlier invitations."""

    permission = READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, the latest first."""
        invitations, pages = read_page(request.GET, self._list)
        context = {
            "rows": [InvitationRow(each, self.now) for each in invitations],
            "tabs": self.list_tabs("team_invitations"),
            "pages": pages,
            "steps": self.list_steps((_("Invitaciones"), "")),
        }
        return self.show("team/invitations.html", context)

    def _list(self, limit: int, offset: int) -> tuple[list[Invitation], int]:
        return list_invitations(organization_id=self.actor.organization_id, limit=limit, offset=offset)


class RolesPage(TeamPages):
    """What each role may and may not do."""

    permission = READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the table."""
        context = {
            "roles": [(ROLE_LABELS[role], ROLE_SUMMARIES[role]) for role in Role],
            "matrix": list_matrix(),
            "tabs": self.list_tabs("team_roles"),
            "steps": self.list_steps((_("Roles"), "")),
        }
        return self.show("team/roles.html", context)


class InvitePage(TeamPages):
    """Invites people, several at once."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = frozenset({"GET", "POST"})

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for addresses and a role."""
        return self._ask(InvitationForm(initial={"role": Role.VIEWER.value}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send what can be sent, and say of the rest why not."""
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self._ask(form, status=422)
        sent, members, invited = self._invite(form.cleaned_data["emails"], Role(form.cleaned_data["role"]))
        if sent:
            self.say(
                ngettext("Se envió %(count)s invitación.", "Se enviaron %(count)s invitaciones.", sent)
                % {"count": sent}
            )
        if members:
            self.say(_("Ya están en el equipo: %(emails)s.") % {"emails": ", ".join(members)}, is_failure=True)
        if invited:
            self.say(
                _("Ya tienen una invitación; reenvíela si no llegó: %(emails)s.") % {"emails": ", ".join(invited)},
                is_failure=True,
            )
        return self.redirect("team_invitations")

    def _invite(self, emails: list[str], role: Role) -> tuple[int, list[str], list[str]]:
        """Return how many were sent, who belongs here already and who is invited already."""
        members, invited = [], []
        with unit_of_work():
            for email in sorted(emails):  # in one order, as each locks its person until the end
                try:
                    invite_member(actor=self.actor, email=email, role=role, now=self.now)
                except AlreadyMember:
                    members.append(email)
                except AlreadyInvited:
                    invited.append(email)
        return len(emails) - len(members) - len(invited), members, invited

    def _ask(self, form: InvitationForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "hints": ROLE_HINTS, "steps": self.list_steps((_("Invitar"), ""))}
        return self.show("team/invite.html", context, status=status)


class ResendPage(TeamPages):
    """Sends an invitation again."""

    permission = {"POST": WRITE}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
        """Send a new link; the old one is dead."""
        try:
            with unit_of_work():
                invitation = resend_invitation(actor=self.actor, invitation_id=invitation_id, now=self.now)
        except InvitationEnded:
            self.say(_("Esta invitación ya terminó: no se envió nada."), is_failure=True)
        else:
            self.say(
                _("La invitación salió de nuevo a %(email)s. El enlace anterior ya no sirve.")
                % {"email": invitation.email}
            )
        return self.redirect("team_invitations")


class RevokePage(TeamPages):
    """Withdraws an invitation."""

    permission = {"POST": WRITE}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
        """End the invitation and its link."""
        try:
            with unit_of_work():
                invitation = revoke_invitation(actor=self.actor, invitation_id=invitation_id, now=self.now)
        except InvitationEnded:
            self.say(_("Esta invitación ya terminó: quien la recibió ya está en el equipo."), is_failure=True)
        else:
            self.say(_("La invitación de %(email)s quedó retirada.") % {"email": invitation.email})
        return self.redirect("team_invitations")


class AccessReviewPage(TeamPages):
    """The list of who has access, to be reviewed elsewhere."""

    permission = {"POST": EXPORT}
    reauthenticates = frozenset({"POST"})
    sends_file_from = "team"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list as CSV, and note that it was taken out."""
        with unit_of_work():
            export_access(actor=self.actor, now=self.now)
        zone = self.member.organization.timezone
        rows = list_access(stream_members(organization_id=self.actor.organization_id), zone=zone)
        return answer_with_csv(rows, name=f"accesos-{self.now:%Y-%m-%d}.csv")
