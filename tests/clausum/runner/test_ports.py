"""Free ports."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clausum.runner.errors import RunnerError
from clausum.runner.ports import LOOPBACK, find_free_port, is_free, listen_from, listen_on


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_listening_servers_port_is_not_free() -> None:
    with taken_port() as port:
        assert is_free(port) is False
        assert listen_on(LOOPBACK, port) is None


def test_a_port_nobody_listens_on_is_free() -> None:
    assert is_free(find_free_port()) is True


def test_the_next_free_port_is_taken_when_the_first_is_in_use() -> None:
    with taken_port() as port:
        listener = listen_from(LOOPBACK, port)
        assert listener is not None
        with listener:
            assert listener.getsockname()[0] == LOOPBACK
            assert port < listener.getsockname()[1] < port + 100


def test_there_may_be_no_free_port() -> None:
    listener = listen_on(LOOPBACK, 65_535)
    assert listener is not None
    with listener:
        assert listen_from(LOOPBACK, 65_535) is None


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(RunnerError) as caught:
        listen_on("192.0.2.1", 8000)
    assert str(caught.value) == "Cannot listen on 192.0.2.1, port 8000: Cannot assign requested address."


def test_the_returned_socket_already_takes_connections() -> None:
    listener = listen_from(LOOPBACK, find_free_port())
    assert listener is not None
    with listener, socket.create_connection(listener.getsockname()[:2], timeout=5) as client:
        assert client.getpeername() == listener.getsockname()
