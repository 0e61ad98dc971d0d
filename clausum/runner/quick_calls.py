"""System calls that never wait, made without letting go of the interpreter's lock.

Python lets go of that lock (the GIL) around each call, and a main loop that competes with busy threads then waits some
milliseconds to get it back, a dozen times per connection: it could refuse fewer requests a second than arrive. A call
on a socket with MSG_DONTWAIT takes a few microseconds; `ctypes.PyDLL` keeps the lock meanwhile.
"""

import ctypes
import errno
import os
import socket

_libc = ctypes.PyDLL(None, use_errno=True)
_libc.recv.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
_libc.recv.restype = ctypes.c_ssize_t
_libc.send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
_libc.send.restype = ctypes.c_ssize_t
_libc.accept.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_libc.shutdown.argtypes = (ctypes.c_int, ctypes.c_int)
_libc.close.argtypes = (ctypes.c_int,)

_NOT_YET = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR})
PEEK_BYTES = 8192
DRAIN_BYTES = 65536
_drain = ctypes.create_string_buffer(DRAIN_BYTES)  # shared by all threads: what is in it is never read


def accept(listener: int) -> int | None:
    """Return the descriptor of a connection that a non-blocking listener holds ready, or None."""
    descriptor: int = _libc.accept(listener, None, None)
    if descriptor < 0:
        return None
    os.set_inheritable(descriptor, False)  # noqa: FBT003  it takes no keyword
    return descriptor


def peek(descriptor: int) -> bytes | None:
    """Return what has arrived and leave it there; b"" when the other side hung up, None when nothing is there yet."""
    buffer = ctypes.create_string_buffer(PEEK_BYTES)
    count = _libc.recv(descriptor, buffer, PEEK_BYTES, socket.MSG_DONTWAIT | socket.MSG_PEEK)
    return buffer.raw[:count] if count >= 0 else None


def is_drained(descriptor: int) -> bool:
    """Throw away what has arrived; True when nothing more can come."""
    count: int = _libc.recv(descriptor, _drain, DRAIN_BYTES, socket.MSG_DONTWAIT)
    return count == 0 or (count < 0 and ctypes.get_errno() not in _NOT_YET)


def send_last(descriptor: int, data: bytes) -> None:
    """Send what fits at once and end the writing side; a client that is gone is no error."""
    _libc.send(descriptor, data, len(data), socket.MSG_DONTWAIT)
    _libc.shutdown(descriptor, socket.SHUT_WR)


def end_writing(descriptor: int) -> None:
    """End the writing side; what was sent still arrives."""
    _libc.shutdown(descriptor, socket.SHUT_WR)


def close(descriptor: int) -> None:
    """Close the descriptor."""
    _libc.close(descriptor)
