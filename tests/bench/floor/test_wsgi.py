"""The floor as a web server calls it."""

import io
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.floor.scripts import Plain, Script, Step, encode_scripts
from bench.floor.wsgi import Floor, make_application
from tests.web import database_url


def make_script(flow: str, sql: bytes) -> Script:
    steps = [Step("execute", sql, {"given": Plain(1)}), Step("fetch", place=0)]
    return Script(flow=flow, steps=steps, answer=flow.encode(), round_trips=[1], syncs=[1])


def make_floor(tmp_path: Path, *scripts: Script) -> Floor:
    path = tmp_path / "scripts"
    path.write_bytes(encode_scripts(list(scripts)))
    return Floor(scripts=path, url=database_url())


@pytest.fixture
def floor(tmp_path: Path, db: None) -> Floor:
    return make_floor(tmp_path, *(make_script(flow, b"SELECT %(given)s::int") for flow in ("payout", "payin")))


def call(floor: Floor, method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": "2", "wsgi.input": io.BytesIO(b"{}")}
    body = b"".join(floor(environ, lambda status, headers: told.extend([status, dict(headers)])))
    return told[0], told[1], body


def test_each_flow_is_answered_with_what_the_application_answered(floor: Floor) -> None:
    with floor._connection():
        status, headers, body = call(floor, "POST", "/api/v1/assess/payout")
        assert (status, headers["Content-Length"], body) == ("200 OK", "6", b"payout")
        assert call(floor, "POST", "/api/v1/assess")[2] == b"payin"


def test_a_connection_on_which_a_script_failed_is_not_used_again(tmp_path: Path, db: None) -> None:
    floor = make_floor(tmp_path, make_script("payout", b"SELECT %(given)s::int / 0"))
    failed = floor._connection()
    with pytest.raises(psycopg.errors.DivisionByZero):
        call(floor, "POST", "/api/v1/assess/payout")
    assert failed.closed
    with floor._connection() as another:
        assert another is not failed


def test_health_is_answered_without_the_database(floor: Floor) -> None:
    assert call(floor, "GET", "/api/v1/health") == ("200 OK", {"Content-Length": "0"}, b"")


def test_there_is_no_handler_where_no_scripts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BENCH_SCRIPTS", raising=False)
    assert make_application() is None
