"""One server for the tests that only need some server of ours."""

from collections.abc import Iterator

import pytest

from clausum.runner.postgres import EmbeddedPostgres, throwaway_postgres


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    with throwaway_postgres() as running:
        yield running
