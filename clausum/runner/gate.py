"""A gate at which servers wait until what they need is there: a pipe, of which each waiting process reads one byte."""

import os
from types import TracebackType
from typing import Self

GO = b"g"


class Gate:
    """Closed until `let_go`. Use it as a context; a process that waits when the context ends reads the pipe's end."""

    def __init__(self) -> None:
        self.waiting_end, self._our_end = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self.waiting_end)
        os.close(self._our_end)

    def let_go(self, *, processes: int) -> None:
        """Let so many processes through."""
        os.write(self._our_end, GO * processes)


def wait_at(waiting_end: int) -> bool:
    """Wait, and return whether the gate was opened; False means that whoever held it is gone."""
    try:
        return os.read(waiting_end, 1) == GO
    finally:
        os.close(waiting_end)
