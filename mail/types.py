"""A message as it is sent, and the server that takes it."""

from dataclasses import dataclass
from enum import StrEnum


class Encryption(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where messages are handed over."""

    host: str
    port: int
    user: str
    password: str
    encryption: Encryption


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, in their language."""

    recipient: str
    subject: str
    text: str
    html: str
    language: str
