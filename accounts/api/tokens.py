"""`/api/v1/auth/token`: a person signs in over the API, and out."""

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.api.bodies import TokenBody, TokenRequest
from accounts.services.begin_sign_in import begin_sign_in
from accounts.services.end_token import end_token
from accounts.services.issue_token import IssuedToken
from accounts.services.sign_in import Missing, OrganizationChoice, sign_in
from core.api.addresses import read_client_address
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.openapi import ANYBODY, MANAGEMENT, documented
from core.api.responses import json_response
from core.api.views import PUBLIC
from core.clock import read_clock
from core.errors import Unauthorized, ValidationFailed
from core.unit_of_work import unit_of_work

_TAG = "Sign-in"
_NEVER_STORED = {"Cache-Control": "no-store"}
_SAID = {
    Missing.CODE: "This person has a second factor: send its code as otp.",
    Missing.RIGHT_CODE: "The code is wrong, spent or too old.",
    Missing.SECOND_FACTOR: "The organization asks for a second factor: set one up in the browser first.",
}


class TokenView(SessionView):
    """Anybody may ask for a token; only the one who holds it ends it."""

    permission = {"POST": PUBLIC, "DELETE": "token:end"}

    def admit(self, request: Request) -> None:
        if request.method != "POST":
            super().admit(request)

    @documented(
        "create_token",
        summary="Sign in",
        tag=_TAG,
        credential=ANYBODY,
        request=TokenRequest,
        example={"email": "ana@example.com", "password": "…"},
        responses={200: TokenBody},
        errors=(401, 429),
    )
    def post(self, request: Request) -> HttpResponse:
        """Exchange e-mail and password for a token of 15 minutes.

        A person with a second factor sends its code as `otp`, an application's or a recovery code. Without it the
        answer is 401 with `details.reason = "otp_required"`, with a wrong one `otp_wrong`, and `otp_setup_required`
        when the organization asks for a second factor that this person has not set up. A person of several
        organizations who names none gets 400 with `details.organizations`.
        """
        tree = read_object(request._request)
        refuse_unknown_fields(tree, TokenRequest)
        outcome = _sign_in(decode(tree, TokenRequest), address=read_client_address(request._request))
        if isinstance(outcome, OrganizationChoice):
            raise _ask_for_organization(outcome)
        if isinstance(outcome, Missing):
            raise Unauthorized(_SAID[outcome], details={"reason": outcome.value})
        body = TokenBody(
            access_token=outcome.access_token,
            expires_in=outcome.expires_in,
            organization_id=outcome.organization_id,
            role=outcome.role,
        )
        return json_response(body, headers=_NEVER_STORED)

    @documented("end_token", summary="Sign out", tag=_TAG, credential=MANAGEMENT, responses={204: None})
    def delete(self, request: Request) -> HttpResponse:
        """End the token that makes this call, at once."""
        if self.session.token_id is None:
            raise Unauthorized
        with unit_of_work():
            end_token(actor=self.actor, token_id=self.session.token_id, now=read_clock())
        return HttpResponse(status=204)


def _sign_in(given: TokenRequest, *, address: str) -> IssuedToken | OrganizationChoice | Missing:
    """Sign in, in two units of work: the try must be on record before the password is looked at."""
    now = read_clock()
    with unit_of_work():
        try_id = begin_sign_in(email=given.email, address=address, now=now)
    with unit_of_work():
        return sign_in(
            try_id=try_id,
            email=given.email,
            password=given.password,
            otp=given.otp,
            organization_id=given.organization_id,
            now=now,
        )


def _ask_for_organization(choice: OrganizationChoice) -> ValidationFailed:
    organizations = [{"id": str(number), "name": name} for number, name in choice.organizations]
    return ValidationFailed(
        "This person belongs to several organizations: name one.",
        details={"fields": {"organization_id": ["This field is required."]}, "organizations": organizations},
        headers=_NEVER_STORED,
    )
