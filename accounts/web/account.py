"""`/dashboard/account`: a person's own name, look of the pages, password, second factors and sessions."""

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.usersessions import views as session_views
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.browsing import ENVIRONMENT, lacks_second_factor
from accounts.queries import list_open_sessions
from accounts.services.change_profile import change_profile
from accounts.services.note_account import note_session_ended
from accounts.web.admission import MemberPage
from accounts.web.forms import ChangePasswordForm, PreferencesForm, ProfileForm
from accounts.web.sign_in import OWN_ACCOUNT, AllauthForm
from core.clock import read_clock
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.preferences import Preferences, keep_preferences


class AccountPage(MemberPage):
    """Name and preferences, each a form of its own, and the ways to the rest."""

    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        return self._show(ProfileForm(initial={"name": self.member.name}), self._preferences_form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the form that was sent: `form` is `profile` or `preferences`."""
        if request.POST.get("form") == "preferences":
            return self._keep_preferences(request)
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return self._show(form, self._preferences_form(), status=422)
        with unit_of_work():
            change_profile(user_id=self.member.user_id, name=form.cleaned_data["name"])
        self.say(_("Su nombre quedó guardado."))
        return self.redirect("account")

    def _keep_preferences(self, request: HttpRequest) -> HttpResponse:
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            return self._show(ProfileForm(initial={"name": self.member.name}), form, status=422)
        chosen = Preferences.from_values(self.preferences.to_values() | form.cleaned_data)
        with unit_of_work():
            change_profile(user_id=self.member.user_id, preferences=chosen.to_values())
        self.use(chosen)
        self.say(_("Sus preferencias quedaron guardadas."))
        response = self.redirect("account")
        keep_preferences(response, chosen)
        return response

    def _preferences_form(self) -> PreferencesForm:
        return PreferencesForm(initial=self.preferences.to_values())

    def _show(self, profile: ProfileForm, preferences: PreferencesForm, *, status: int = 200) -> HttpResponse:
        context = {"profile": profile, "preferences_form": preferences, "steps": make_steps()}
        return self.render("account/account.html", context, status=status)


class KeepAlivePage(MemberPage):
    """`/dashboard/account/keep-alive`: "Seguir", before a session ends for idleness; admitting it is all it does."""

    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return nothing (204)."""
        return HttpResponse(status=204)


class SideBarPage(MemberPage):
    """`/dashboard/account/side-bar`: narrow or wide, remembered for the person."""

    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it over and go back to where the person was."""
        other = "narrow" if self.preferences.side_bar == "wide" else "wide"
        chosen = Preferences.from_values(self.preferences.to_values() | {"side_bar": other})
        with unit_of_work():
            change_profile(user_id=self.member.user_id, preferences=chosen.to_values())
        return self.go_back("account")


class EnvironmentPage(MemberPage):
    """`/dashboard/environment`: which of the two worlds the pages show."""

    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change over for this session. Raises ValidationFailed for a world that is neither."""
        chosen = request.POST.get("environment", "")
        if chosen not in set(Environment):
            raise ValidationFailed.of_field("environment", "must be sandbox or production")
        request.session[ENVIRONMENT] = chosen
        return self.go_back("account")


class _OwnPage(AllauthForm, MemberPage):
    """A page of allauth on the person's own account."""

    is_base = True
    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        is_missing = lacks_second_factor(self.request.session, self.member)
        return context | {"steps": make_steps(self.title()), "now": self.now, "is_factor_missing": is_missing}

    def title(self) -> str:
        """Return what the page is called, in the reader's language."""
        return _("Segundo factor")


class PasswordPage(_OwnPage, account_views.PasswordChangeView):
    """`/dashboard/account/password`."""

    def title(self) -> str:
        return _("Contraseña")

    def get_form_class(self) -> type[ChangePasswordForm]:
        return ChangePasswordForm


class SecondFactorPage(_OwnPage, mfa_views.IndexView):
    """`/dashboard/account/second-factor`: what protects the account besides the password."""


class AddTotpPage(_OwnPage, totp_views.ActivateTOTPView):
    """`…/totp`: a code to scan, and the proof that it was."""


class RemoveTotpPage(_OwnPage, totp_views.DeactivateTOTPView):
    """`…/totp/remove`."""


class RecoveryCodesPage(_OwnPage, code_views.ViewRecoveryCodesView):
    """`…/codes`."""


class NewRecoveryCodesPage(_OwnPage, code_views.GenerateRecoveryCodesView):
    """`…/codes/new`."""


class DownloadRecoveryCodesPage(_OwnPage, code_views.DownloadRecoveryCodesView):
    """`…/codes/download`."""


class PasskeysPage(_OwnPage, passkey_views.ListWebAuthnView):
    """`…/passkeys`."""


class AddPasskeyPage(_OwnPage, passkey_views.AddWebAuthnView):
    """`…/passkeys/add`."""


class RenamePasskeyPage(_OwnPage, passkey_views.EditWebAuthnView):
    """`…/passkeys/<pk>/rename`."""


class RemovePasskeyPage(_OwnPage, passkey_views.RemoveWebAuthnView):
    """`…/passkeys/<pk>/remove`."""


class _ListedAtOnce(session_views.ListUserSessionsView):
    """allauth's list asks three times a session whether it is over; this one asks once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super(session_views.ListUserSessionsView, self).get_context_data(**kwargs)
        sessions = list_open_sessions(user_id=self.request.user.pk, now=read_clock())
        return context | {"sessions": sessions, "session_count": len(sessions)}


class SessionsPage(_OwnPage, _ListedAtOnce):
    """`/dashboard/account/sessions`: where the person is signed in, and the end of all but this."""

    def title(self) -> str:
        return _("Sesiones")

    def form_valid(self, form: Any) -> HttpResponse:
        with unit_of_work():
            note_session_ended(user_id=self.member.user_id, reason="closed_elsewhere", now=self.now)
        response: HttpResponse = super().form_valid(form)
        return response


def make_steps(title: str = "") -> list[dict[str, str]]:
    """Return the path to a page of the account."""
    steps = [{"label": _("Inicio"), "href": "/"}, {"label": _("Mi cuenta"), "href": "/dashboard/account"}]
    return [*steps, {"label": title}] if title else [steps[0], {"label": _("Mi cuenta")}]
