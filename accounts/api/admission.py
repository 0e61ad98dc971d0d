"""Views behind a credential. Each refusal of contract §1 stands here once, in its order."""

import uuid
from typing import Any, ClassVar

import jwt
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from jwt.types import Options
from rest_framework.request import Request

from accounts.browsing import has_fresh_proof, is_idle, lacks_second_factor, read_organization
from accounts.entry import Entry
from accounts.keys import PresentedKey, is_same_key, parse_key
from accounts.known_keys import learn, recall
from accounts.permissions import expand_key_permissions
from accounts.person_actor import make_person_actor
from accounts.queries import SessionFacts, find_member, find_session, make_key_statement
from accounts.rules.networks import is_allowed_address
from accounts.throttling import RateSubject, count_call
from accounts.types import KEY_PREFIXES, TOKEN_ALGORITHM, KeyFacts, KeyType, Module, OrganizationFacts
from core.actor import Actor, ActorKind
from core.api.addresses import is_in_networks, read_client_address
from core.api.views import ApiView
from core.clock import read_clock
from core.environments import Environment
from core.errors import AppError, Forbidden, Unauthorized, ValidationFailed
from core.sql import read_again_if_lost

SESSION_CALLS_PER_MINUTE = 6000
QUERY_KEY_DEPRECATED = "@1767225600"
"""Since 2026-01-01: a structured date, as RFC 9745 §2.1 writes the Deprecation header."""

# A clock a second behind the signer's must not refuse a fresh token: its row is what counts.
_TOKEN_OPTIONS: Options = {"require": ["exp", "jti"], "verify_iat": False}


class SecretKeyRequired(Forbidden):
    code = "SECRET_KEY_REQUIRED"
    message = "This endpoint takes a secret key (clm_sk_), never one that lives in a browser."


class PublicKeyNotAllowed(Forbidden):
    code = "PUBLIC_KEY_NOT_ALLOWED"
    message = "This endpoint does not take a publishable key."


class KeyView(ApiView):
    """A partner's endpoint: an API key of one of `key_types` opens it.

    A type in `refused_types` is told why (403); any other type is unknown here (401).
    """

    is_base = True
    key_types: ClassVar[frozenset[KeyType]] = frozenset({KeyType.SECRET})
    refused_types: ClassVar[dict[KeyType, type[Forbidden]]] = {KeyType.PUBLISHABLE: PublicKeyNotAllowed}
    module: ClassVar[Module | None] = None

    key: KeyFacts
    actor: Actor
    address: str
    entry: Entry | None = None

    settles_later = False
    """The view itself settles the entry, along with its own first statements, or before it answers without any."""

    def admit(self, request: Request) -> None:
        """Let the call in, or raise the first refusal in the contract's order.

        What this process knows of the key is believed at first. A refusal founded on it is founded anew on what the
        database says; an entry is settled by the database before anything is told or done.
        """
        http = request._request
        if "api_key" in http.GET:
            self.answer_headers |= {"Deprecation": QUERY_KEY_DEPRECATED, "Cache-Control": "no-store"}
        self._credential, self._is_in_query = read_credential(http)
        try:
            self._let_in(http, believe_key(self._credential, in_query=self._is_in_query))
        except AppError:
            if self.entry and self.entry.is_settled and not self.entry.is_changed:
                raise
            self.admit_anew(http)

    def admit_anew(self, http: HttpRequest) -> None:
        """Let the call in on what the database says of its key, believing nothing."""
        self._let_in(http, authenticate_key(self._credential, in_query=self._is_in_query))

    def _let_in(self, http: HttpRequest, key: KeyFacts) -> None:
        self.key = key
        self._check_type()
        self.address = read_client_address(http)
        _check_place(self.key, http, self.address)
        self.actor = make_key_actor(self.key)
        _check_permission(self.actor, self.permission_for(http.method))
        _check_module(self.key.organization, self.module)
        self.entry = Entry(
            key,
            subjects=self._rate_subjects(),
            address=self.address,
            endpoint=_name_endpoint(http),
            now=read_clock(),
        )
        if not self.settles_later:
            self.settle()

    def settle(self) -> None:
        """Make sure of the entry in a round trip of its own; raises KeyChanged, the 429 and its kin."""
        if self.entry and not self.entry.is_settled:
            self.entry.settle_alone()

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if self.entry:
            self.answer_headers |= self.entry.headers
        return super().finalize_response(request, response, *args, **kwargs)

    def _check_type(self) -> None:
        if self.key.key_type in self.refused_types:
            raise self.refused_types[self.key.key_type]
        if self.key.key_type not in self.key_types:
            raise Unauthorized

    def _rate_subjects(self) -> list[RateSubject]:
        group = f"key:{self.key.rate_group}"
        subject = RateSubject(group, self.key.rate_limit_per_minute, self.key.rate_limit_per_day)
        if self.key.key_type is not KeyType.PUBLISHABLE or self.key.rate_limit_per_minute is None:
            return [subject]
        per_address = min(self.key.rate_limit_per_minute, settings.PUBLISHABLE_CALLS_PER_ADDRESS)
        return [RateSubject(f"{group}:{self.address}", per_address, None, is_shown=False), subject]


