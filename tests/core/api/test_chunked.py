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


def test_an_endless_body_is_read_only_as_far_as_it_is_taken() -> None:
    source = io.BytesIO(b" " * 1000)
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        return [environ["wsgi.input"].read()]

    wrapped = ChunkedBodies(application, maximum_bytes=100)
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": source}
    assert list(wrapped(environ, None)) == [b" " * 101]  # type: ignore[arg-type]
    assert (seen[0]["CONTENT_LENGTH"], source.tell()) == ("101", 101)
