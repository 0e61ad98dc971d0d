"""How far a replay has come, on stderr: a bar that redraws itself on a terminal, else a line every ten seconds."""

import time
from collections.abc import Callable
from typing import TextIO

BAR_WIDTH = 30
REDRAW_SECONDS = 0.2
LINE_SECONDS = 10.0


class Progress:
    """`count` gives the calls ended, `fraction` how much of the whole that is, from 0 to 1."""

    def __init__(
        self,
        *,
        stream: TextIO,
        count: Callable[[], int],
        fraction: Callable[[], float],
        read_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._count = count
        self._fraction = fraction
        self._read_seconds = read_seconds
        self._began = read_seconds()
        self._is_terminal = stream.isatty()
        self._pause = REDRAW_SECONDS if self._is_terminal else LINE_SECONDS
        self._due = self._began + self._pause
        self._width = 0

    def tick(self) -> None:
        """Show the state when it is time to; cheap otherwise."""
        now = self._read_seconds()
        if now >= self._due:
            self._due = now + self._pause
            self._write(describe_progress(self._count(), self._fraction(), seconds=now - self._began))

    def end(self) -> None:
        """Leave the terminal's line clean for what follows."""
        if self._is_terminal and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._width) if self._is_terminal else text + "\n")
        self._stream.flush()
        self._width = max(self._width, len(text))


def describe_progress(count: int, fraction: float, *, seconds: float) -> str:
    """Return the bar with the share, the calls ended, their rate a second and the seconds left at that rate."""
    share = min(max(fraction, 0.0), 1.0)
    filled = round(share * BAR_WIDTH)
    bar = "#" * filled + "." * (BAR_WIDTH - filled)
    rate = count / seconds if seconds > 0 else 0.0
    left = f", {seconds * (1 - share) / share:.0f} s left" if share > 0 else ""
    return f"[{bar}] {share:4.0%}  {count:,} payments, {rate:,.0f}/s{left}"
