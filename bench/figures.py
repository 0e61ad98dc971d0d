"""Rounds of load, and the figures that they give together."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from statistics import median

import msgspec

from bench.errors import BenchError
from bench.load.jobs import Told
from bench.meters import Used

MOST_FAILED = 0.05
"""A run with a greater share of calls that were not answered as they should be measures something else."""


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What the client told of a round, and what the round used."""

    told: Told
    used: Used

    def count(self, expected: Collection[int]) -> int:
        """Return how many calls were answered with one of those statuses."""
        return sum(calls for status, calls in self.told.statuses.items() if status in expected)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Several rounds of one kind: calls a second (the median round), latencies in ms over all calls, costs of a call.

    `failed` calls were answered otherwise than they should be, or not at all (status 0); they count in the latencies
    and in no throughput. Costs are ms of CPU: of the web processes, of the database's connections, of PostgreSQL's own
    workers, of the load client. `log_bytes` went to the write-ahead log.
    """

    calls: int
    throughput: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    p999_ms: float
    web_ms: float
    backend_ms: float
    background_ms: float
    client_ms: float
    log_bytes: float
    statuses: dict[int, int]
    failed: int

    @property
    def cost_ms(self) -> float:
        """CPU of the web processes and of the connections that they hold: what one call more would cost."""
        return self.web_ms + self.backend_ms


def find_percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of ascending values."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def sum_up(rounds: Sequence[Round], *, expected: Collection[int] = (200,)) -> Figures:
    """Return the figures of the rounds. Raises BenchError when too many calls were answered otherwise than expected."""
    statuses: Counter[int] = Counter()
    for one in rounds:
        statuses.update(one.told.statuses)
    calls, failed = sum(statuses.values()), sum(statuses.values()) - sum(one.count(expected) for one in rounds)
    if calls == 0 or failed > calls * MOST_FAILED:
        raise BenchError(f"calls were answered {dict(statuses)}, expected {sorted(expected)} (0 is no answer)")
    ordered = sorted(latency for one in rounds for latency in one.told.latencies_ms)

    def per_call(used: Iterable[float]) -> float:
        return sum(used) / calls

    return Figures(
        calls=calls,
        throughput=median(one.count(expected) / one.told.seconds for one in rounds),
        p50_ms=find_percentile(ordered, 0.50),
        p95_ms=find_percentile(ordered, 0.95),
        p99_ms=find_percentile(ordered, 0.99),
        p999_ms=find_percentile(ordered, 0.999),
        web_ms=1000 * per_call(one.used.web for one in rounds),
        backend_ms=1000 * per_call(one.used.backends for one in rounds),
        background_ms=1000 * per_call(one.used.background for one in rounds),
        client_ms=1000 * per_call(one.told.cpu_seconds for one in rounds),
        log_bytes=per_call(one.used.log_bytes for one in rounds),
        statuses=dict(statuses),
        failed=failed,
    )
