"""`/invite/<token>`: where an invited person comes in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.browsing import ENVIRONMENT, ORGANIZATION
from accounts.models import Invitation, User
from accounts.queries import find_user
from accounts.services.accept_invitation import NewPerson, SignInNeeded, accept_invitation
from accounts.services.open_invitation import InvitationProblem, open_invitation
from accounts.types import Role
from accounts.web.admission import SessionPage
from accounts.web.team_forms import NewPersonForm
from accounts.words import ROLE_LABELS, ROLE_SUMMARIES
from core.api.addresses import read_client_address
from core.api.views import PUBLIC
from core.unit_of_work import unit_of_work

_ASK_ANEW = gettext_lazy("Pida una nueva a quien administra la organización.")
PROBLEMS: dict[InvitationProblem, tuple[str | Promise, str | Promise]] = {
    InvitationProblem.UNKNOWN: (
        gettext_lazy("Este enlace no abre ninguna invitación"),
        gettext_lazy("Puede estar incompleto: ábralo desde el correo, o cópielo entero. Si no funciona, pida otra."),
    ),
    InvitationProblem.REPLACED: (
        gettext_lazy("Hay un enlace más reciente"),
        gettext_lazy("La invitación se envió de nuevo y este enlace dejó de servir. Abra el del último correo."),
    ),
    InvitationProblem.EXPIRED: (gettext_lazy("La invitación venció"), _ASK_ANEW),
    InvitationProblem.REVOKED: (gettext_lazy("La invitación se retiró"), _ASK_ANEW),
    InvitationProblem.USED: (
        gettext_lazy("Esta invitación ya se usó"),
        gettext_lazy("Si fue usted, inicie sesión. Si no, avise a quien administra la organización."),
    ),
    InvitationProblem.CLOSED: (
        gettext_lazy("Usted ya está en el equipo"),
        gettext_lazy("No hace falta la invitación: inicie sesión con su correo."),
    ),
}
_WITH_SIGN_IN = {InvitationProblem.USED, InvitationProblem.CLOSED}


class InvitationPage(SessionPage):
    """Shows where to and as what, and lets in whoever the invitation is for."""

    permission = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Return what fits whoever opens it: a form, a way to sign in, a button, or why it opens nothing."""
        with unit_of_work():
            opened = open_invitation(token=token, address=read_client_address(request), now=self.now)
        if isinstance(opened, InvitationProblem):
            return self._refuse(opened)
        return self._show(opened, token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Let the person in; whoever is signed in as somebody else, or has first to sign in, is told so."""
        with unit_of_work():
            opened = open_invitation(token=token, address=read_client_address(request), now=self.now)
        if isinstance(opened, InvitationProblem):
            return self._refuse(opened)
        if isinstance(request.user, User):
            return self._accept(opened, token, request.user)
        form = NewPersonForm(request.POST, email=opened.email)
        if find_user(email=opened.email) is not None:
            return self._show(opened, token, status=403)
        if not form.is_valid():
            return self._show(opened, token, form=form, status=422)
        return self._accept(opened, token, NewPerson(form.cleaned_data["name"], form.cleaned_data["password1"]))

    def _accept(self, opened: Invitation, token: str, person: User | NewPerson) -> HttpResponse:
        try:
            with unit_of_work():
                accepted = accept_invitation(
                    token=token, person=person, address=read_client_address(self.request), now=self.now
                )
        except SignInNeeded:
            return self._show(opened, token, status=403)
        if isinstance(accepted, InvitationProblem):
            return self._refuse(accepted)
        organization = {"organization": opened.organization.name}
        if isinstance(person, NewPerson):
            self.say(_("Su cuenta en %(organization)s está lista. Inicie sesión con su correo.") % organization)
            return self.redirect("account_login")
        self.request.session[ORGANIZATION] = str(accepted.organization_id)
        self.request.session.pop(ENVIRONMENT, None)
        self.say(_("Ya está en el equipo de %(organization)s.") % organization)
        return self.redirect("first")

    def _show(
        self, opened: Invitation, token: str, *, form: NewPersonForm | None = None, status: int = 200
    ) -> HttpResponse:
        user = self.request.user
        context: dict[str, Any] = {
            "invitation": opened,
            "organization": opened.organization,
            "role": ROLE_LABELS[Role(opened.role)],
            "role_summary": ROLE_SUMMARIES[Role(opened.role)],
            "inviter": (opened.invited_by.name or opened.invited_by.email) if opened.invited_by else "",
            "now": self.now,
            "person": user,
        }
        if isinstance(user, User):
            template = "accept" if user.email == opened.email else "other"
        elif find_user(email=opened.email) is not None:
            template = "sign_in"
            back = urlencode({"next": reverse("invitation", kwargs={"token": token})})
            context["sign_in"] = f"{reverse('account_login')}?{back}"
        else:
            template = "new"
            context["form"] = form or NewPersonForm(email=opened.email)
        return self.render(f"invitation/{template}.html", context, status=status)

    def _refuse(self, problem: InvitationProblem) -> HttpResponse:
        heading, advice = PROBLEMS[problem]
        context = {"heading": heading, "advice": advice, "can_sign_in": problem in _WITH_SIGN_IN}
        return self.render(
            "invitation/ended.html", context, status=404 if problem is InvitationProblem.UNKNOWN else 410
        )
