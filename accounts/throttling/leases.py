"""Calls taken from a shared counter in blocks, so that a busy key's counter is written once for many of its calls.

A key that may make thousands of calls a minute would else have one row that every call of the bank waits for. Each
process takes a block, at most a thousandth of the smallest limit, and spends it without asking again; the blocks taken
are counted, so the limit is never passed. What a process has left when a window ends or the limit is reached is lost:
at most one block a process. The last tenth of a limit is counted call by call, and so is every limit below 6,000.

A window over its limit is remembered until it ends: whoever calls on is refused without a write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from accounts.throttling.windows import Count, Window

LEASED_FROM = 6_000
BLOCKS_A_LIMIT = 1_000
MAXIMUM_LEASES = 10_000
_COUNTED_SINGLY_FROM = 0.9

type Windows = Sequence[Window]


@dataclass(slots=True)
class _Lease:
    """What is left of a block, and the counters as they stood when it was taken (`calls` with all of the block)."""

    units: int
    counts: list[Count]


_lock = Lock()
_leases: dict[tuple[tuple[str, int], ...], _Lease] = {}


def spend(windows: Windows, *, now: datetime) -> list[Count] | None:
    """Return the counters after one call that was taken before, or that say that there is none; else None: ask."""
    with _lock:
        lease = _leases.get(_name(windows))
        if lease is None or any(count.ends_at <= now for count in lease.counts):
            return None
        if lease.units > 0:
            lease.units -= 1
            return _lower(lease.counts, by=lease.units)
        return lease.counts if any(count.is_over for count in lease.counts) else None


def choose_block(windows: Windows) -> int:
    """Return how many calls to take at once: 1 unless every limit is large and far from reached."""
    smallest = min(window.limit for window in windows)
    if smallest < LEASED_FROM:
        return 1
    with _lock:
        lease = _leases.get(_name(windows))
    if lease and any(count.calls > count.window.limit * _COUNTED_SINGLY_FROM for count in lease.counts):
        return 1
    return smallest // BLOCKS_A_LIMIT


def keep(windows: Windows, counts: Sequence[Count], *, block: int) -> list[Count]:
    """Remember a block just taken, of which one call is spent now, and return the counters after that call.

    `counts` are the counters with the whole block. Calls of it that are over a limit were not granted; when none was,
    the counters say so until a window ends.
    """
    over = max(0, *(count.calls - count.window.limit for count in counts))
    if over >= block:
        _remember(windows, _Lease(0, list(counts)))
        return list(counts)
    granted = _lower(counts, by=over)
    units = block - over - 1
    if min(window.limit for window in windows) >= LEASED_FROM:
        _remember(windows, _Lease(units, granted))
    return _lower(granted, by=units)


def _lower(counts: Sequence[Count], *, by: int) -> list[Count]:
    return [Count(count.window, count.calls - by, count.ends_at) for count in counts]


def _remember(windows: Windows, lease: _Lease) -> None:
    with _lock:
        if len(_leases) >= MAXIMUM_LEASES:
            _leases.clear()
        before = _leases.get(_name(windows))
        if before and [count.ends_at for count in before.counts] == [count.ends_at for count in lease.counts]:
            lease.units += before.units  # two threads took one at once
        _leases[_name(windows)] = lease


def forget_leases() -> None:
    """Give up every block (a new database, a test)."""
    with _lock:
        _leases.clear()


def _name(windows: Windows) -> tuple[tuple[str, int], ...]:
    return tuple((window.name, window.limit) for window in windows)
