"""E-mail addresses and their domains.

Reading is lenient on purpose: an address that cannot be read matches no list, so a
rule stricter than real mail systems would be a way around the lists. Dots are free
in the local part (Japanese carriers hand out ``a..b@``), non-ASCII local parts are
read (RFC 6531), quoted ones and address literals are not.

Public suffixes are the ICANN section of https://publicsuffix.org/list/ as
publicsuffixlist ships it. The private section is left out, so that ``blogspot.com``
can be listed as a domain.
"""

import re
import unicodedata
from functools import lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from core.identifiers.errors import InvalidIdentifier, InvalidShape

_MAX_EMAIL_OCTETS = 254  # RFC 5321, erratum 1690
_MAX_LOCAL_OCTETS = 64
_MAX_DOMAIN_OCTETS = 253
_FORBIDDEN_IN_LOCAL = re.compile(r'[\s"(),:;<>@\[\\\]]')
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    """Return the list, read on first use (about 40 ms)."""
    return PublicSuffixList(only_icann=True)


def _compact_local(local: str) -> str:
    """Return the local part in lower case, composed, so that one name has one form."""
    if local.isascii():
        return local.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())


def _to_ascii(domain: str) -> str:
    """Return the domain in lower-case ASCII (UTS 46); as it is when IDNA refuses it."""
    if domain.isascii() or len(domain) > _MAX_DOMAIN_OCTETS:
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        return domain.lower()


def compact_domain(value: str) -> str:
    """Return the domain trimmed, in lower-case ASCII, without the root's dot."""
    domain = _to_ascii(value.strip())
    return domain[:-1] if domain[-1:] == "." and domain[-2:-1].isalnum() else domain


def compact(value: str) -> str:
    """Return the address trimmed, in lower case, its domain in ASCII."""
    local, at, domain = value.strip().rpartition("@")
    if not at:
        return _compact_local(domain)
    return f"{_compact_local(local)}@{compact_domain(domain)}"


def _is_local_part(local: str) -> bool:
    """Tell whether the canonical local part has a usable alphabet and length."""
    if not local or not local.isprintable() or _FORBIDDEN_IN_LOCAL.search(local):
        return False
    return len(local.encode()) <= _MAX_LOCAL_OCTETS


def _is_domain(domain: str) -> bool:
    """Tell whether the canonical domain has two labels or more, each well formed."""
    return len(domain) <= _MAX_DOMAIN_OCTETS and _DOMAIN.fullmatch(domain) is not None


def validate(value: str) -> str:
    """Return the canonical address.

    Raises:
        InvalidShape: not one ``@``, or a local part or domain that cannot be.
    """
    address = compact(value)
    local, _, domain = address.partition("@")
    if not (_is_local_part(local) and _is_domain(domain)):
        raise InvalidShape("An e-mail address is written name@domain.")
    if len(address.encode()) > _MAX_EMAIL_OCTETS:
        raise InvalidShape("An e-mail address has at most 254 octets.")
    return address


def is_valid(value: str) -> bool:
    """Tell whether the value can be read as an e-mail address."""
    try:
        validate(value)
    except InvalidIdentifier:
        return False
    return True


def domain_of(email: str) -> str:
    """Return the domain of a canonical address, empty when there is no ``@``."""
    return email.rpartition("@")[2] if "@" in email else ""


def validate_domain(value: str) -> str:
    """Return the canonical domain, for a list that is to match all of it.

    Raises:
        InvalidShape: no domain, or a public suffix such as ``com`` or ``com.mx``.
    """
    domain = compact_domain(value)
    if not _is_domain(domain):
        raise InvalidShape("A domain is written like example.com.")
    if not registrable_parents(domain):
        raise InvalidShape("A public suffix is no one's domain and cannot be listed.")
    return domain


def is_valid_domain(value: str) -> bool:
    """Tell whether the value is a domain that a list may hold."""
    try:
        validate_domain(value)
    except InvalidIdentifier:
        return False
    return True


@lru_cache(maxsize=8192)
def registrable_parents(domain: str) -> tuple[str, ...]:
    """Return a canonical domain and its parents down to the one that was registered.

    ``a.b.evil.com.mx`` gives itself, ``b.evil.com.mx`` and ``evil.com.mx``; a public
    suffix, and what is no domain, give nothing.
    """
    registered = _public_suffixes().privatesuffix(domain) if _is_domain(domain) else None
    if registered is None:
        return ()
    labels = domain.split(".")
    below = domain.count(".") - registered.count(".")
    return tuple(".".join(labels[start:]) for start in range(below + 1))
