"""Room for payments: long work rests after each piece of it, in proportion to what the piece took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from core.clock import read_monotonic_ms

LONGEST_REST_MS = 2_000


@contextmanager
def pace() -> Iterator[None]:
    """Rest after the block for JOB_REST times as long as it took; call it for each piece of a long step."""
    began_ms = read_monotonic_ms()
    yield
    spent_ms = read_monotonic_ms() - began_ms
    time.sleep(min(spent_ms * settings.JOB_REST, LONGEST_REST_MS) / 1000)
