"""Turns DATABASE_URL into Django's setting."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from clausum.env import Mode


def read_database(url: str, *, mode: Mode) -> dict[str, Any]:
    """Return the connection of a `postgresql://user:password@host:port/name?option=value` URL.

    Raises ImproperlyConfigured for another kind of URL, and when it is missing: `./run` and `./test` set it.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgresql:// URL (./run and ./test bring a server of their own)"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if mode == "test" else None,
        # Django leaves psycopg's own prepared statements off, and so it stays: core.sql prepares its own.
        "OPTIONS": {"application_name": "clausum", "connect_timeout": 3, **options},
    }


def read_cache(url: str) -> dict[str, Any]:
    """Return the cache that all web processes share: Redis when CACHE_URL names one, else a table of the database.

    Used codes and the limits of the sign-in forms live in it, so one of each process's own would not do.
    """
    if urlsplit(url).scheme in {"redis", "rediss", "unix"}:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"}
