"""`/dashboard/team/<id>`: one member, and what an admin may do about them."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.key_lists import count_living_keys_of
from accounts.services.change_role import OwnRoleRaised, change_role
from accounts.services.member_events import LastAdmin, MemberChanged
from accounts.services.remove_member import remove_member
from accounts.services.suspend_member import reactivate_member, suspend_member
from accounts.team import get_member
from accounts.types import Role
from accounts.web.team import READ, WRITE, TeamPages
from accounts.web.team_forms import ROLE_HINTS, RemovalForm, RoleForm, SuspensionForm
from accounts.web.team_rows import MemberRow, list_abilities
from accounts.words import ROLE_LABELS
from core.unit_of_work import unit_of_work


class OneMemberPages(TeamPages):
    """What the pages of one member share."""

    is_base = True

    def find(self, membership_id: uuid.UUID) -> MemberRow:
        """Return the member. Raises NotFound."""
        found = get_member(organization_id=self.actor.organization_id, membership_id=membership_id)
        return MemberRow(found, self.member.user_id)

    def list_member_steps(self, row: MemberRow, title: str = "") -> list[dict[str, str]]:
        """Return the way to the member, and to what is done about them."""
        here = (row.name, reverse("team_member", kwargs={"membership_id": row.membership.id}))
        return self.list_steps(here, (title, "")) if title else self.list_steps(here)

    def show_both(self, row: MemberRow, stale: MemberChanged) -> HttpResponse:
        """Return the page of a form that came too late, with both versions."""
        versions: Any = stale.details["fields"]
        held = {"role": str(row.role), "is_active": _tell_access(is_active=row.is_active)}
        wanted = {field: _tell(field, both["yours"]) for field, both in versions.items()}
        fields = wanted or dict.fromkeys(held, _("Quitar del equipo"))
        labels = {"role": _("Rol"), "is_active": _("Acceso")}
        context = {
            "rows": [(labels[field], held[field], yours) for field, yours in fields.items()],
            "back": reverse("team_member", kwargs={"membership_id": row.membership.id}),
            "steps": self.list_member_steps(row, _("Alguien lo cambió antes")),
        }
        return self.render("errors/conflict.html", context, status=409)


class TeamMemberPage(OneMemberPages):
    """What is known of a member, and what their role may do."""

    permission = READ

    def get(self, request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
        """Return the page."""
        row = self.find(membership_id)
        can, cannot = list_abilities(Role(row.membership.role))
        context = {"row": row, "can": can, "cannot": cannot, "steps": self.list_member_steps(row)}
        return self.show("team/member.html", context)


class _ChangePage(OneMemberPages):
    """A form about a member: asked, carried out, or refused with what the reader should know."""

    is_base = True
    template: str

    def get(self, request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
        """Ask."""
        row = self.find(membership_id)
        return self.ask(row, self.make_form(row))

    def post(self, request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
        """Do it; what another admin changed meanwhile is shown instead, as is that an admin must be left."""
        row = self.find(membership_id)
        form = self.make_form(row, request.POST)
        if not form.is_valid():
            return self.ask(row, form, status=422)
        try:
            with unit_of_work():
                self.carry_out(row, form.cleaned_data)
        except MemberChanged as stale:
            return self.show_both(self.find(membership_id), stale)
        except LastAdmin:
            form.add_error(None, _("Es el último administrador activo: antes dé ese rol a otra persona."))
            return self.ask(row, form, status=409)
        except OwnRoleRaised:
            form.add_error(None, _("Nadie sube su propio rol: pídalo a otro administrador."))
            return self.ask(row, form, status=403)
        return self.finish(row, form.cleaned_data)

    def ask(self, row: MemberRow, form: forms.Form, *, status: int = 200) -> HttpResponse:
        """Return the form."""
        context = {"row": row, "form": form, "hints": ROLE_HINTS, "keys": self.count_keys(row)}
        context["steps"] = self.list_member_steps(row, self.title())
        return self.show(self.template, context, status=status)

    def count_keys(self, row: MemberRow) -> int:
        """Return how many living keys of this organization the member made: they stay valid."""
        return count_living_keys_of(
            organization_id=self.actor.organization_id, user_id=row.membership.user_id, now=self.now
        )

    def title(self) -> str:
        raise NotImplementedError

    def make_form(self, row: MemberRow, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def carry_out(self, row: MemberRow, given: dict[str, Any]) -> None:
        raise NotImplementedError

    def finish(self, row: MemberRow, given: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError


class ChangeRolePage(_ChangePage):
    """Another role."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = frozenset({"GET", "POST"})
    template = "team/role.html"

    def title(self) -> str:
        return _("Cambiar rol")

    def make_form(self, row: MemberRow, data: Any = None) -> RoleForm:
        return RoleForm(data, initial={"role": row.membership.role, "revision": row.membership.revision})

    def carry_out(self, row: MemberRow, given: dict[str, Any]) -> None:
        change_role(
            actor=self.actor,
            membership_id=row.membership.id,
            role=given["role"],
            revision=given["revision"],
            now=self.now,
        )

    def finish(self, row: MemberRow, given: dict[str, Any]) -> HttpResponse:
        self.say(_("%(name)s tiene ahora el rol %(role)s.") % {"name": row.name, "role": ROLE_LABELS[given["role"]]})
        if row.is_reader:
            return self.redirect("first")
        return self.redirect("team_member", membership_id=row.membership.id)


