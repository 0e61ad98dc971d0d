"""System calls that never wait."""

import os
import socket
from collections.abc import Iterator

import pytest

from clausum.runner import quick_calls


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_look_leaves_the_bytes_where_they_are(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    assert quick_calls.peek(ours.fileno()) is None
    theirs.send(b"a\x00b")
    assert quick_calls.peek(ours.fileno()) == b"a\x00b"
    assert ours.recv(10) == b"a\x00b"
    theirs.close()
    assert quick_calls.peek(ours.fileno()) == b""


def test_a_connection_is_drained_when_the_other_side_hung_up(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    assert quick_calls.is_drained(ours.fileno()) is False
    theirs.send(b"x" * 1000)
    assert quick_calls.is_drained(ours.fileno()) is False
    theirs.close()
    assert quick_calls.is_drained(ours.fileno()) is True


def test_the_last_words_arrive_and_then_the_end(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    quick_calls.send_last(ours.fileno(), b"bye")
    assert theirs.recv(10) == b"bye"
    assert theirs.recv(10) == b""
    theirs.close()
    quick_calls.send_last(ours.fileno(), b"nobody hears it")


def test_a_connection_is_accepted_without_waiting_and_not_inherited() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        assert quick_calls.accept(listener.fileno()) is None
        with socket.create_connection(listener.getsockname()):
            descriptor = quick_calls.accept(listener.fileno())
            assert descriptor is not None
            assert os.get_inheritable(descriptor) is False
            quick_calls.close(descriptor)
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(descriptor)
