"""Bodies sent in chunks. Django reads as many bytes as Content-Length says, and such a body has none."""

import io
from collections.abc import Callable, Collection, Iterable
from typing import Any

type StartResponse = Callable[..., Any]
type Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_UP_TO_ITS_END = 1 << 62
"""A Content-Length that no body reaches: the server's input ends first."""
_FORM_WITH_FILES = "multipart/form-data"


class ChunkedBodies:
    """Gives a chunked body its length: read to at most one byte more than is taken, and then refused as too large.

    At the `streamed` paths it is not read here: who serves them reads it to its end, and counts. A form with a file
    that is longer than is taken is emptied: a part of it would pass for the whole.

    Only where the server says that its input ends by itself (`wsgi.input_terminated`, as gunicorn does).
    """

    def __init__(self, application: Application, *, maximum_bytes: int, streamed: Collection[str] = ()) -> None:
        self.application = application
        self.maximum_bytes = maximum_bytes
        self.streamed = frozenset(streamed)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        is_chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        if is_chunked and "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated"):
            if environ.get("PATH_INFO") in self.streamed:
                environ["CONTENT_LENGTH"] = str(_UP_TO_ITS_END)
            else:
                self._read(environ)
        return self.application(environ, start_response)

    def _read(self, environ: dict[str, Any]) -> None:
        body = environ["wsgi.input"].read(self.maximum_bytes + 1)
        if len(body) > self.maximum_bytes and environ.get("CONTENT_TYPE", "").lower().startswith(_FORM_WITH_FILES):
            body = b""
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
