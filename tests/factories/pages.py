"""Browsers of Django's test client that are signed in."""

import time
from typing import Any

from django.test import Client

from accounts.browsing import ENVIRONMENT, ORGANIZATION, SEEN_AT
from accounts.models import Membership
from core.clock import read_clock
from core.environments import Environment


def sign_in_as(member: Membership, *, is_fresh: bool = True, environment: Environment | None = None) -> Client:
    """Return a browser in which the member is signed in; `is_fresh` has them proved again who they are just now."""
    Membership.unscoped.filter(pk=member.pk).update(last_access_at=read_clock())  # else the first page notes it
    client = Client()
    client.force_login(member.user)
    session = client.session
    session[ORGANIZATION] = str(member.organization_id)
    session[SEEN_AT] = time.time()
    if environment is not None:
        session[ENVIRONMENT] = environment.value
    if is_fresh:
        proof: dict[str, Any] = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [proof]
        session["account_authentication_methods_user"] = str(member.user_id)
    session.save()
    return client
