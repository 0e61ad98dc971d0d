"""Turns SMTP_URL and MAIL_FROM into settings."""

from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from mail.types import Encryption, SmtpServer

_FORM = "SMTP_URL must be smtp://user:password@host:port?tls=starttls (or tls=implicit, tls=none)"
_PORTS = {Encryption.STARTTLS: 587, Encryption.IMPLICIT: 465, Encryption.NONE: 25}
UNSENT = "Clausum <clausum@localhost>"


def read_mail_server(url: str) -> SmtpServer | None:
    """Return the server of a `smtp://user:password@host:port?tls=…` URL, or None when it is empty.

    TLS is starttls unless said otherwise. Raises ImproperlyConfigured for another form, and for a password that would
    travel in clear.
    """
    if not url:
        return None
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    try:
        encryption, port = Encryption(options.pop("tls", "starttls")), parts.port
    except ValueError:
        raise ImproperlyConfigured(_FORM) from None
    if parts.scheme != "smtp" or not parts.hostname or options or parts.path.strip("/") or parts.fragment:
        raise ImproperlyConfigured(_FORM)
    if encryption is Encryption.NONE and parts.username:
        raise ImproperlyConfigured("SMTP_URL has tls=none and a user: the password would travel in clear")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[encryption],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption=encryption,
    )


def read_mail_from(value: str, *, server: SmtpServer | None) -> str:
    """Return the sender's address, with or without a name; needed as soon as there is a server.

    Raises ImproperlyConfigured when it is missing then, or no address.
    """
    if not value and server is None:
        return UNSENT
    name, address = parseaddr(value)
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        parsed = Address()
    if not parsed.username or not parsed.domain:
        raise ImproperlyConfigured("MAIL_FROM must be the sender's address, such as: Clausum <avisos@bank.example>")
    return str(parsed)
