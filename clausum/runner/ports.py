"""Free ports on the loopback address."""

import errno
import socket

from clausum.runner.errors import RunnerError

LOOPBACK = "127.0.0.1"
PORTS_TRIED = 100


def listen_on(host: str, port: int) -> socket.socket | None:
    """Return a listening socket, or None when somebody else has the port.

    Raises RunnerError for an address that is not this machine's, and for a port that the user may not have.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise RunnerError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    return listener


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Return whether a server could listen on the port now."""
    listener = listen_on(host, port)
    if listener is None:
        return False
    listener.close()
    return True


def find_free_port() -> int:
    """Return a port that the kernel holds free at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def listen_from(host: str, first_port: int) -> socket.socket | None:
    """Return a listening socket on the first free port of the hundred from `first_port`, or None."""
    for port in range(first_port, min(first_port + PORTS_TRIED, 65_536)):
        listener = listen_on(host, port)
        if listener is not None:
            return listener
    return None
