"""The forms by which a person signs in and proves who they are."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTotpForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm as AllauthAuthenticateWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm as AllauthLoginWebAuthnForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as AllauthReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.second_factors import find_factor_of
from accounts.services.note_refusal import Refusal
from accounts.web.tries import count_try, forget_try, tell_refusal

PASSKEY_NAME_LENGTH = 60


class LoginForm(AllauthLoginForm):
    """E-mail and password; allauth's, with the labels of the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Correo electrónico")
        self.fields["password"].label = _("Contraseña")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class _CodeForm:
    """Counts a wrong code as a failed sign-in of its person, as a wrong password is."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: User

    def _settle_field(self) -> None:
        field = self.fields["code"]
        field.label = _("Código de verificación")
        field.help_text = _("Los 6 dígitos de su aplicación, o uno de sus códigos de recuperación.")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True, "maxlength": 20}

    def clean_code(self) -> str:
        """Return the code when one of the person's factors takes it, once. Raises ValidationError."""
        try_id = count_try(self.user.email)
        code: str = self.cleaned_data["code"]
        factor = find_factor_of(person=self.user, code=code)
        if factor is None:
            tell_refusal(self.user, Refusal.WRONG_CODE)
            raise get_mfa_adapter().validation_error("incorrect_code")
        forget_try(try_id)
        self.authenticator = factor
        return code


class AuthenticateForm(_CodeForm, AllauthAuthenticateForm):
    """The code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settle_field()


class ReauthenticateForm(_CodeForm, AllauthReauthenticateForm):
    """The code before something that needs a fresh proof."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settle_field()


class PasswordConfirmationForm(forms.Form):
    """The password before something that needs a fresh proof."""

    password = forms.CharField(
        label=_("Contraseña"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Return the password when it is this person's. Raises ValidationError."""
        password: str = self.cleaned_data["password"]
        try_id = count_try(self.user.email)
        if not self.user.check_password(password):
            raise forms.ValidationError(_("La contraseña no es correcta."), code="wrong_password")
        forget_try(try_id)
        return password


class NewPasswordForm(forms.Form):
    """A password given twice; allauth's two forms that set one are of this shape."""

    password1 = forms.CharField(
        label=_("Contraseña nueva"),
        strip=False,
        max_length=128,
        help_text=_("Al menos 12 caracteres, y que no sea una de las más usadas."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Contraseña nueva, otra vez"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, temp_key: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        """Return the password when the validators take it. Raises ValidationError."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Hold the two against each other."""
        given = super().clean() or {}
        if given.get("password1") and given.get("password1") != given.get("password2"):
            self.add_error("password2", _("No es igual a la primera."))
        return given

    def save(self) -> None:
        """Give the person the password, which ends their access tokens; every other session ends with it too."""
        self.user.set_password(self.cleaned_data["password1"])
        self.user.save(update_fields=["password", "password_epoch"])


class ChangePasswordForm(NewPasswordForm):
    """A new password, after the old one."""

    oldpassword = forms.CharField(
        label=_("Contraseña actual"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("oldpassword", "password1", "password2")

    def clean_oldpassword(self) -> str:
        """Return the former password when it is right. Raises ValidationError."""
        password: str = self.cleaned_data["oldpassword"]
        try_id = count_try(self.user.email)
        if not self.user.check_password(password):
            raise forms.ValidationError(_("La contraseña no es correcta."), code="wrong_password")
        forget_try(try_id)
        return password


class ProfileForm(forms.Form):
    """What a person says of themselves."""

    name = forms.CharField(
        label=_("Nombre"),
        max_length=150,
        required=False,
        help_text=_("Así la ven sus colegas en Equipo y en la auditoría."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PreferencesForm(forms.Form):
    """How a person wants the pages."""

    theme = forms.ChoiceField(
        required=False,
        label=_("Tema"),
        choices=[("system", _("Sistema")), ("light", _("Claro")), ("dark", _("Oscuro"))],
        widget=forms.RadioSelect,
    )
    density = forms.ChoiceField(
        required=False,
        label=_("Densidad"),
        choices=[("compact", _("Compacta")), ("comfortable", _("Cómoda"))],
        widget=forms.RadioSelect,
    )
    contrast = forms.ChoiceField(
        required=False,
        label=_("Contraste"),
        choices=[("normal", _("Normal")), ("more", _("Más"))],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        required=False,
        label=_("Idioma"),
        choices=[("es-mx", "Español (México)"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    shortcuts = forms.ChoiceField(
        required=False,
        label=_("Atajos de teclado"),
        choices=[("on", _("Encendidos")), ("off", _("Apagados"))],
        widget=forms.RadioSelect,
    )


class ForgottenPasswordForm(AllauthResetPasswordForm):
    """The address that a link is sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Correo electrónico")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.fields["email"].widget.attrs |= {"autocomplete": "username"}


class ActivateTotpForm(AllauthActivateTotpForm):
    """The code that proves an application has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Código de verificación")
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}


UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a credential that no authenticator made may raise."""


class _CredentialForm:
    """A form with an authenticator's answer, which may be anything that somebody sends."""

    def clean_credential(self) -> Any:
        """Return what allauth makes of the answer. Raises ValidationError."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE:
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class LoginPasskeyForm(_CredentialForm, AllauthLoginWebAuthnForm):
    """A passkey alone."""


class AuthenticatePasskeyForm(_CredentialForm, AllauthAuthenticateWebAuthnForm):
    """A passkey after the password."""


class ReauthenticatePasskeyForm(_CredentialForm, AllauthReauthenticateWebAuthnForm):
    """A passkey before something that needs a fresh proof."""


class AddPasskeyForm(AllauthAddWebAuthnForm):
    """A passkey's name, and whether it may stand in for the password."""

    def clean(self) -> dict[str, Any]:
        """Have allauth read the new credential. Raises ValidationError."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except UNREADABLE:
            raise get_mfa_adapter().validation_error("incorrect_code") from None
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nombre")
        self.fields["name"].max_length = PASSKEY_NAME_LENGTH
        self.fields["name"].widget.attrs["maxlength"] = PASSKEY_NAME_LENGTH
        self.initial["name"] = ""
        self.fields["name"].help_text = _("Para distinguirla, por ejemplo «Laptop de la oficina».")
        self.fields["passwordless"].label = _("Entrar también sin contraseña")
        self.fields["passwordless"].help_text = _("La llave pedirá huella, rostro o PIN cada vez.")


class EditPasskeyForm(AllauthEditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nombre")
        self.fields["name"].widget.attrs["maxlength"] = PASSKEY_NAME_LENGTH
