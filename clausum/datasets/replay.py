"""Sending a file's payments through lanes: threads with one connection each, fed from bounded queues.

Payments of one party (the account that pays, else the customer) share a lane and keep their order. Between lanes the
order may slip by what is under way at once, 2 payments a lane: what is counted over many parties, such as fan-in or a
burst of cards, may then miss a payment that stands just before in the file. One lane keeps the order of everything.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, Full, Queue

from clausum.datasets.aftermath import Aftermath
from clausum.datasets.calls import Call
from clausum.datasets.client import Address, Client
from clausum.datasets.tally import Tally, add_up, name_problem
from core.clock import read_monotonic_ms

READ_AHEAD = 1
_LOOK_UP_SECONDS = 0.2
_DRAIN_SECONDS = 0.001


class _Lane:
    """What is to be sent by one thread, and what it has counted. None in the queue is the end of the file."""

    def __init__(self) -> None:
        self.queue: Queue[Call | None] = Queue(maxsize=READ_AHEAD)
        self.tally = Tally()


class Replay:
    """One run over a file. `rate` is payments a second, None for as fast as answers come.

    `aftermath` is what becomes of the payments meanwhile, None for nothing.
    """

    def __init__(
        self, *, address: Address, lanes: int, rate: float | None = None, aftermath: Aftermath | None = None
    ) -> None:
        self._address = address
        self._aftermath = aftermath
        self._rate = rate
        self._watch: Callable[[], None] = lambda: None
        self._lanes = [_Lane() for _ in range(lanes)]
        self._stop = threading.Event()
        self.is_interrupted = False
        self.gave_up_at: str | None = None
        self.elapsed_seconds = 0.0

    @property
    def ended(self) -> int:
        """How many calls have ended so far, whatever way."""
        return sum(lane.tally.ended for lane in self._lanes)

    def tally(self) -> Tally:
        """Return what has been counted so far, over all lanes."""
        return add_up(lane.tally for lane in self._lanes)

    def run(self, calls: Iterable[Call], *, watch: Callable[[], None]) -> None:
        """Send every call; an interrupt or a hopeless answer ends it early. Raises what `calls` and `aftermath` raise.

        `watch` is called often, from this thread.
        """
        self._watch = watch
        began = time.monotonic()
        threads = [threading.Thread(target=self._serve, args=(lane,), daemon=True) for lane in self._lanes]
        for thread in threads:
            thread.start()
        try:
            self._feed(calls, began=began)
            self._finish(threads)
        except KeyboardInterrupt:
            self.is_interrupted = True
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            self.elapsed_seconds = time.monotonic() - began

    def _feed(self, calls: Iterable[Call], *, began: float) -> None:
        for place, call in enumerate(calls):
            if self._rate is not None:
                self._sleep_until(began + place / self._rate)
            if self._aftermath is not None and self._aftermath.is_due(call.at):
                self._drain(fed=place)
                self._aftermath.catch_up(call.at)
            if not self._put(self._lanes[call.choose_lane(len(self._lanes))], call):
                return

    def _sleep_until(self, moment: float) -> None:
        """Wait for a moment of the monotonic clock; a run that fell behind goes on at once."""
        while (left := moment - time.monotonic()) > 0 and not self._stop.wait(min(left, _LOOK_UP_SECONDS)):
            self._watch()

    def _drain(self, *, fed: int) -> None:
        """Wait until all that was fed has ended, or the run stops."""
        while self.ended < fed and not self._stop.wait(_DRAIN_SECONDS):
            self._watch()

    def _put(self, lane: _Lane, call: Call | None) -> bool:
        """Hand a call over, waiting for room; False when the run has stopped meanwhile."""
        while not self._stop.is_set():
            self._watch()
            with suppress(Full):
                lane.queue.put(call, timeout=_LOOK_UP_SECONDS)
                return True
        return False

    def _finish(self, threads: list[threading.Thread]) -> None:
        for lane in self._lanes:
            self._put(lane, None)
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK_UP_SECONDS)
                self._watch()

    def _serve(self, lane: _Lane) -> None:
        """Ask about one lane's payments until the file ends or the run stops; a fault of ours stops the run."""
        client = Client(address=self._address, wait=self._stop.wait, read_ms=read_monotonic_ms)
        try:
            self._ask_all(lane, client)
        except BaseException:
            self._stop.set()
            raise
        finally:
            client.close()

    def _ask_all(self, lane: _Lane, client: Client) -> None:
        while not self._stop.is_set():
            with suppress(Empty):
                call = lane.queue.get(timeout=_LOOK_UP_SECONDS)
                if call is None:
                    return
                self._ask(call, lane, client)

    def _ask(self, call: Call, lane: _Lane, client: Client) -> None:
        answer = client.ask(call)
        if answer is None:
            return
        if self._aftermath is not None:
            self._aftermath.note(call, answer)
        lane.tally.add(call, answer)
        if answer.is_hopeless:
            self.gave_up_at = name_problem(answer)
            self._stop.set()
