"""The floor: a bare WSGI handler that says to PostgreSQL what the application says, and does nothing else.

It reads the body and does not look at it; the answer is one that the application gave. `BENCH_SCRIPTS` names the file
of what the application says, `DATABASE_URL` the database; gunicorn runs it with the same settings.
"""

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.floor.repeating import Connection, Repeater, choose_repeater, connect
from bench.floor.scripts import decode_scripts

type StartResponse = Callable[[str, list[tuple[str, str]]], Any]

SCRIPTS_VARIABLE = "BENCH_SCRIPTS"
PAYOUT_PATH = "/api/v1/assess/payout"


class Floor:
    """The handler, with a connection for each thread."""

    def __init__(self, *, scripts: Path, url: str) -> None:
        self._url = url
        self._local = threading.local()
        self._by_flow: dict[str, list[Repeater]] = {"payout": [], "payin": []}
        for script in decode_scripts(scripts.read_bytes()):
            self._by_flow[script.flow].append(Repeater(script))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        repeater = choose_repeater(self._by_flow["payout" if environ["PATH_INFO"] == PAYOUT_PATH else "payin"])
        self._run(repeater)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(repeater.answer)))]
        start_response("200 OK", headers)
        return [repeater.answer]

    def _run(self, repeater: Repeater) -> None:
        """Say the script; a connection on which that failed is not used again."""
        connection = self._connection()
        try:
            repeater.run(connection)
        except BaseException:
            connection.close()
            self._local.connection = None
            raise

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._url)
        return connection


def make_application() -> Floor | None:
    """Return the handler that the environment describes, None where it describes none."""
    scripts = os.environ.get(SCRIPTS_VARIABLE)
    return Floor(scripts=Path(scripts), url=os.environ["DATABASE_URL"]) if scripts else None


application = make_application()
