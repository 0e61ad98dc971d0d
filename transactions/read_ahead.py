"""Reading a file in a thread while the database works on what was read before."""

from collections.abc import Iterable, Iterator
from itertools import batched
from queue import Full, Queue
from threading import Event, Thread

BATCH_ITEMS = 1_000
BATCHES_AHEAD = 10
POLL_SECONDS = 0.1


class _End:
    """What follows the last batch: how the reading ended."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def read_ahead[T](items: Iterable[T]) -> Iterator[T]:
    """Yield the items, in their order, while a thread makes the next ones, at most some thousands ahead.

    Raises what making them raises, where it does. When the consumer stops early, so does the thread.
    """
    queue: Queue[tuple[T, ...] | _End] = Queue(maxsize=BATCHES_AHEAD)
    is_over = Event()
    thread = Thread(target=_fill, args=(queue, items, is_over), name="read-ahead", daemon=True)
    thread.start()
    try:
        yield from _drain(queue)
    finally:
        is_over.set()
        thread.join()


def _drain[T](queue: Queue[tuple[T, ...] | _End]) -> Iterator[T]:
    while not isinstance(batch := queue.get(), _End):
        yield from batch
    if batch.error is not None:
        raise batch.error


def _fill[T](queue: Queue[tuple[T, ...] | _End], items: Iterable[T], is_over: Event) -> None:
    error: BaseException | None = None
    try:
        for batch in batched(items, BATCH_ITEMS):
            if not _put(queue, batch, is_over):
                return
    except BaseException as raised:  # noqa: BLE001  raised again where the items are consumed
        error = raised
    _put(queue, _End(error), is_over)


def _put[T](queue: Queue[tuple[T, ...] | _End], batch: tuple[T, ...] | _End, is_over: Event) -> bool:
    """Put the batch once there is room; return False when nobody waits for it any more."""
    while not is_over.is_set():
        try:
            queue.put(batch, timeout=POLL_SECONDS)
        except Full:
            continue
        return True
    return False
