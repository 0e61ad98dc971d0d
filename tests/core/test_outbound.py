"""What the server may fetch, and what it refuses to be led to. A real TLS server stands behind a false resolver."""

import gzip
import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.outbound import Fetched, FetchFailed, FetchFault, fetch, is_fetchable, is_public

NAME = "lists.example.com"
PUBLIC = "93.184.216.34"


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "1.1.1.1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1", "192.168.1.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
    ],
)  # fmt: skip
def test_every_other_kind_of_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url", [f"https://{NAME}/a.txt", f"https://{NAME}:8443/a?b=c", f"https://{PUBLIC}/", "https://[2606:4700::1111]/x"]
)
def test_public_https_addresses_may_be_asked(url: str) -> None:
    assert is_fetchable(url)


@pytest.mark.parametrize(
    "url",
    [
        f"http://{NAME}/a", f"ftp://{NAME}/a", "file:///etc/passwd", f"https://user@{NAME}/", f"https://u:p@{NAME}/",
        f"https://{NAME}:22/", f"https://{NAME}:99999/", "https://localhost/", "https://metadata.internal/", "https://db/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", f"https://{NAME}/a b", f"https://{NAME}/\n",
        f"https://{NAME}/ñ", "", "https:///x", "//x", "https://[",
    ],
)  # fmt: skip
def test_other_addresses_may_not(url: str) -> None:
    assert not is_fetchable(url)


@dataclass
class Server:
    """A server of TLS on this machine: what it says next, and what it was asked."""

    port: int = 0
    trust: ssl.SSLContext | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"203.0.113.7\n"
    says_length: bool = True
    pause: float = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def fetch(
        self, url: str = f"https://{NAME}/list", *, addresses: tuple[str, ...] = (PUBLIC,), **options: Any
    ) -> Fetched:
        given: dict[str, Any] = {"maximum_bytes": 1000, "seconds": 5.0}
        return fetch(
            url, resolver=lambda host, port: addresses, backend=_Wire(self), trust=self.trust, **(given | options)
        )


class _Wire(httpcore.SyncBackend):
    """Leads every connection to the server of the test and notes where it was to go."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        self.server.connected.append(host)
        return super().connect_tcp("127.0.0.1", self.server.port)


def _make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + pem)
    return path, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    told = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.headers["Host"], self.path))
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            if told.says_length:
                self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            for byte in told.body if told.pause else ():
                self.wfile.write(bytes([byte]))
                time.sleep(told.pause)
            if not told.pause:
                self.wfile.write(told.body)

        def log_message(self, *args: Any) -> None:
            pass

    path, told.trust = _make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.sni_callback = lambda _socket, name, _context: told.names.append(name)
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        running.handle_error = lambda *args: None  # type: ignore[method-assign]
        told.port = running.server_address[1]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield told
        running.shutdown()
        thread.join()


def refuse(server: Server, **options: Any) -> FetchFault:
    with pytest.raises(FetchFailed) as failed:
        server.fetch(**options)
    return failed.value.fault


def test_the_connection_goes_to_the_address_and_the_name_is_asked_for_and_checked(server: Server) -> None:
    server.headers = {"Last-Modified": "Tue, 24 Nov 2026 08:00:00 GMT"}
    fetched = server.fetch()
    assert fetched == Fetched(b"203.0.113.7\n", datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert server.connected == [PUBLIC]
    assert (server.asked, server.names) == ([(NAME, "/list")], [NAME])


@pytest.mark.parametrize(
    "said", ["", "yesterday", "Tue, 24 Nov 99999999999999999999 08:00:00 GMT", "Tue, 24 Nov 2026 08:00:00 +99999999999"]
)
def test_a_date_that_is_none_is_no_date(server: Server, said: str) -> None:
    server.headers = {"Last-Modified": said}
    assert server.fetch() == Fetched(b"203.0.113.7\n", None)


@pytest.mark.parametrize("name", ["lists..example.com", ".example.com", "a" * 64 + ".example.com"])
def test_a_name_that_can_be_none_is_refused(name: str) -> None:
    with pytest.raises(FetchFailed, match="address"):
        fetch(f"https://{name}/", maximum_bytes=9, seconds=1)


def test_a_name_is_resolved_once(server: Server) -> None:
    answers = iter([(PUBLIC,), ("127.0.0.1",)])
    fetch(f"https://{NAME}/", maximum_bytes=99, seconds=5, resolver=lambda *_: next(answers), backend=_Wire(server), trust=server.trust)  # fmt: skip
    assert server.connected == [PUBLIC]


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("::ffff:10.0.0.1",), (PUBLIC, "10.0.0.1"), ("10.0.0.1", PUBLIC), ()]
)
def test_a_name_with_any_address_that_is_not_public_is_not_asked(server: Server, addresses: tuple[str, ...]) -> None:
    assert refuse(server, addresses=addresses) is FetchFault.ADDRESS
    assert server.connected == []


def test_a_certificate_for_another_name_is_refused(server: Server) -> None:
    assert refuse(server, url="https://other.example.com/") is FetchFault.UNREACHABLE
    assert server.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(server: Server, status: int) -> None:
    server.status, server.headers = status, {"Location": "https://127.0.0.1/"}
    assert refuse(server) is FetchFault.REDIRECT
    assert len(server.asked) == 1


def test_other_answers_are_failures(server: Server) -> None:
    server.status = 404
    assert refuse(server) is FetchFault.STATUS


def test_what_says_that_it_is_too_large_is_not_read_and_what_does_not_say_so_is_cut(server: Server) -> None:
    server.body = b"x" * 1001
    assert refuse(server) is FetchFault.TOO_LARGE
    server.says_length = False
    assert refuse(server) is FetchFault.TOO_LARGE
    assert server.fetch(maximum_bytes=1001).content == b"x" * 1001


def test_what_is_compressed_could_be_a_bomb_and_is_not_read(server: Server) -> None:
    server.body, server.headers = gzip.compress(b"x" * 100_000), {"Content-Encoding": "gzip"}
    assert refuse(server) is FetchFault.ENCODED


def test_a_server_that_drips_is_left_when_the_time_is_over(server: Server) -> None:
    server.pause, server.body = 0.05, b"x" * 30
    assert refuse(server, seconds=0.4) is FetchFault.TOO_SLOW


def test_an_address_that_may_not_be_asked_is_not_even_resolved(server: Server) -> None:
    def explode(host: str, port: int) -> list[str]:
        raise AssertionError

    with pytest.raises(FetchFailed, match="address"):
        fetch("https://127.0.0.1/", maximum_bytes=9, seconds=1, resolver=explode)


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(FetchFailed, match="unreachable"):
        fetch(f"https://{NAME}/", maximum_bytes=9, seconds=1, resolver=fail)
