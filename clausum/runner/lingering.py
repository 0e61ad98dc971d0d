"""Hanging up without losing the last answer, and without waiting for anybody.

A socket that is closed while bytes of the client's lie unread sends a reset, and a reset destroys what the client has
not read yet. So the writing side ends first, and what still arrives is thrown away until the client hangs up too
(RFC 9112 §9.6).
"""

import socket
import time

from clausum.runner import quick_calls

LINGER_SECONDS = 2.0
SWEEP_SECONDS = 0.02
MOST = 256
"""Connections that may linger at once; beyond it the oldest is closed."""


class Lingering:
    """The connections that have their answer; the main loop sweeps over them."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self._swept_at = 0.0

    def __len__(self) -> int:
        return len(self._due)

    def add(self, sock: socket.socket) -> None:
        """End the writing side and wait for the client's end, for two seconds at most."""
        descriptor = sock.detach()
        if descriptor >= 0:
            quick_calls.end_writing(descriptor)
            self.add_ended(descriptor)

    def add_ended(self, descriptor: int) -> None:
        """Wait for the client's end of a connection whose writing side has ended."""
        if quick_calls.is_drained(descriptor):
            quick_calls.close(descriptor)
            return
        if len(self._due) >= MOST:
            self._close(next(iter(self._due)))
        self._due[descriptor] = time.monotonic() + LINGER_SECONDS

    def sweep(self) -> None:
        """Close those whose client has hung up, or whose time is over."""
        now = time.monotonic()
        if not self._due or now - self._swept_at < SWEEP_SECONDS:
            return
        self._swept_at = now
        for descriptor, due in list(self._due.items()):
            if quick_calls.is_drained(descriptor) or due < now:
                self._close(descriptor)

    def _close(self, descriptor: int) -> None:
        del self._due[descriptor]
        quick_calls.close(descriptor)
