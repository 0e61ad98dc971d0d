"""A body sent in chunks is read like any other, and no further than any other."""

import json
from typing import Any

import pytest

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
        endless = _send(web, bank.key, b" " * 2_000_000)
        assert (endless.status, endless.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
