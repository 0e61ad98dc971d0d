"""A mail server of our own, on this machine: takes what it is given, or refuses as it was told; with TLS or without."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mail.types import Encryption

HOST = "127.0.0.1"


@dataclass
class Mailbox:
    """What the server was told to do, and what it took."""

    rcpt_reply: str = "250 ok"
    data_reply: str = "250 taken"
    encryption: Encryption = Encryption.NONE
    certificate: Path | None = None
    port: int = 0
    taken: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not like our certificate goes away; nothing is to be said of it."""


class _Conversation(socketserver.BaseRequestHandler):
    def setup(self) -> None:
        self.mailbox = cast(_Server, self.server).mailbox
        self.link = self.request
        if self.mailbox.encryption is Encryption.IMPLICIT:
            self._encrypt()
        self.lines = self.link.makefile("rb")

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cast(Path, self.mailbox.certificate))
        self.link = context.wrap_socket(self.link, server_side=True)
        self.lines = self.link.makefile("rb")

    def finish(self) -> None:
        self.lines.close()
        self.link.close()

    def _say(self, line: str) -> None:
        self.link.sendall(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 here")
        while line := self.lines.readline().decode().strip():
            match line[:4].upper():
                case "EHLO":
                    self._say("250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS")
                case "STAR":
                    self._say("220 go on")
                    self._encrypt()
                case "AUTH":
                    self.mailbox.credentials.append(base64.b64decode(line.split()[2]).decode())
                    self._say("235 welcome")
                case "RCPT":
                    self.mailbox.recipients.append(line.partition("<")[2].partition(">")[0])
                    self._say(self.mailbox.rcpt_reply)
                case "DATA":
                    self._take()
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        self.mailbox.taken.append(b"".join(iter(self.lines.readline, b".\r\n")).decode())
        self._say(self.mailbox.data_reply)


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[Mailbox]:
    """Serve on a free port until the block ends."""
    with _Server((HOST, 0), _Conversation) as server:
        server.mailbox = mailbox
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()


def write_certificate(folder: Path) -> Path:
    """Write a key and a certificate for this machine, signed by nobody but itself, and return where they are."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "mail.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
