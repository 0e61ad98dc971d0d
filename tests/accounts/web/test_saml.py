"""Single sign-on with an identity provider that speaks SAML 2.0: its answers are signed, or they open nothing."""

import base64
import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from clausum.single_sign_on import read_single_sign_on
from core.clock import read_clock
from tests.factories.accounts import make_member, make_organization

pytestmark = pytest.mark.django_db

ENTITY = "https://id.bank.example/metadata"
ACS = "http://127.0.0.1/login/sso/saml/sso/acs"
METADATA = "http://127.0.0.1/login/sso/saml/sso/metadata"
EMAIL = "urn:oid:0.9.2342.19200300.100.1.3"


class Signer:
    """An identity provider's key and certificate."""

    def __init__(self) -> None:
        key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.bank.example")])
        now = datetime.now(UTC)
        built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        self.certificate = built.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
        self.key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture
def client() -> Client:
    """A browser that names the host, as what is signed names it too."""
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture(autouse=True)
def _configured(settings: Any, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAML_ENTITY_ID", ENTITY)
    monkeypatch.setenv("SAML_SSO_URL", "https://id.bank.example/sso")
    monkeypatch.setenv("SAML_CERTIFICATE", signer.certificate.replace("\n", "\\n"))
    monkeypatch.setenv("SAML_NAME", "Banco Demo")
    settings.SOCIALACCOUNT_PROVIDERS = read_single_sign_on()


def _moment(seconds: int = 0) -> str:
    return (read_clock() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _make_assertion(*, email: str, request_id: str) -> str:
    return (
        f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" '
        f'IssueInstant="{_moment()}"><saml:Issuer>{ENTITY}</saml:Issuer><saml:Subject>'
        f'<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ana-1</saml:NameID>'
        f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
        f'InResponseTo="{request_id}" NotOnOrAfter="{_moment(60)}" Recipient="{ACS}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="{_moment(-60)}" NotOnOrAfter="{_moment(60)}">'
        f"<saml:AudienceRestriction><saml:Audience>{METADATA}</saml:Audience></saml:AudienceRestriction>"
        f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{_moment()}" SessionIndex="_s1"><saml:AuthnContext>'
        f"<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
        f"</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
        f'<saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>'
        f"</saml:AttributeStatement></saml:Assertion>"
    )


def _make_response(signer: Signer | None, *, email: str, request_id: str) -> str:
    assertion = _make_assertion(email=email, request_id=request_id)
    if signer is not None:
        signed = OneLogin_Saml2_Utils.add_sign(assertion, signer.key, signer.certificate)
        assertion = re.sub(r"^<\?xml[^>]*\?>\s*", "", signed.decode() if isinstance(signed, bytes) else signed)
    response = (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="{_moment()}" '
        f'Destination="{ACS}" InResponseTo="{request_id}"><saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status>'
        f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f"{assertion}</samlp:Response>"
    )
    return base64.b64encode(response.encode()).decode()


def _begin(client: Client) -> str:
    """Follow the button to the provider and return the id of what it is asked."""
    link = re.search(r'href="(/login/sso/saml/[^"]+)"', client.get("/login").content.decode())
    assert link
    sent = client.get(link[1].replace("&amp;", "&"))
    assert sent["Location"].startswith("https://id.bank.example/sso?")
    asked = base64.b64decode(parse_qs(urlsplit(sent["Location"]).query)["SAMLRequest"][0])
    found = re.search(r'ID="([^"]+)"', zlib.decompress(asked, -15).decode())
    assert found
    return found[1]


def _answer(client: Client, response: str) -> Any:
    """Post as the provider's page does, from another site, and go where one is sent."""
    posted = client.post("/login/sso/saml/sso/acs", {"SAMLResponse": response})
    assert (posted.status_code, posted["Location"]) == (302, "/login/sso/saml/sso/acs/finish")
    return client.get(posted["Location"])


def test_a_signed_answer_lets_its_person_in(client: Client, signer: Signer) -> None:
    member = make_member(organization=make_organization())
    response = _answer(client, _make_response(signer, email=member.user.email, request_id=_begin(client)))
    assert (response.status_code, response["Location"]) == (302, "/")
    assert member.user.email in client.get("/dashboard/account").content.decode()


def test_an_answer_without_a_signature_opens_nothing(client: Client) -> None:
    member = make_member(organization=make_organization())
    response = _answer(client, _make_response(None, email=member.user.email, request_id=_begin(client)))
    assert "No se pudo entrar" in response.content.decode()
    assert client.get("/dashboard/account").status_code == 302


def test_an_answer_that_another_signed_opens_nothing(client: Client) -> None:
    member = make_member(organization=make_organization())
    response = _answer(client, _make_response(Signer(), email=member.user.email, request_id=_begin(client)))
    assert "No se pudo entrar" in response.content.decode()
    assert client.get("/dashboard/account").status_code == 302


def test_an_answer_to_nothing_asked_here_opens_nothing(client: Client, signer: Signer) -> None:
    member = make_member(organization=make_organization())
    asked = _begin(client)
    _answer(client, _make_response(signer, email=member.user.email, request_id="ONELOGIN_made_up"))
    assert client.get("/dashboard/account").status_code == 302
    _answer(client, _make_response(signer, email=member.user.email, request_id=asked))
    assert client.get("/dashboard/account").status_code == 200


def test_garbage_is_told_as_such(client: Client) -> None:
    assert "No se pudo entrar" in _answer(client, "%%%").content.decode()
    assert client.get("/dashboard/account").status_code == 302


def test_the_provider_is_told_who_we_are(client: Client) -> None:
    response = client.get("/login/sso/saml/sso/metadata")
    assert response.status_code == 200
    assert ACS in response.content.decode()
