"""Kinds of struct, made ready for threads."""

from threading import Lock

import msgspec

_ready: set[type] = set()
_lock = Lock()


def make_ready[T](kind: type[T]) -> type[T]:
    """Return the kind, once msgspec knows how to convert to it; to be called before each conversion.

    msgspec (0.22) works that out at the first conversion and shows it to other threads before it is whole: when two
    of them convert to one kind at once, in a process that never did, the process is killed by a segmentation fault.
    """
    if kind not in _ready:
        with _lock:
            msgspec.json.Decoder(kind)
            _ready.add(kind)
    return kind
