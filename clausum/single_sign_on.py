"""Turns the OIDC_… and SAML_… variables into django-allauth's providers; without them there is no single sign-on."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clausum.env import env

PROVIDER_ID = "sso"
"""The name of the one identity provider in addresses: `/login/sso/oidc/sso/login`."""


def read_single_sign_on() -> dict[str, Any]:
    """Return the providers that are configured. Raises ImproperlyConfigured when one is configured by half."""
    providers = {"openid_connect": _read_oidc(), "saml": _read_saml()}
    return {name: provider for name, provider in providers.items() if provider}


def _read_oidc() -> dict[str, Any]:
    given = _read_together("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    if not given:
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": env.str("OIDC_NAME", "OpenID Connect"),
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_ISSUER"].rstrip("/")},
    }
    return {
        "APPS": [app],
        "OAUTH_PKCE_ENABLED": True,
        "VERIFIED_EMAIL": env.bool("OIDC_TRUSTS_EMAIL", False),
    }


def _read_saml() -> dict[str, Any]:
    given = _read_together("SAML_ENTITY_ID", "SAML_SSO_URL", "SAML_CERTIFICATE")
    if not given:
        return {}
    identity_provider = {
        "entity_id": given["SAML_ENTITY_ID"],
        "sso_url": given["SAML_SSO_URL"],
        "x509cert": given["SAML_CERTIFICATE"].replace("\\n", "\n"),
    }
    app = {
        "provider_id": given["SAML_ENTITY_ID"],
        "name": env.str("SAML_NAME", "SAML"),
        "client_id": PROVIDER_ID,
        "settings": {
            "idp": identity_provider,
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True},
        },
    }
    return {"APPS": [app], "VERIFIED_EMAIL": True}


def _read_together(*names: str) -> dict[str, str]:
    """Return the variables when all are set, nothing when none is. Raises ImproperlyConfigured in between."""
    given = {name: env.str(name, "") for name in names}
    if not any(given.values()):
        return {}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"{', '.join(missing)} must be set too: single sign-on needs all of {', '.join(names)}"
        )
    return given
