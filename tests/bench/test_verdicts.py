"""Promises, kept and broken."""

from typing import Any

import pytest

from bench.results import Talk
from bench.verdicts import Verdict, judge
from tests.bench.made_up import make_figures, make_flow, make_results


def judge_one(promise: str, **fields: Any) -> Verdict:
    verdicts = judge(make_results(payout=make_flow(**fields)))
    return next(verdict for verdict in verdicts if promise in verdict.promise)


def test_what_is_just_within_its_bounds_keeps_every_promise() -> None:
    verdicts = judge(make_results())
    assert [verdict.is_met for verdict in verdicts] == [True] * 10


def with_costs(**costs: float) -> dict[str, Any]:
    even = {name: make_figures() for name in ("large", "young", "small", "largest", "smallest")}
    return {"costs": even | {name: make_figures(web_ms=cost - 1) for name, cost in costs.items()}}


def with_flood(kind: str) -> dict[str, Any]:
    return {
        "under_flood": dict.fromkeys(("alone", "keys", "bodies"), make_figures()) | {kind: make_figures(p50_ms=6.1)}
    }


@pytest.mark.parametrize(
    ("promise", "fields", "measured"),
    [
        ("floor's throughput", {"most": make_figures(throughput=640.0)}, 0.64),
        (
            "round trips",
            {"talk": Talk(statements=9.0, round_trips=3.1, fewest_round_trips=3, most_round_trips=4)},
            4,
        ),
        ("p99 at half", {"at_half": make_figures(p99_ms=20.1)}, 20.1),
        ("large history", with_costs(large=2.42), 1.21),
        ("long lists", with_costs(young=2.22), 1.11),
        ("largest identity", with_costs(largest=3.02), 1.51),
        ("refusal (keys)", {"refusals": {"keys": make_figures(web_ms=1.1)}}, 1.05),
        ("flood (keys)", with_flood("keys"), 1.525),
        ("flood (bodies)", with_flood("bodies"), 1.525),
    ],
)
def test_what_is_just_beyond_breaks_its_promise(promise: str, fields: dict[str, Any], measured: float) -> None:
    verdict = judge_one(promise, **fields)
    assert verdict.measured == pytest.approx(measured)
    assert not verdict.is_met
