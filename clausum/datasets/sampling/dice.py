"""Chance that falls the same way every time."""

import random
from collections.abc import Sequence


class Dice:
    """Draws from one seed. Only `random.random()` is used: Python promises its sequence to every later version."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  repeatable, guards nothing  # nosec B311

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick[T](self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.between(0, len(items) - 1)]

    def digits(self, length: int) -> str:
        """Return that many decimal digits."""
        return "".join(str(self.between(0, 9)) for _ in range(length))

    def near(self, amount_minor: int, *, percent: int) -> int:
        """Return an amount that differs by at most so many percent, in whole units of 100."""
        spread = amount_minor * percent // 100
        return self.between(amount_minor - spread, amount_minor + spread) // 100 * 100
