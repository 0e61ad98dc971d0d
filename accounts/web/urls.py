"""The pages of people and of what their organization is."""

from allauth.socialaccount import views as provider_views
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from allauth.socialaccount.providers.saml import views as saml_views
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt

from accounts.web import (
    account,
    audit,
    company,
    invitation,
    key_changes,
    keys,
    sign_in,
    submerchants,
    team,
    team_member,
)


class PersonConverter(StringConverter):
    """A person's id as allauth writes it into a link: 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"


register_converter(PersonConverter, "person")
_oidc, _saml = "login/sso/oidc/<str:provider_id>", "login/sso/saml/<str:organization_slug>"
_company = "dashboard/settings/company"
_factor = "dashboard/account/second-factor"
_keys = "dashboard/connections/keys"
_submerchants = "dashboard/connections/submerchants"
_team, _member = "dashboard/team", "dashboard/team/<uuid:membership_id>"
_step = sign_in.make_provider_page

urlpatterns = [
    path("login", sign_in.LoginPage.as_view(), name="account_login"),
    path("login/look", sign_in.LookPage.as_view(), name="look"),
    path("login/code", sign_in.CodePage.as_view(), name="mfa_authenticate"),
    path("login/passkey", sign_in.PasskeyLoginPage.as_view(), name="mfa_login_webauthn"),
    path("login/organization", sign_in.OrganizationPage.as_view(), name="choose_organization"),
    path("login/inactive", sign_in.InactivePage.as_view(), name="account_inactive"),
    path("login/confirm", sign_in.ConfirmByPasswordPage.as_view(), name="account_reauthenticate"),
    path("login/confirm/code", sign_in.ConfirmByCodePage.as_view(), name="mfa_reauthenticate"),
    path("login/confirm/passkey", sign_in.ConfirmByPasskeyPage.as_view(), name="mfa_reauthenticate_webauthn"),
    path(f"{_oidc}/login", _step(oidc_views.login, "get").as_view(), name="openid_connect_login"),
    path(f"{_oidc}/callback", _step(oidc_views.callback, "get").as_view(), name="openid_connect_callback"),
    path(f"{_saml}/login", _step(saml_views.login, "get").as_view(), name="saml_login"),
    path(f"{_saml}/acs", csrf_exempt(_step(saml_views.acs, "post").as_view()), name="saml_acs"),
    path(f"{_saml}/acs/finish", _step(saml_views.finish_acs, "get").as_view(), name="saml_finish_acs"),
    path(f"{_saml}/sls", csrf_exempt(_step(saml_views.sls, "get", "post").as_view()), name="saml_sls"),
    path(f"{_saml}/metadata", _step(saml_views.metadata, "get").as_view(), name="saml_metadata"),
    path(
        "login/sso/cancelled",
        _step(provider_views.login_cancelled, "get").as_view(),
        name="socialaccount_login_cancelled",
    ),
    path("login/sso/failed", _step(provider_views.login_error, "get").as_view(), name="socialaccount_login_error"),
    path("login/sso/unknown", _step(provider_views.signup, "get").as_view(), name="socialaccount_signup"),
    path("logout", sign_in.LogoutPage.as_view(), name="account_logout"),
    path("password/reset", sign_in.ForgottenPasswordPage.as_view(), name="account_reset_password"),
    path("password/reset/sent", sign_in.ResetSentPage.as_view(), name="account_reset_password_done"),
    path("password/reset/done", sign_in.ResetDonePage.as_view(), name="account_reset_password_from_key_done"),
    path(
        "password/reset/<person:uidb36>/<str:key>",
        sign_in.ResetPasswordPage.as_view(),
        name="account_reset_password_from_key",
    ),
    path("dashboard/account", account.AccountPage.as_view(), name="account"),
    path("dashboard/account/keep-alive", account.KeepAlivePage.as_view(), name="keep_alive"),
    path("dashboard/account/side-bar", account.SideBarPage.as_view(), name="side_bar"),
    path("dashboard/account/password", account.PasswordPage.as_view(), name="account_change_password"),
    path("dashboard/account/sessions", account.SessionsPage.as_view(), name="usersessions_list"),
    path(_factor, account.SecondFactorPage.as_view(), name="mfa_index"),
    path(f"{_factor}/totp", account.AddTotpPage.as_view(), name="mfa_activate_totp"),
    path(f"{_factor}/totp/remove", account.RemoveTotpPage.as_view(), name="mfa_deactivate_totp"),
    path(f"{_factor}/codes", account.RecoveryCodesPage.as_view(), name="mfa_view_recovery_codes"),
    path(f"{_factor}/codes/new", account.NewRecoveryCodesPage.as_view(), name="mfa_generate_recovery_codes"),
    path(f"{_factor}/codes/download", account.DownloadRecoveryCodesPage.as_view(), name="mfa_download_recovery_codes"),
    path(f"{_factor}/passkeys", account.PasskeysPage.as_view(), name="mfa_list_webauthn"),
    path(f"{_factor}/passkeys/add", account.AddPasskeyPage.as_view(), name="mfa_add_webauthn"),
    path(f"{_factor}/passkeys/<int:pk>/rename", account.RenamePasskeyPage.as_view(), name="mfa_edit_webauthn"),
    path(f"{_factor}/passkeys/<int:pk>/remove", account.RemovePasskeyPage.as_view(), name="mfa_remove_webauthn"),
    path(_company, company.CompanyPage.as_view(), name="company"),
    path(f"{_company}/data", company.DataPage.as_view(), name="company_data"),
    path(f"{_company}/access", company.AccessPage.as_view(), name="company_access"),
    path(f"{_company}/own", company.OwnPage.as_view(), name="company_own"),
    path(f"{_company}/payin", company.PayinPolicyPage.as_view(), name="company_payin"),
    path(f"{_company}/payout", company.PayoutPolicyPage.as_view(), name="company_payout"),
    path(f"{_company}/retention", company.RetentionPage.as_view(), name="company_retention"),
    path(_submerchants, submerchants.SubmerchantsPage.as_view(), name="submerchants"),
    path(f"{_submerchants}/new", submerchants.NewSubmerchantPage.as_view(), name="submerchant_new"),
    path(f"{_submerchants}/<uuid:submerchant_id>", submerchants.SubmerchantPage.as_view(), name="submerchant"),
    path(
        f"{_submerchants}/<uuid:submerchant_id>/state",
        submerchants.SubmerchantStatePage.as_view(),
        name="submerchant_state",
    ),
    path("dashboard/audit", audit.AuditPage.as_view(), name="audit"),
    path("dashboard/audit/check", audit.CheckPage.as_view(), name="audit_check"),
    path("dashboard/audit/export", audit.ExportPage.as_view(), name="audit_export"),
    path("dashboard/audit/<uuid:event_id>", audit.EventPage.as_view(), name="audit_event"),
    path("dashboard/environment", account.EnvironmentPage.as_view(), name="environment"),
    path(_keys, keys.KeysPage.as_view(), name="keys"),
    path(f"{_keys}/new", keys.NewKeyPage.as_view(), name="key_new"),
    path(f"{_keys}/sandbox", keys.SandboxKeyPage.as_view(), name="key_sandbox"),
    path(f"{_keys}/<uuid:key_id>", keys.KeyPage.as_view(), name="key"),
    path(f"{_keys}/<uuid:key_id>/edit", key_changes.EditKeyPage.as_view(), name="key_edit"),
    path(f"{_keys}/<uuid:key_id>/rotate", keys.RotateKeyPage.as_view(), name="key_rotate"),
    path(f"{_keys}/<uuid:key_id>/disable", keys.DisableKeyPage.as_view(), name="key_disable"),
    path(f"{_keys}/<uuid:key_id>/enable", keys.EnableKeyPage.as_view(), name="key_enable"),
    path(f"{_keys}/<uuid:key_id>/delete", keys.DeleteKeyPage.as_view(), name="key_delete"),
    path("invite/<str:token>", invitation.InvitationPage.as_view(), name="invitation"),
    path(_team, team.TeamPage.as_view(), name="team"),
    path(f"{_team}/invite", team.InvitePage.as_view(), name="team_invite"),
    path(f"{_team}/invitations", team.InvitationsPage.as_view(), name="team_invitations"),
    path(f"{_team}/invitations/<uuid:invitation_id>/resend", team.ResendPage.as_view(), name="team_resend"),
    path(f"{_team}/invitations/<uuid:invitation_id>/revoke", team.RevokePage.as_view(), name="team_revoke"),
    path(f"{_team}/roles", team.RolesPage.as_view(), name="team_roles"),
    path(f"{_team}/review", team.AccessReviewPage.as_view(), name="team_review"),
    path(_member, team_member.TeamMemberPage.as_view(), name="team_member"),
    path(f"{_member}/role", team_member.ChangeRolePage.as_view(), name="team_role"),
    path(f"{_member}/suspend", team_member.SuspendPage.as_view(), name="team_suspend"),
    path(f"{_member}/reactivate", team_member.ReactivatePage.as_view(), name="team_reactivate"),
    path(f"{_member}/remove", team_member.RemovePage.as_view(), name="team_remove"),
]
