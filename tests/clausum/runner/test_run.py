"""`./run`'s own decisions; the whole of it is tried in test_whole_run.py."""

import socket

import pytest

from clausum.runner.errors import RunnerError
from clausum.runner.ports import LOOPBACK, listen_on
from clausum.runner.run import RunOptions, address_of, listening


def test_a_port_in_use_is_told_and_exchanged(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        wished = taken.getsockname()[1]
        with listening(RunOptions(port=wished)) as listener:
            port = listener.getsockname()[1]
    assert port != wished
    assert capsys.readouterr().out == f"Port {wished} is in use by another program; using {port} instead.\n"


def test_a_free_port_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        wished = taken.getsockname()[1]
    with listening(RunOptions(port=wished)) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{wished}"
    assert capsys.readouterr().out == ""


def listen_at_the_end() -> None:
    with listening(RunOptions(port=65_535)):
        raise AssertionError("the port is in use")


def test_when_every_port_is_taken_it_says_so() -> None:
    taken = listen_on(LOOPBACK, 65_535)
    assert taken is not None
    with taken, pytest.raises(RunnerError) as caught:
        listen_at_the_end()
    assert str(caught.value) == "Every port from 65535 to 65535 is in use: name another one with --port."


def test_listening_on_every_address_is_reached_on_this_machine() -> None:
    with listening(RunOptions(host="0.0.0.0", port=18_000)) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