class SuspendPage(_ChangePage):
    """The end of access for the time being."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = frozenset({"GET", "POST"})
    template = "team/suspend.html"

    def title(self) -> str:
        return _("Suspender")

    def make_form(self, row: MemberRow, data: Any = None) -> SuspensionForm:
        return SuspensionForm(data, initial={"revision": row.membership.revision})

    def carry_out(self, row: MemberRow, given: dict[str, Any]) -> None:
        suspend_member(
            actor=self.actor,
            membership_id=row.membership.id,
            note=given["note"],
            revision=given["revision"],
            now=self.now,
        )

    def finish(self, row: MemberRow, given: dict[str, Any]) -> HttpResponse:
        self.say(_("%(name)s quedó sin acceso. Sus sesiones terminaron.") % {"name": row.name})
        if row.is_reader:
            return self.redirect("first")
        return self.redirect("team_member", membership_id=row.membership.id)


class ReactivatePage(OneMemberPages):
    """Access given back."""

    permission = {"POST": WRITE}
    reauthenticates = frozenset({"POST"})
    http_method_names = ["post"]

    def post(self, request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
        """Give the access back, with the role that the member had."""
        row = self.find(membership_id)
        with unit_of_work():
            reactivate_member(actor=self.actor, membership_id=membership_id, now=self.now)
        self.say(_("%(name)s tiene acceso otra vez.") % {"name": row.name})
        return self.redirect("team_member", membership_id=membership_id)


class RemovePage(_ChangePage):
    """The end of access for good."""

    permission = {"GET": WRITE, "POST": WRITE}
    reauthenticates = frozenset({"GET", "POST"})
    template = "team/remove.html"

    def title(self) -> str:
        return _("Quitar")

    def make_form(self, row: MemberRow, data: Any = None) -> RemovalForm:
        return RemovalForm(data, expected=row.email, initial={"revision": row.membership.revision})

    def carry_out(self, row: MemberRow, given: dict[str, Any]) -> None:
        remove_member(actor=self.actor, membership_id=row.membership.id, revision=given["revision"], now=self.now)

    def finish(self, row: MemberRow, given: dict[str, Any]) -> HttpResponse:
        self.say(_("%(name)s ya no está en el equipo.") % {"name": row.name})
        return self.redirect("first" if row.is_reader else "team")


def _tell(field: str, value: Any) -> str:
    return str(ROLE_LABELS[Role(value)]) if field == "role" else _tell_access(is_active=value)


def _tell_access(*, is_active: bool) -> str:
    return _("Activo") if is_active else _("Suspendido")
