"""Figures of several rounds."""

import pytest

from bench.errors import BenchError
from bench.figures import Round, find_percentile, sum_up
from bench.load.jobs import Told
from bench.meters import Used


def make_round(*latencies: float, seconds: float = 1.0, status: int = 200, used: Used | None = None) -> Round:
    told = Told(seconds=seconds, statuses={status: len(latencies)}, latencies_ms=list(latencies), cpu_seconds=0.004)
    return Round(told=told, used=used or Used(web=0.008, backends=0.004, background=0.002, log_bytes=4_000))


def test_percentiles_are_of_the_nearest_rank() -> None:
    ordered = [float(number) for number in range(1, 1001)]
    found = [find_percentile(ordered, share) for share in (0.5, 0.95, 0.99, 0.999)]
    assert found == [500, 950, 990, 999]
    assert find_percentile([7.0], 0.999) == 7


def test_costs_are_of_one_call_and_throughput_is_the_median_rounds() -> None:
    rounds = [make_round(1, 2, seconds=1.0), make_round(3, 4, seconds=0.5), make_round(5, 6, 7, 8, seconds=1.0)]
    figures = sum_up(rounds)
    assert (figures.calls, figures.throughput, figures.p50_ms, figures.p999_ms) == (8, 4, 4, 8)
    assert (figures.web_ms, figures.backend_ms, figures.background_ms) == pytest.approx((3, 1.5, 0.75))
    assert (figures.cost_ms, figures.client_ms, figures.log_bytes) == pytest.approx((4.5, 1.5, 1500))


def test_a_call_that_failed_is_no_throughput_but_its_time_counts() -> None:
    figures = sum_up([make_round(*[1.0] * 38), make_round(900, 900, seconds=2.0, status=504)])
    assert (figures.calls, figures.failed, figures.throughput, figures.p999_ms) == (40, 2, 19, 900)


def test_too_many_answers_that_are_not_expected_make_figures_void() -> None:
    with pytest.raises(BenchError, match=r"answered \{200: 1, 504: 1\}, expected \[200\]"):
        sum_up([make_round(1), make_round(1, status=504)])
    assert sum_up([make_round(1, status=401)], expected=(401,)).statuses == {401: 1}
