"""What django-allauth asks of the house: who may sign in, how guesses are counted, how secrets and words are kept."""

import uuid
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.browsing import has_fresh_proof, note_seen
from accounts.models import User
from accounts.services.note_account import note_account_change, note_session_started
from accounts.web.tries import count_try, forget_try
from core.api.addresses import read_client_address
from core.clock import read_clock
from core.sealing import make_seal
from core.unit_of_work import unit_of_work
from core.web.preferences import Preferences
from mail.services.queue_mail import queue_mail

SAID: dict[str, str | Promise] = {
    "account/messages/password_changed.txt": _("Su contraseña cambió. Las demás sesiones terminaron."),
    "mfa/messages/totp_activated.txt": _("La aplicación de códigos quedó activada."),
    "mfa/messages/totp_deactivated.txt": _("La aplicación de códigos quedó desactivada."),
    "mfa/messages/webauthn_added.txt": _("La llave de acceso quedó agregada."),
    "mfa/messages/webauthn_removed.txt": _("La llave de acceso quedó quitada."),
    "mfa/messages/recovery_codes_generated.txt": _("Guarde sus códigos de recuperación: solo estos sirven."),
    "usersessions/messages/sessions_logged_out.txt": _("Las demás sesiones terminaron."),
}
"""What of allauth's messages is worth a toast, in our words; the rest would say what the page shows."""

NOTICES: dict[str, str] = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "mfa/email/totp_activated": "totp_added",
    "mfa/email/totp_deactivated": "totp_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "recovery_codes_renewed",
}
"""Which of allauth's notices tell of a change that its person should hear of, and the audit trail too."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail: nobody signs up by themselves, and guesses are counted where the API's are."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("El correo o la contraseña no son correctos, o la persona no puede entrar."),
        "enter_current_password": _("La contraseña no es correcta."),
        "incorrect_password": _("La contraseña no es correcta."),
        "too_many_login_attempts": _("Demasiados intentos. Espere unos minutos y vuelva a intentarlo."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people come by invitation."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before its password is looked at."""
        self._try_id: uuid.UUID = count_try(credentials.get("email", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person whose password this is, and take the try off the count."""
        person = super().authenticate(request, **credentials)
        if not isinstance(person, User) or not person.is_active:
            return None
        forget_try(self._try_id)
        return person

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Put the new session on the trail of the person's organizations."""
        now = read_clock()
        note_seen(request.session, now=now)
        methods = sorted({str(each["method"]) for each in get_authentication_records(request, user)})
        with unit_of_work():
            note_session_started(user_id=user.pk, methods=methods, now=now)
        return super().post_login(request, user, **kwargs)

    def is_safe_url(self, url: str) -> bool:
        """Say whether the address is one of ours; what cannot be read as an address is none."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Say whether the last proof of identity is too old; a sign-in a moment ago is one."""
        return not has_fresh_proof(self.request.session, now=read_clock())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link at the installation's own address, whatever host the request named."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL.rstrip('/')}{path}"

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to roll back: the count is ours."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by the house's own rule for proxies."""
        return read_client_address(request) or "127.0.0.1"

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is worth saying in the house's words."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Queue the link to the person's own address."""
        with unit_of_work():
            queue_mail(
                recipient=user.email,
                template="password_reset",
                context={"url": context["password_reset_url"]},
                language=Preferences.from_values(user.preferences).language,
                now=read_clock(),
            )

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person, and the trail of their organizations, what changed in their account."""
        change = NOTICES.get(template_prefix)
        if change is None:
            return
        with unit_of_work():
            now = read_clock()
            note_account_change(user_id=user.pk, change=change, now=now)
            queue_mail(
                recipient=user.email,
                template="account_changed",
                context={"change": change, "at": now},
                language=Preferences.from_values(user.preferences).language,
                now=now,
            )


class MfaAdapter(DefaultMFAAdapter):
    """Second factors, their secrets encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("El código no es correcto o ya se usó."),
        "cannot_generate_recovery_codes": _("Active antes una aplicación de códigos o una llave de acceso."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return _make_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` took; a secret of chance, which no code will fit, when SECRET_KEY was another then."""
        try:
            return _make_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            lost: str = generate_totp_secret()
            return lost

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return how an authenticator names this installation: the host that passkeys are bound to."""
        host: str = self.request.get_host().partition(":")[0]
        return {"id": host, "name": "Clausum"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """An identity provider lets in whom this installation already knows, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: people come by invitation."""
        return False


@cache
def _make_cipher() -> Fernet:
    """Return the cipher of second factors' secrets."""
    return make_seal(b"clausum second factors 1")
