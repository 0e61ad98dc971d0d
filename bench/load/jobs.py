"""What the load client is asked, and what it tells."""

import msgspec


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Requests to be sent to a port of this machine, in a random order, until the seconds or the calls are over.

    `rate` None: as many as the connections bear, each asking again when it is answered (closed loop). Else that many a
    second at random moments, whether or not earlier ones were answered (open loop).
    """

    port: int
    requests: list[bytes]
    gap: bytes
    connections: int
    seconds: float
    calls: int | None = None
    rate: float | None = None
    seed: int = 1


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a job: seconds from the first call to the last answer, statuses, latencies in ms, CPU seconds.

    In an open loop a latency begins when the call was due, not when a connection was free for it.
    """

    seconds: float
    statuses: dict[int, int]
    latencies_ms: list[float]
    cpu_seconds: float

    @property
    def calls(self) -> int:
        return sum(self.statuses.values())
