"""What stops a benchmark, with a sentence that says why."""


class BenchError(RuntimeError):
    """The benchmark cannot be run, or its figures would not be what they are called."""
