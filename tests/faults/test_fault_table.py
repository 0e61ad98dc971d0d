"""Whatever breaks under load: no acknowledged decision is lost, none is doubled, none is half-written."""

import pytest

from tests.faults.installation import Installation
from tests.faults.table import (
    BROKER_FAULTS,
    DATABASE_FAULTS,
    HEAD,
    RATE_STORE_FAULTS,
    WORKER_FAULTS,
    Row,
    format_row,
    has_redis,
    run_all,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]
RECOVERY_SECONDS = 15.0


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    with Installation(tmp_path_factory.mktemp("faults")) as one:
        found = list(run_all(one))
    print("\n".join(["", HEAD, *map(format_row, found)]))
    return found


def test_every_fault_happened(rows: list[Row]) -> None:
    redis_faults = (*RATE_STORE_FAULTS, *BROKER_FAULTS) if has_redis() else ()
    assert [row.name for row in rows] == [fault.name for fault in (*DATABASE_FAULTS, *WORKER_FAULTS, *redis_faults)]
    assert all(row.answered > 20 for row in rows)


def test_nothing_is_lost_doubled_or_half_written(rows: list[Row]) -> None:
    found = {row.name: (row.findings.lost, row.findings.doubled, row.findings.half_written) for row in rows}
    assert found == dict.fromkeys(found, (0, 0, 0))


def test_every_payment_is_decided_in_the_end(rows: list[Row]) -> None:
    assert {row.name: row.sent - row.answered for row in rows if row.sent != row.answered} == {}
    assert {row.name: row.findings.untold for row in rows if row.findings.untold} == {}


def test_a_core_meets_only_the_answers_that_the_contract_names(rows: list[Row]) -> None:
    assert {row.name: row.unexpected for row in rows if row.unexpected} == {}


def test_it_recovers_by_itself(rows: list[Row]) -> None:
    assert {row.name: row.recovery for row in rows if row.recovery > RECOVERY_SECONDS} == {}
    assert {row.name: row.slowest for row in rows if row.slowest > RECOVERY_SECONDS} == {}
