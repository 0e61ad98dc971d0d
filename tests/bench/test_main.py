"""The whole benchmark, as small as it can be: one command, one report."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench import __main__ as bench_main
from bench.__main__ import main
from bench.errors import BenchError
from bench.results import Results
from bench.verdicts import Verdict
from clausum.runner.clusters import remove_cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SMALL = ["--payments", "300", "--entries", "200", "--small-payments", "300", "--small-entries", "200"]
SHORT = ["--seconds", "0.5", "--rounds", "1", "--pool", "3", "--calls", "6", "--connections", "2", "--profile"]


class Output(msgspec.Struct):
    results: Results
    verdicts: list[Verdict]


def test_one_command_fills_measures_and_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    folder, output = tmp_path / "bench", tmp_path / "figures.json"
    try:
        assert main([*SMALL, *SHORT, "--folder", str(folder), "--output", str(output)]) == 0
    finally:
        remove_cluster(folder / "postgres")
    report = capsys.readouterr().out
    found = msgspec.json.decode(output.read_bytes(), type=Output)
    results = found.results

    assert {name: (data.payments, data.history_rows, data.entries) for name, data in results.data.items()} == (
        dict.fromkeys(("large", "young", "small"), (300, 2 * 240 + 5 * 60, 400))
    )
    assert list(results.flows) == ["payout", "payin"]
    for name, flow in results.flows.items():
        assert flow.talk.round_trips >= 1
        assert {kind: set(figures.statuses) for kind, figures in flow.refusals.items()} == {
            "keys": {401},
            "bodies": {400},
        }
        assert [flow.costs[kind].calls for kind in ("large", "young", "small")] == [6] * 3
        assert min(flow.costs[kind].calls for kind in ("largest", "smallest")) >= 1
        assert f"| {name}: application, maximum" in report
    assert len(found.verdicts) == 20
    assert _count_profiles(results) == {"CPU ms of a web process, by layer": 2, "ms of each statement alone": 2}


def _count_profiles(results: Results) -> dict[str, int]:
    kinds = [title.split(": ", 1)[1] for title in results.profile]
    return {kind: kinds.count(kind) for kind in kinds}


def test_a_benchmark_that_cannot_be_run_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_arguments: Any, **_options: Any) -> Any:
        raise BenchError("no ground")

    monkeypatch.setattr(bench_main, "open_ground", stop)
    assert main(["--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().err.endswith(" s  The benchmark stopped: no ground\n")
