"""The way in and out with a browser: django-allauth's views as pages of the house."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account_views
from allauth.account.forms import UserTokenForm
from allauth.mfa.base import views as mfa_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.adapter import get_adapter as get_single_sign_on
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from accounts.browsing import ENVIRONMENT, ORGANIZATION
from accounts.queries import list_active_memberships
from accounts.services.note_account import note_session_ended
from accounts.services.note_refusal import Refusal
from accounts.web.admission import MemberPage, PersonPage, SessionPage, read_person
from accounts.web.forms import NewPasswordForm, PasswordConfirmationForm
from accounts.web.tries import tell_refusal
from core.api.views import PUBLIC
from core.errors import NotFound
from core.unit_of_work import unit_of_work
from core.web.preferences import Preferences, keep_preferences
from core.web.views import PageView

SIGNED_IN = "signed_in"
"""Not of the permission table: whoever is signed in, with or without an organization."""

OWN_ACCOUNT = "account:manage"


class AllauthForm:
    """What a form of allauth needs to be a form of the house: one that is refused answers 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Return the form again, with what is wrong beside its fields."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LookPage(PageView):
    """`/login/look`: language and theme, for whoever has not signed in."""

    permission = PUBLIC

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was chosen in the cookie and go back."""
        chosen = Preferences.from_values(self.preferences.to_values() | request.POST.dict())
        response = self.go_back("account_login")
        keep_preferences(response, chosen)
        return response


class LoginPage(SessionPage, AllauthForm, account_views.LoginView):
    """`/login`: e-mail and password, a passkey, or the organization's identity provider."""

    permission = PUBLIC

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"providers": _list_providers(self.request)}


class CodePage(SessionPage, AllauthForm, mfa_views.AuthenticateView):
    """`/login/code`: the second factor, after the password."""

    permission = PUBLIC


class PasskeyLoginPage(SessionPage, passkey_views.LoginWebAuthnView):
    """`/login/passkey`: the exchange of a sign-in with a passkey alone."""

    permission = PUBLIC
    template_name = "account/login.html"


class LogoutPage(SessionPage, account_views.LogoutView):
    """`/logout`: asks, and ends the session."""

    permission = PUBLIC

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        person_id = self.request.user.pk
        if person_id is not None:
            with unit_of_work():
                note_session_ended(user_id=person_id, reason="signed_out", now=self.now)
        response: HttpResponse = super().post(*args, **kwargs)
        return response


class InactivePage(SessionPage, account_views.AccountInactiveView):
    """`/login/inactive`: for a person who was suspended as a whole."""

    permission = PUBLIC
    template_name = "account/no_access.html"


class ForgottenPasswordPage(SessionPage, AllauthForm, account_views.PasswordResetView):
    """`/password/reset`: sends a link; the answer is the same for an address that nobody has."""

    permission = PUBLIC


class ResetSentPage(SessionPage, account_views.PasswordResetDoneView):
    """`/password/reset/sent`."""

    permission = PUBLIC


class ResetPasswordPage(SessionPage, AllauthForm, account_views.PasswordResetFromKeyView):
    """`/password/reset/<key>`: a link works once, and for an hour."""

    permission = PUBLIC

    def get_form_class(self) -> type[NewPasswordForm]:
        return NewPasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.reset_user is None:
            self._note_spent_link()
            return {"token_fail": True}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)
        if context.get("token_fail"):
            response.status_code = 410
        return response

    def _note_spent_link(self) -> None:
        """Tell the organizations of the person whom the link names, when there is such a person."""
        person = UserTokenForm()._get_user(self.kwargs["uidb36"])
        if person is not None:
            tell_refusal(person, Refusal.SPENT_LINK)


class ResetDonePage(SessionPage, account_views.PasswordResetFromKeyDoneView):
    """`/password/reset/done`."""

    permission = PUBLIC


class OrganizationPage(PersonPage):
    """`/login/organization`: where a person of several organizations will work; also how they change over."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the choice, or the page for whoever belongs nowhere."""
        memberships = list_active_memberships(user_id=read_person(request))
        if not memberships:
            return self.render("account/no_access.html", {}, status=403)
        return self.render("account/choose_organization.html", {"memberships": memberships})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice; another than one's own is not there (404)."""
        chosen = request.POST.get("organization", "")
        memberships = list_active_memberships(user_id=read_person(request))
        if chosen not in {str(each.organization_id) for each in memberships}:
            raise NotFound
        request.session[ORGANIZATION] = chosen
        request.session.pop(ENVIRONMENT, None)
        return HttpResponseRedirect("/", status=303)


class _ProofPage(MemberPage):
    """A fresh proof of identity before a change that needs one."""

    is_base = True
    permission = OWN_ACCOUNT
    is_open_without_second_factor = True


class ConfirmByPasswordPage(_ProofPage, AllauthForm, account_views.ReauthenticateView):
    """`/login/confirm`: the password once more."""

    def get_form_class(self) -> type[PasswordConfirmationForm]:
        return PasswordConfirmationForm


class ConfirmByCodePage(_ProofPage, AllauthForm, mfa_views.ReauthenticateView):
    """`/login/confirm/code`: a code."""


class ConfirmByPasskeyPage(_ProofPage, AllauthForm, passkey_views.ReauthenticateWebAuthnView):
    """`/login/confirm/passkey`: a passkey."""


class ProviderPage(SessionPage):
    """A step of single sign-on, which a view of allauth takes; 404 where no such identity provider is configured."""

    is_base = True
    step: Callable[..., HttpResponseBase]

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Be there only where single sign-on is configured: nothing of a stranger's is kept otherwise."""
        if not settings.SOCIALACCOUNT_PROVIDERS:
            raise NotFound
        return super().admit(request)

    def take(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take the step; an answer of the provider's that is no XML at all is one that confirms nobody."""
        try:
            return type(self).step(request, **kwargs)
        except SyntaxError:  # what lxml's XMLSyntaxError is
            return self.render("socialaccount/authentication_error.html", {}, status=401)


def make_provider_page(step: Callable[..., HttpResponseBase], *methods: str) -> type[ProviderPage]:
    """Return the page of one of allauth's views of single sign-on, which serves these methods."""
    handlers = dict.fromkeys(methods, ProviderPage.take)
    return type("ProviderStep", (ProviderPage,), {"permission": PUBLIC, "step": staticmethod(step), **handlers})


def _list_providers(request: HttpRequest) -> list[dict[str, str]]:
    """Return the identity providers that are configured, each with the address that its link leads to."""
    providers = get_single_sign_on().list_providers(request) if settings.SOCIALACCOUNT_PROVIDERS else []
    return [{"name": str(each.name), "url": each.get_login_url(request, process="login")} for each in providers]
