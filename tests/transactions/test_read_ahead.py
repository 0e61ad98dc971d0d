"""Reading ahead in a thread."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from transactions.read_ahead import BATCH_ITEMS, BATCHES_AHEAD, read_ahead


def _is_reading() -> bool:
    return any(thread.name == "read-ahead" for thread in threading.enumerate())


@pytest.mark.parametrize("length", [0, 1, BATCH_ITEMS, 12 * BATCH_ITEMS + 7])
def test_items_come_in_their_order_and_all_of_them(length: int) -> None:
    assert list(read_ahead(range(length))) == list(range(length))
    assert not _is_reading()


def test_what_the_reading_raises_is_raised_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from range(BATCH_ITEMS + 1)
        raise ValueError("broken off")

    items = read_ahead(failing())
    assert [next(items) for _ in range(BATCH_ITEMS)] == list(range(BATCH_ITEMS))
    with pytest.raises(ValueError, match="broken off"):
        next(items)
    assert not _is_reading()


def test_a_consumer_that_stops_early_ends_the_reading_which_never_ran_far_ahead() -> None:
    made = count()
    items = read_ahead(made)
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert not _is_reading()
    assert next(made) <= BATCH_ITEMS * (BATCHES_AHEAD + 3)
