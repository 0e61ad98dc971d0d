"""Results that nobody measured, for what reads results."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.figures import Figures
from bench.machine import Machine
from bench.results import Data, Memory, OfFlow, Results, Talk

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def make_figures(**fields: Any) -> Figures:
    given: dict[str, Any] = {
        "calls": 100,
        "throughput": 500.0,
        "p50_ms": 4.0,
        "p95_ms": 8.0,
        "p99_ms": 12.0,
        "p999_ms": 20.0,
        "web_ms": 1.0,
        "backend_ms": 1.0,
        "background_ms": 0.1,
        "client_ms": 0.05,
        "log_bytes": 6_000.0,
        "statuses": {200: 100},
        "failed": 0,
    }
    return Figures(**(given | fields))


def make_flow(**fields: Any) -> OfFlow:
    even = make_figures()
    given: dict[str, Any] = {
        "talk": Talk(statements=15.0, round_trips=2.5, fewest_round_trips=2, most_round_trips=3),
        "most": make_figures(throughput=650.0),
        "most_floor": make_figures(throughput=1000.0),
        "most_limited": even,
        "at_half": make_figures(throughput=325.0),
        "at_half_floor": even,
        "costs": dict.fromkeys(("large", "young", "small", "largest", "smallest"), even),
        "refusals": {"keys": make_figures(web_ms=0.2, backend_ms=0.1), "bodies": make_figures(web_ms=0.3)},
        "under_flood": dict.fromkeys(("alone", "keys", "bodies"), even),
    }
    return OfFlow(**(given | fields))


def make_results(**flows: OfFlow) -> Results:
    machine = Machine(
        processor="Abacus",
        cores=2,
        memory_gib=16.0,
        kernel="Linux 6",
        python="3.12.1",
        postgres="18.4",
        settings={"fsync": "on"},
        load=0.25,
        at=AT,
    )
    data = Data(
        payments=300,
        history_rows=780,
        entries=400,
        bytes_on_disk=2**21,
        filled_at=AT - timedelta(hours=2),
        fill_seconds=9.0,
    )
    return Results(
        machine=machine,
        connections=16,
        workers=2,
        seconds=20.0,
        rounds=4,
        data={"large": data},
        flows=flows or {"payout": make_flow()},
        memory=Memory(web=200.0, floor=90.0, postgres=300.0),
        profile={"payout: where": [("reading", 0.25)]},
    )
