"""Pages behind a sign-in: who may see them, and what becomes of everybody else."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.browsing import (
    ORGANIZATION,
    has_fresh_proof,
    is_idle,
    is_stale,
    lacks_second_factor,
    note_seen,
    read_environment,
    read_organization,
)
from accounts.person_actor import make_person_actor
from accounts.queries import MemberFacts, find_member, list_active_memberships
from accounts.rules.networks import is_allowed_address
from accounts.services.note_access import note_access
from accounts.services.note_account import note_session_ended
from accounts.services.note_refusal import Refusal, note_refusal
from accounts.types import Module
from accounts.web.browser import answer_with_session
from core.actor import Actor
from core.api.addresses import read_client_address
from core.clock import read_clock
from core.errors import Forbidden, Unauthorized
from core.unit_of_work import unit_of_work
from core.web.preferences import Preferences
from core.web.views import PageView


class SessionPage(PageView):
    """A page that knows the browser's session, whoever is or is not signed in."""

    is_base = True
    now: datetime

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with `request.session` and `request.user` at hand."""
        self.now = read_clock()
        return answer_with_session(request, lambda inner: super(SessionPage, self).answer(inner, *args, **kwargs))


class PersonPage(SessionPage):
    """A page of somebody who is signed in, before it is settled for which organization."""

    is_base = True

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Let in whoever is signed in and not idle for too long; the rest go to the sign-in and come back."""
        if request.user.is_authenticated and is_idle(request.session, now=self.now):
            with unit_of_work():
                note_session_ended(user_id=read_person(request), reason="idle", now=self.now)
            logout(request)
            self.say(_("Su sesión terminó por inactividad. Inicie sesión para continuar."), is_failure=True)
        if not request.user.is_authenticated:
            return _send_to_sign_in(request)
        note_seen(request.session, now=self.now)
        return None


class MemberPage(PersonPage):
    """A page of an organization's member, by role and module.

    Methods in `reauthenticates` need a proof of identity not older than ACCOUNT_REAUTHENTICATION_TIMEOUT; it is asked
    for, and then the request goes on.
    """

    is_base = True
    module: ClassVar[Module | None] = None
    reauthenticates: ClassVar[frozenset[str]] = frozenset()
    is_open_without_second_factor: ClassVar[bool] = False
    sends_file_from: ClassVar[str] = ""
    """The page with the button, where the answer is a file: the browser would stay at the proof, so one goes back."""

    actor: Actor
    member: MemberFacts

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Let in by membership, second factor, permission, module and fresh proof, in this order."""
        elsewhere = super().admit(request) or self._admit_member(request)
        if elsewhere is not None:
            return elsewhere
        if not is_allowed_address(self.member.organization, read_client_address(request)):
            raise Forbidden
        if not self.actor.can(self.permission_for(request.method)):
            raise Forbidden
        if self.module is not None and self.module not in self.member.organization.modules:
            raise Forbidden
        self._note_access()
        if request.method in self.reauthenticates:
            return self._ask_for_proof(request)
        return None

    def _note_access(self) -> None:
        if is_stale(self.member.last_access_at, now=self.now):
            with unit_of_work():
                note_access(
                    organization_id=self.member.organization.id, membership_id=self.member.membership_id, now=self.now
                )

    def _ask_for_proof(self, request: HttpRequest) -> HttpResponseBase | None:
        if self.sends_file_from and not has_fresh_proof(request.session, now=self.now):
            self.say(_("El archivo aún no se descargó: pídalo otra vez."))
            back = {REDIRECT_FIELD_NAME: reverse(self.sends_file_from)}
            proofs = get_adapter().get_reauthentication_methods(request.user)
            return HttpResponseRedirect(f"{proofs[0]['url']}?{urlencode(back)}")
        raise_if_reauthentication_required(request, app="clausum")
        return None

    def _admit_member(self, request: HttpRequest) -> HttpResponseBase | None:
        user_id = read_person(request)
        organization_id = _settle_organization(request, user_id)
        if organization_id is None:
            return HttpResponseRedirect(reverse("choose_organization"))
        member = find_member(user_id=user_id, organization_id=organization_id)
        if member is None:
            return self._turn_away(request, user_id=user_id, organization_id=organization_id)
        self.member = member
        environment = read_environment(request.session, default=member.organization.default_environment)
        self.actor = make_person_actor(
            user_id=user_id, role=member.role, organization_id=organization_id, environment=environment
        )
        request.member, request.actor = member, self.actor  # type: ignore[attr-defined]
        self.use(Preferences.from_values(member.preferences))
        if lacks_second_factor(request.session, member) and not self.is_open_without_second_factor:
            return HttpResponseRedirect(reverse("mfa_index"))
        return None

    def _turn_away(self, request: HttpRequest, *, user_id: uuid.UUID, organization_id: uuid.UUID) -> HttpResponseBase:
        """End the session's part in an organization that no longer knows its person, and say so."""
        with unit_of_work():
            note_refusal(user_id=user_id, organization_id=organization_id, reason=Refusal.SUSPENDED, now=self.now)
        del request.session[ORGANIZATION]
        if list_active_memberships(user_id=user_id):
            return HttpResponseRedirect(reverse("choose_organization"))
        logout(request)
        return self.render("account/no_access.html", {}, status=403)


def read_person(request: HttpRequest) -> uuid.UUID:
    """Return who is signed in. Raises Unauthorized when nobody is."""
    if request.user.pk is None:
        raise Unauthorized
    return request.user.pk


def _settle_organization(request: HttpRequest, user_id: uuid.UUID) -> uuid.UUID | None:
    """Return where the person works: as chosen, or the only place there is."""
    chosen = read_organization(request.session)
    if chosen is not None:
        return chosen
    memberships = list_active_memberships(user_id=user_id)
    if len(memberships) != 1:
        return None
    request.session[ORGANIZATION] = str(memberships[0].organization_id)
    return memberships[0].organization_id


def _send_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    back = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method in {"GET", "HEAD"} else {}
    return HttpResponseRedirect(reverse("account_login") + (f"?{urlencode(back)}" if back else ""))
