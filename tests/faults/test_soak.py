"""A short soak: what grows here would be out of memory, connections or files after a day."""

import statistics
from dataclasses import astuple

import pytest

from tests.faults.installation import THREADS, WORKERS, Installation
from tests.faults.ledger import Findings
from tests.faults.soak import Sample, describe_end, soak

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SECONDS, SAMPLES, WARM = 24, 12, 4
MORE_MIB = 12
"""What the web processes may still grow by after the first seconds: plans and caches fill up."""
OTHERS = 8
"""Connections of the worker, its clock and its broker."""


def test_connections_memory_and_files_stay_flat(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Installation(tmp_path_factory.mktemp("soak")) as one:
        one.start_worker()
        found = list(soak(one, seconds=SECONDS, samples=SAMPLES))
        samples, crowd = [sample for sample, _ in found], found[-1][1]
        findings = describe_end(one, crowd)
    print("", *(" ".join(f"{value:8.0f}" for value in astuple(sample)) for sample in samples), sep="\n")
    assert findings == Findings(lost=0, doubled=0, half_written=0, untold=0)
    assert {payment.key for payment in crowd.payments if payment.body is None} == set()
    assert max(sample.connections for sample in samples) <= WORKERS * (THREADS + 1) + OTHERS
    early, late = samples[WARM : WARM + 4], samples[-4:]
    assert _middle(late, "web_mib") <= _middle(early, "web_mib") + MORE_MIB
    assert _middle(late, "web_files") <= _middle(early, "web_files") + WORKERS * THREADS


def _middle(samples: list[Sample], name: str) -> float:
    values: list[float] = [getattr(sample, name) for sample in samples]
    return statistics.median(values)
