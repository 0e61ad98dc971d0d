"""A WSGI application that takes as long as it is told, knows no database, and starts quickly."""

import os
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from core.api.arrival import ARRIVED

settings.configure(ASSESS_DEADLINE_MS=int(os.environ["ASSESS_DEADLINE_MS"]), MAXIMUM_BODY_BYTES=64 * 1024)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Sleep for `?seconds=` and answer how long ago the request arrived, in milliseconds."""
    seconds = float(environ["QUERY_STRING"].partition("=")[2] or 0)
    environ["wsgi.input"].read()
    time.sleep(seconds)
    body = str(time.monotonic() * 1000 - environ[ARRIVED]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
