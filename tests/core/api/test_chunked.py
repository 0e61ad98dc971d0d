"""A body sent in chunks is read like any other, and no further than any other."""

import io
import json
from typing import Any

import pytest

from core.api.chunked import ChunkedBodies
from tests.assess.conftest import PAYIN, Caller, make_caller, make_payin
from tests.web import Web, running_web

pytestmark = pytest.mark.django_db(transaction=True)


def _send(web: Web, key: str, body: bytes) -> Any:
    def chunks() -> Any:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    return web._call("POST", PAYIN, chunks(), headers)


@pytest.fixture
def bank(transactional_db: None) -> Caller:
    return make_caller()


def test_a_chunked_body_is_decided(bank: Caller) -> None:
    with running_web(workers=1, ASSESS_DEADLINE_MS="20000") as web:
        answer = _send(web, bank.key, json.dumps(make_payin()).encode())
        assert (answer.status, answer.json()["decision"]) == (200, "approve")
        large = _send(web, bank.key, json.dumps(make_payin(metadata={"note": "x" * 70_000})).encode())
        assert (large.status, large.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def _wrap(source: io.BytesIO, **given: str) -> tuple[bytes, dict[str, Any]]:
    """Return what an application reads of the source, and its environment."""
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        return [environ["wsgi.input"].read()]

    wrapped = ChunkedBodies(application, maximum_bytes=100, streamed=("/import",))
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": source}
    (body,) = wrapped(environ | given, None)  # type: ignore[arg-type]
    return body, seen[0]


def test_an_endless_body_is_read_only_as_far_as_it_is_taken() -> None:
    source = io.BytesIO(b" " * 1000)
    body, environ = _wrap(source)
    assert (body, environ["CONTENT_LENGTH"], source.tell()) == (b" " * 101, "101", 101)


def test_a_body_at_a_streamed_path_is_left_to_its_reader() -> None:
    source = io.BytesIO(b" " * 1000)
    body, environ = _wrap(source, PATH_INFO="/import")
    assert (len(body), environ["wsgi.input"]) == (1000, source)
    assert int(environ["CONTENT_LENGTH"]) > 1000
    assert len(_wrap(io.BytesIO(b" " * 1000), PATH_INFO="/import/other")[0]) == 101


def test_a_form_with_a_file_that_is_too_long_is_emptied_and_a_short_one_is_not() -> None:
    form = "multipart/form-data; boundary=x"
    body, environ = _wrap(io.BytesIO(b" " * 101), CONTENT_TYPE=form)
    assert (body, environ["CONTENT_LENGTH"]) == (b"", "0")
    assert len(_wrap(io.BytesIO(b" " * 100), CONTENT_TYPE=form)[0]) == 100
