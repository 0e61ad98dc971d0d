"""The runner's one kind of failure."""


class RunnerError(Exception):
    """A start that cannot go on; its text is the one sentence that the person at the terminal reads."""
