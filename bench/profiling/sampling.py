"""Asks the application in one thread and looks, every millisecond of CPU, where it is; runs `bench.inside` it.

A sampling clock, not a tracing profiler: that would make each small function look dear. Input: a pool of calls.
"""

import secrets
import signal
import sys
import time
from collections import Counter
from types import FrameType

import msgspec

from bench.floor.recording import Pool, ask
from bench.profiling.layers import find_layer

PERIOD_SECONDS = 0.001


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """CPU of one call in ms, and the share of each layer in it."""

    cpu_ms: float
    shares: dict[str, float]


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: the calls, and for how many seconds."""

    pool: Pool
    seconds: float


class Samples:
    """Where the thread was found."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()

    def take(self, _signal: int, frame: FrameType | None) -> None:
        self.found[find_layer(frame)] += 1

    def share_out(self) -> dict[str, float]:
        """Return each layer's share, the largest first."""
        total = max(1, sum(self.found.values()))
        return {layer: count / total for layer, count in self.found.most_common()}


def main(_arguments: list[str]) -> None:
    from clausum.wsgi import application  # noqa: PLC0415  it loads the application again where it is not to be asked

    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Sampling)
    requests, gap = asked.pool.requests, asked.pool.gap.encode()

    def ask_next(number: int) -> None:
        ask(application, requests[number % len(requests)].replace(gap, secrets.token_hex(len(gap) // 2).encode()))

    for number in range(len(requests)):
        ask_next(number)
    samples = Samples()
    signal.signal(signal.SIGPROF, samples.take)
    signal.setitimer(signal.ITIMER_PROF, PERIOD_SECONDS, PERIOD_SECONDS)
    calls, until, began = 0, time.monotonic() + asked.seconds, time.process_time()
    while time.monotonic() < until:
        ask_next(calls)
        calls += 1
    cpu_ms = (time.process_time() - began) * 1000 / calls
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.buffer.write(msgspec.msgpack.encode(Profile(cpu_ms=cpu_ms, shares=samples.share_out())))
