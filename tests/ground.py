"""Loaded before Django's settings are (`-p tests.ground`): test mode, and a PostgreSQL of the suite's own.

`./test` brings the server; bare `pytest` starts a throw-away one here. Each process of a parallel run gets one to itself
(unless TEST_DATABASE_URL names a real one): a transaction that is open anywhere in a cluster keeps events from being
sealed, and the tests of one process are not to wait for those of another.
"""

import os
from contextlib import ExitStack

import pytest

_stack = ExitStack()

os.environ.setdefault("CLAUSUM_MODE", "test")
_is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ and not os.environ.get("TEST_DATABASE_URL")
if _is_one_of_several or not os.environ.get("DATABASE_URL"):
    from clausum.runner.postgres import throwaway_postgres

    os.environ["DATABASE_URL"] = _stack.enter_context(throwaway_postgres()).url("postgres")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    _stack.close()
