"""Files sent to a real web server, whole and cut off."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from blocklists.models import ImportBatch
from jobs.models import Job
from tests.blocklists.conftest import PATH, Person
from tests.web import Web, running_web

pytestmark = pytest.mark.django_db(transaction=True)
LINE = b"%06d@clientes.example\n"
FILE = b"".join(LINE % place for place in range(48_000))  # 1 MB


def _send(web: Web, person: Person, pieces: Iterator[bytes]) -> Any:
    headers = {
        "Authorization": f"Bearer {person.token}",
        "Content-Type": "text/plain",
        "Transfer-Encoding": "chunked",
    }
    return web._call("POST", f"{PATH}/import", pieces, headers)


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 10_000] for at in range(0, len(data), 10_000))


def _send_half(web: Web, person: Person, length: str, body: bytes) -> bytes:
    """Send the beginning of a body and hang up."""
    head = (
        f"POST {PATH}/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {person.token}\r\n"
        f"Content-Type: text/plain\r\n{length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", web.port), timeout=30) as link:
        link.sendall(head.encode() + body)
        link.shutdown(socket.SHUT_WR)
        return link.makefile("rb").read()


def test_a_file_sent_in_chunks_comes_in_whole_and_one_that_is_too_long_or_cut_off_not_at_all(admin: Person) -> None:
    half = FILE[: len(FILE) // 2]
    with running_web(workers=1, IMPORT_MAXIMUM_BYTES=str(2_000_000)) as web:
        answer = _send(web, admin, _cut(FILE))
        assert answer.status == 202
        batch = ImportBatch.unscoped.get()
        assert (batch.file_bytes, batch.line_count, str(batch.id)) == (len(FILE), 48_000, answer.json()["batch"])
        too_long = _send(web, admin, _cut(FILE * 2))
        assert (too_long.status, too_long.json()["error"]["details"]["reason"]) == (413, "TOO_LARGE")
        assert b"CUT_OFF" in _send_half(web, admin, f"Content-Length: {len(FILE)}", half)
        assert b"CUT_OFF" in _send_half(
            web, admin, "Transfer-Encoding: chunked", b"%x\r\n" % len(half) + half + b"\r\n"
        )
    assert (ImportBatch.unscoped.count(), Job.unscoped.count()) == (1, 1)
