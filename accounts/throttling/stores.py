"""What the stores of counters share."""

from collections.abc import Sequence

from accounts.throttling.windows import Window

type Gates = Sequence[Sequence[Window]]
"""The windows of each subject, in the order in which a call passes them."""


class StoreUnavailable(Exception):
    """The store did not answer, or not in time; says the kind of failure, never its text."""
