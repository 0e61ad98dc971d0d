"""Writes down what the application says to PostgreSQL for each of a pool of calls; runs `bench.inside` the application.

Its input is the pool, its output the scripts. Each payment is asked about several times, each time under ids of its
own, until two protocols agree; what a script says when it is repeated is then checked on the wire.
"""

import io
import os
import secrets
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from bench.errors import BenchError
from bench.floor.comparing import Take, make_steps
from bench.floor.listening import count_round_trips, count_syncs, taking_down
from bench.floor.repeating import Repeater, connect
from bench.floor.scripts import Script, encode_scripts
from bench.floor.wire import listening
from core.clock import read_clock

MOST_TAKES = 6
_OK = "200 "


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of one flow, with the gap for their own ids."""

    flow: str
    requests: list[bytes]
    gap: str


def make_environ(request: bytes) -> dict[str, Any]:
    """Return a WSGI environment as gunicorn would make it of the request."""
    head, body = request.split(b"\r\n\r\n", 1)
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    for line in lines:
        name, value = line.split(": ", 1)
        name = name.upper().replace("-", "_")
        environ[name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"] = value
    return environ


def ask(application: Callable[..., Any], request: bytes) -> bytes:
    """Return the answer's body. Raises BenchError unless it is a 200."""
    statuses: list[str] = []
    chunks = application(make_environ(request), lambda status, _headers, _error=None: statuses.append(status))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if not statuses[0].startswith(_OK):
        raise BenchError(f"the application answered {statuses[0]}: {body.decode(errors='replace')[:500]}")
    return body


def record(application: Callable[..., Any], request: bytes, *, flow: str, gap: str) -> Script:
    """Return the script of a payment. Raises BenchError when no two of several protocols agree."""
    takes: list[tuple[Take, bytes]] = []
    for _ in range(MOST_TAKES):
        own_id, began_at = secrets.token_hex(len(gap) // 2), read_clock()
        with taking_down() as protocol:
            answer = ask(application, request.replace(gap.encode(), own_id.encode()))
        take = Take(protocol.said, own_id, began_at)
        for other, _ in takes:
            steps = make_steps(take, other)
            if steps is not None:
                return Script(
                    flow=flow,
                    steps=steps,
                    answer=answer,
                    round_trips=count_round_trips(take.said),
                    syncs=count_syncs(take.said),
                )
        takes.append((take, answer))
    raise BenchError(f"the application never said the same of a {flow} twice in {MOST_TAKES} times")


def check(script: Script, url: str) -> None:
    """Raise BenchError unless the script, repeated, says on the wire what the application said."""
    with connect(url) as link:
        repeater = Repeater(script)
        for _ in range(2):
            repeater.run(link)
        with listening(link.pgconn) as syncs:
            repeater.run(link)
    if syncs != script.syncs:
        raise BenchError(f"the floor says {syncs} where the application says {script.syncs}")


def main(_arguments: list[str]) -> None:
    from clausum.wsgi import application  # noqa: PLC0415  it loads the application again where it is not to be asked

    pools = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Pool])
    scripts = []
    for pool in pools:
        ask(application, pool.requests[0].replace(pool.gap.encode(), secrets.token_hex(6).encode()))
        of_pool = [record(application, request, flow=pool.flow, gap=pool.gap) for request in pool.requests]
        check(of_pool[0], os.environ["DATABASE_URL"])
        scripts += of_pool
    sys.stdout.buffer.write(encode_scripts(scripts))
