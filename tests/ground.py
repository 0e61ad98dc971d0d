"""Loaded before Django's settings are (`-p tests.ground`): test mode, and a PostgreSQL of the suite's own.

`./test` brings the server; bare `pytest` starts a throw-away one here, and the processes of a parallel run share it.
"""

import os
from contextlib import ExitStack

import pytest

_stack = ExitStack()

os.environ.setdefault("CLAUSUM_MODE", "test")
if not os.environ.get("DATABASE_URL"):
    from clausum.runner.postgres import throwaway_postgres

    os.environ["DATABASE_URL"] = _stack.enter_context(throwaway_postgres()).url("postgres")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    _stack.close()
