"""Single sign-on with an identity provider that speaks OpenID Connect, and one that speaks SAML."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import Membership, User
from clausum.single_sign_on import read_single_sign_on
from core.clock import read_clock
from tests.accounts.web.test_sign_in import list_events
from tests.factories.accounts import make_member, make_organization

pytestmark = pytest.mark.django_db


@dataclass
class Provider:
    """A small OpenID Connect provider (Core 1.0): discovery, keys, token and userinfo."""

    key: RSAPrivateKey
    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, Any]:
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                    "jwks_uri": f"{self.url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "/keys":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                return {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}
            case "/token":
                return {"access_token": "a", "token_type": "Bearer", "id_token": self._sign()}
        return self.claims

    def _sign(self) -> str:
        now = int(read_clock().timestamp())
        claims = self.claims | {"iss": self.url, "aud": "clausum", "iat": now, "exp": now + 60}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def provider(settings: Any, key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider at a port of this machine, and an installation that is configured for it."""
    served = Provider(key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(served.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            served.asked.append(parse_qs(body))
            self._send(served.answer(self.path))

        def _send(self, answer: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("OIDC_ISSUER", served.url)
    monkeypatch.setenv("OIDC_CLIENT_ID", "clausum")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "quiet")
    monkeypatch.setenv("OIDC_NAME", "Banco Demo")
    settings.SOCIALACCOUNT_PROVIDERS = read_single_sign_on()
    yield served
    server.shutdown()
    server.server_close()


def _go_through(client: Client, provider: Provider, **claims: Any) -> Any:
    """Follow the button of the sign-in page to the provider and back, and return where one ends."""
    provider.claims = {"sub": "ana-1", "email_verified": True} | claims
    page = client.get("/login").content.decode()
    link = re.search(r'href="(/login/sso/oidc/[^"]+)"', page)
    assert link
    sent = client.get(link[1].replace("&amp;", "&"))
    assert sent["Location"].startswith(f"{provider.url}/authorize?")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/login/sso/oidc/sso/callback", {"code": "1", "state": asked["state"][0]})


def test_a_member_whom_the_provider_vouches_for_is_let_in(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization())
    response = _go_through(client, provider, email=member.user.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert member.user.email in client.get("/dashboard/account").content.decode()
    assert "code_verifier" in provider.asked[0]
    assert list_events(member, "session.started") == [{"methods": ["socialaccount"]}]


def test_the_provider_answers_for_the_second_factor(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization(requires_mfa=True))
    _go_through(client, provider, email=member.user.email)
    assert client.get("/dashboard/account").status_code == 200


def test_whom_nobody_invited_is_told_so_and_not_made(client: Client, provider: Provider) -> None:
    response = _go_through(client, provider, email="stranger@example.com")
    assert response.status_code in {200, 302}
    page = client.get(response["Location"]) if response.status_code == 302 else response
    assert "Aquí se entra por invitación" in page.content.decode()
    assert User.objects.count() == 0


def test_an_address_that_the_provider_has_not_verified_opens_nothing(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization())
    _go_through(client, provider, email=member.user.email, email_verified=False)
    _assert_nobody_came_in(client, member)
    _go_through(client, provider, email=member.user.email, email_verified=True)
    assert client.get("/dashboard/account").status_code == 200


def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization())
    provider.claims = {"sub": "ana-1", "email": member.user.email, "email_verified": True}
    response = client.get("/login/sso/oidc/sso/callback", {"code": "1", "state": "made-up"})
    assert "No se pudo entrar" in response.content.decode()
    _assert_nobody_came_in(client, member)


def test_a_suspended_person_is_not_let_in_by_the_provider(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization())
    member.user.is_active = False
    member.user.save(update_fields=["is_active"])
    _go_through(client, provider, email=member.user.email)
    _assert_nobody_came_in(client, member)
    member.user.is_active = True
    member.user.save(update_fields=["is_active"])
    _go_through(client, provider, email=member.user.email)
    assert client.get("/dashboard/account").status_code == 200


def test_who_is_suspended_in_their_organization_sees_nothing_of_it(client: Client, provider: Provider) -> None:
    member = make_member(organization=make_organization())
    member.is_active = False
    member.save(update_fields=["is_active"])
    _go_through(client, provider, email=member.user.email)
    for path in ("/dashboard/account", "/dashboard/audit"):
        assert client.get(path).status_code in {302, 403}, path
    assert list_events(member, "session.started") == []


def _assert_nobody_came_in(client: Client, member: Membership) -> None:
    assert client.get("/dashboard/account").status_code == 302
    assert "_auth_user_id" not in client.session
    assert list_events(member, "session.started") == []


def test_what_is_configured_by_half_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "https://id.bank.example")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID, OIDC_CLIENT_SECRET must be set too"):
        read_single_sign_on()


def test_without_a_provider_there_is_no_button(client: Client) -> None:
    assert "/login/sso/" not in client.get("/login").content.decode()
