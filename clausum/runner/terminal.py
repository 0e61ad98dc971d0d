"""Words to the person at the terminal, which may be closed at any time."""

import os
import sys


def say(text: str) -> None:
    """Print at once; a terminal that has gone away is no reason to stop what is being done."""
    try:
        print(text, flush=True)
    except OSError:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123  a device, not a file of ours
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
