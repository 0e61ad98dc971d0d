"""An answer is not lost to a reset, and nobody waits for a client that does not hang up."""

import socket
import time
from collections.abc import Iterator

import pytest

from clausum.runner import lingering
from clausum.runner.lingering import Lingering


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
        with ours, theirs:
            yield ours, theirs


def test_the_answer_is_read_though_the_body_still_arrives(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.send(b"x" * 100_000)
    ours.send(b"no")
    waiting = Lingering()
    waiting.add(ours)
    theirs.send(b"x" * 100_000)
    assert theirs.recv(10) == b"no"
    assert theirs.recv(10) == b""
    assert len(waiting) == 1


def test_it_is_closed_when_the_client_hangs_up(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    waiting = Lingering()
    waiting.add(ours)
    theirs.close()
    waiting.sweep()
    assert len(waiting) == 0


def test_it_is_closed_when_its_time_is_over(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lingering, "LINGER_SECONDS", 0.05)
    waiting = Lingering()
    waiting.add(pair[0])
    waiting.sweep()
    assert len(waiting) == 1
    time.sleep(0.06)
    waiting.sweep()
    assert len(waiting) == 0


def test_at_most_so_many_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lingering, "MOST", 2)
    waiting = Lingering()
    pairs = [socket.socketpair() for _ in range(3)]
    for ours, _theirs in pairs:
        waiting.add(ours)
    assert len(waiting) == 2
    for _ours, theirs in pairs:
        theirs.close()
    waiting.sweep()
    assert len(waiting) == 0
