"""What Django keeps for a browser: session, person, messages. Pages alone pay for it, never a call of the API."""

from collections.abc import Callable
from typing import cast

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

type Answer = Callable[[HttpRequest], HttpResponseBase]


def answer_with_session(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Run the answer with `request.session` and `request.user`, and keep what it changes in the session.

    One that runs inside another, as a request that was suspended for a proof of identity does, shares the session.
    """
    if hasattr(request, "session"):
        return answer(request)
    chain = SessionMiddleware(AuthenticationMiddleware(MessageMiddleware(_turn_exceptions(answer))))
    return cast(HttpResponseBase, chain(request))


def _turn_exceptions(answer: Answer) -> Answer:
    """Turn the exceptions by which allauth answers into its answers, while the session is still to be kept."""
    process_exception = AccountMiddleware(answer).process_exception

    def turned(request: HttpRequest) -> HttpResponseBase:
        try:
            return answer(request)
        except (ImmediateHttpResponse, ReauthenticationRequired) as exception:
            response: HttpResponseBase = process_exception(request, exception)
            return response

    return turned
