"""Strict readers of the environment: a missing or malformed value stops the start with a sentence that says why."""

import base64
from ipaddress import ip_network
from typing import Literal, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

Mode = Literal["development", "production", "test"]
MODES = ("development", "production", "test")
MINIMUM_SECRET_LENGTH = 32
SEED_BYTES = 32
"""Of an Ed25519 key (RFC 8032 §5.1.5)."""


def read_mode() -> Mode:
    """Return CLAUSUM_MODE; production when unset, so that nothing is lax by accident."""
    mode = env.str("CLAUSUM_MODE", "production")
    if mode not in MODES:
        raise ImproperlyConfigured(f"CLAUSUM_MODE must be one of {', '.join(MODES)}")
    return cast(Mode, mode)


def read_secret(name: str, *, mode: Mode) -> str:
    """Return a secret of at least 32 characters; only tests have a default."""
    value = env.str(name, "test-only-" + name.lower() * 4 if mode == "test" else "")
    if len(value) < MINIMUM_SECRET_LENGTH:
        raise ImproperlyConfigured(
            f"{name} is missing or shorter than {MINIMUM_SECRET_LENGTH} characters; "
            f"generate one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return value


def read_signing_seed(name: str, *, secret: str) -> bytes:
    """Return a 32-byte signing seed given in base64; when unset, one derived from `secret` (HKDF-SHA256, RFC 5869).

    Raises ImproperlyConfigured for a value that is not 32 bytes of base64.
    """
    value = env.str(name, "")
    if not value:
        kdf = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=f"clausum {name} 1".encode())
        return kdf.derive(secret.encode())
    try:
        seed = base64.b64decode(value, validate=True)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(
            f"{name} must be {SEED_BYTES} bytes in base64; make one with: openssl rand -base64 32"
        )
    return seed


def read_list(name: str) -> list[str]:
    """Return a comma-separated list, empty when unset."""
    return [item.strip() for item in env.str(name, "").split(",") if item.strip()]


def read_networks(name: str) -> list[str]:
    """Return a comma-separated list of addresses and CIDR networks, each of which can be read."""
    networks = read_list(name)
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must list addresses or CIDR networks, separated by commas") from None
    return networks


def read_debug(*, mode: Mode) -> bool:
    """Return DEBUG; production refuses to start with it on."""
    debug = env.bool("DEBUG", False)
    if debug and mode == "production":
        raise ImproperlyConfigured("DEBUG is on: production mode does not start with it (it shows data in error pages)")
    return bool(debug)


def read_allowed_hosts(*, mode: Mode) -> list[str]:
    """Return ALLOWED_HOSTS; production must name them, elsewhere only this machine is served."""
    hosts = read_list("ALLOWED_HOSTS")
    if not hosts and mode != "production":
        return ["127.0.0.1", "localhost", "[::1]", "testserver"]
    if not hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty: name the hosts that this server answers for")
    return hosts
