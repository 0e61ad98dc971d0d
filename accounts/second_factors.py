"""A person's second factors, which django-allauth keeps: codes of an application, passkeys, recovery codes."""

import uuid

from allauth.mfa.models import Authenticator
from django.core.cache import cache

from accounts.models import User

_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are what is left of a second factor, not one."""

SPENT_SECONDS = 120
"""A code lives 90 seconds, with a step to either side."""


def has_second_factor(*, user_id: uuid.UUID) -> bool:
    """Say whether the person's password alone does not let them in."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=_STRONG).exists())


def find_factor_of(*, person: User, code: str) -> Authenticator | None:
    """Return the factor that takes the code, which then takes it no more; None when none does.

    The code is an application's six digits (RFC 6238, one step of 30 s to either side) or a recovery code.
    """
    given = code.replace(" ", "")
    for factor in Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.WEBAUTHN):
        if factor.wrap().validate_code(given) and _spend(person, given):
            factor.user = person
            return factor
    return None


def _spend(person: User, code: str) -> bool:
    """Note that the code was used, for longer than it could be used again; say whether it was not before."""
    return bool(cache.add(f"code-spent:{person.pk}:{code}", "y", timeout=SPENT_SECONDS))