class SessionView(ApiView):
    """A management endpoint: a person's JWT opens it, by role. A key of any kind is 401 here."""

    is_base = True
    module: ClassVar[Module | None] = None
    proves: ClassVar[bool] = False
    """Whether a browser's changes need a proof of identity as fresh as the page's; a JWT is fresh while it lives."""

    session: SessionFacts
    actor: Actor

    def admit(self, request: Request) -> None:
        http = request._request
        is_browser = "Authorization" not in http.headers and settings.SESSION_COOKIE_NAME in http.COOKIES
        self.session = authenticate_browser(http) if is_browser else authenticate_session(_read_bearer(http))
        _check_address(self.session.organization, read_client_address(http))
        self._work_in(self.session.organization.default_environment)
        _check_permission(self.actor, self.permission_for(request.method))
        _check_module(self.session.organization, self.module)
        if self.proves and is_browser and request.method not in {"GET", "HEAD"}:
            _check_proof(http)
        subject = RateSubject(f"user:{self.session.user_id}", SESSION_CALLS_PER_MINUTE, None)
        count_call([subject], code="RATE_LIMITED", now=read_clock())
        self._work_in(_read_environment(http, self.session.organization))

    def _work_in(self, environment: Environment) -> None:
        self.actor = make_person_actor(
            user_id=self.session.user_id,
            role=self.session.role,
            organization_id=self.session.organization.id,
            environment=environment,
        )


class KeyOrSessionView(KeyView, SessionView):
    """An endpoint for both: a partner's secret key, or a person's JWT. What looks like a key is judged as one."""

    is_base = True

    def admit(self, request: Request) -> None:
        if "api_key" in request._request.GET or looks_like_a_key(request._request):
            KeyView.admit(self, request)
            _check_environment(request._request, self.actor.environment)
        else:
            SessionView.admit(self, request)


def _name_endpoint(request: HttpRequest) -> str:
    """Return method and route, never the path, which may hold a value."""
    return f"{request.method} /{request.resolver_match.route}" if request.resolver_match else ""


def looks_like_a_key(request: HttpRequest) -> bool:
    """Say whether the Authorization header brings a key, not a JWT, which never begins like one."""
    credential = request.headers.get("Authorization", "").partition(" ")[2].strip()
    return credential.startswith(tuple(KEY_PREFIXES.values()))


def read_credential(request: HttpRequest) -> tuple[str, bool]:
    """Return the credential and whether it came in the URL.

    Raises Unauthorized when there is none, or when the header and the URL disagree.
    """
    in_url = request.GET.get("api_key", "")
    if len(request.GET.getlist("api_key")) > 1:
        raise Unauthorized("The URL carries more than one credential.")
    in_header = _read_bearer(request) if "Authorization" in request.headers or not in_url else ""
    if in_url and in_header and in_url != in_header:
        raise Unauthorized("The header and the URL carry different credentials.")
    return (in_header or in_url), bool(in_url)


def _read_bearer(request: HttpRequest) -> str:
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise Unauthorized("Send the credential as: Authorization: Bearer <credential>.")
    return credential.strip()


def believe_key(credential: str, *, in_query: bool = False) -> KeyFacts:
    """Return the live key behind the credential as this process knows it; raises Unauthorized for any other."""
    presented = parse_key(credential)
    return _prove(presented, recall(presented.public_id) if presented else None, in_query=in_query)


def authenticate_key(credential: str, *, in_query: bool = False) -> KeyFacts:
    """Return the live key behind the credential as the database knows it; raises Unauthorized for any other."""
    presented = parse_key(credential)
    if presented is None:
        raise Unauthorized
    rows = read_again_if_lost(make_key_statement(public_id=presented.public_id))
    return _prove(presented, learn(presented.public_id, rows), in_query=in_query)


def _prove(presented: PresentedKey | None, key: KeyFacts | None, *, in_query: bool) -> KeyFacts:
    if presented is None or key is None or not _is_proved(presented, key):
        raise Unauthorized
    if in_query and not key.organization.allows_query_key:
        raise Unauthorized("This organization does not take a key in the URL.")
    return key


