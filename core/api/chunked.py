"""Bodies sent in chunks. Django reads as many bytes as Content-Length says, and such a body has none."""

import io
from collections.abc import Callable, Iterable
from typing import Any

type StartResponse = Callable[..., Any]
type Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class ChunkedBodies:
    """Gives a chunked body its length: read to at most one byte more than is taken, and then refused as too large.

    Only where the server says that its input ends by itself (`wsgi.input_terminated`, as gunicorn does).
    """

    def __init__(self, application: Application, *, maximum_bytes: int) -> None:
        self.application = application
        self.maximum_bytes = maximum_bytes

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        is_chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        if is_chunked and "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(self.maximum_bytes + 1)
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.application(environ, start_response)