def _is_proved(presented: PresentedKey, key: KeyFacts) -> bool:
    now = read_clock()
    is_live = (
        key.is_enabled
        and (key.revoked_at is None or key.revoked_at > now)
        and (key.expires_at is None or key.expires_at > now)
        and key.organization.is_active
    )
    return is_same_key(presented.full, key.secret_hash) and presented.key_type is key.key_type and is_live


def authenticate_session(credential: str) -> SessionFacts:
    """Return the live sign-in behind a JWT; raises Unauthorized for any that is not one."""
    try:
        claims: dict[str, Any] = jwt.decode(
            credential, settings.SECRET_KEY, algorithms=[TOKEN_ALGORITHM], options=_TOKEN_OPTIONS
        )
        token_id = uuid.UUID(claims["jti"])
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise Unauthorized from None
    session = find_session(token_id=token_id)
    if session is None:
        raise Unauthorized
    return session


def authenticate_browser(request: HttpRequest) -> SessionFacts:
    """Return who is signed in with this browser; a change must prove that a page of ours sends it.

    Raises Unauthorized when nobody is, for too long idle, suspended or without the second factor that the organization
    asks for, and Forbidden for a change without the token against forgery.
    """
    request.session = SessionStore(request.COOKIES[settings.SESSION_COOKIE_NAME])
    person = get_user(request)
    organization_id = read_organization(request.session)
    if person.pk is None or organization_id is None or is_idle(request.session, now=read_clock()):
        raise Unauthorized
    member = find_member(user_id=person.pk, organization_id=organization_id)
    if member is None or lacks_second_factor(request.session, member):
        raise Unauthorized
    _check_forgery(request)
    return SessionFacts(None, member.user_id, member.role, member.organization)


def _check_proof(request: HttpRequest) -> None:
    """Raise Forbidden when whoever sits at this browser has not proved of late that they are its person."""
    if not has_fresh_proof(request.session, now=read_clock()):
        details: dict[str, object] = {"reason": "reauthentication_required"}
        raise Forbidden("Confirm who you are at /login/confirm first.", details=details)


def _check_forgery(request: HttpRequest) -> None:
    """Hold a change to Django's token, as a page's form is; Raises Forbidden."""
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    check.process_request(request)
    # REST framework's views are exempt from the middleware's own check, so this one is not given the view.
    if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        raise Forbidden("A browser's change needs its token against forgery.", details={"reason": "csrf"})


def make_key_actor(key: KeyFacts) -> Actor:
    """Return the actor that a key is."""
    return Actor(
        organization_id=key.organization.id,
        environment=key.environment,
        kind=ActorKind.API_KEY,
        id=key.id,
        name=key.public_id,
        permissions=expand_key_permissions(key.key_type, key.permissions),
    )


def _read_environment(request: HttpRequest, organization: OrganizationFacts) -> Environment:
    """Return `?environment=`, else the organization's default; raises ValidationFailed for a word that is neither."""
    given = request.GET.get("environment")
    if given is None:
        return organization.default_environment
    if given not in set(Environment):
        raise ValidationFailed.of_field("environment", "must be sandbox or production")
    return Environment(given)


def _check_environment(request: HttpRequest, environment: Environment) -> None:
    """Raise ValidationFailed when the query names another environment than the key's."""
    if request.GET.get("environment", environment.value) != environment.value:
        raise ValidationFailed.of_field("environment", "is the key's own here")


def _check_place(key: KeyFacts, request: HttpRequest, address: str) -> None:
    if key.allowed_ips and not is_in_networks(address, key.allowed_ips):
        raise Forbidden("This key may not be used from this address.", details={"reason": "ip_not_allowed"})
    if key.key_type is KeyType.PUBLISHABLE:
        _check_origin(key, request.headers.get("Origin"))


def _check_address(organization: OrganizationFacts, address: str) -> None:
    if not is_allowed_address(organization, address):
        raise Forbidden(
            "Your organization does not let its people in from this address.", details={"reason": "ip_not_allowed"}
        )


def _check_origin(key: KeyFacts, origin: str | None) -> None:
    if origin is None and key.require_origin:
        raise Forbidden("This key needs a browser's Origin.", details={"reason": "origin_required"})
    if origin is not None and origin.lower() not in key.allowed_origins:
        raise Forbidden("This key may not be used from this origin.", details={"reason": "origin_not_allowed"})


def _check_permission(actor: Actor, permission: str) -> None:
    if not actor.can(permission):
        raise Forbidden(details={"permission": permission})


def _check_module(organization: OrganizationFacts, module: Module | None) -> None:
    if module is not None and module not in organization.modules:
        raise Forbidden("The organization has not contracted this module.", details={"module": module.value})
