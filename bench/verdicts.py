"""What was promised, beside what was measured."""

from collections.abc import Iterator

import msgspec

from bench.results import OfFlow, Results

FLOOR_SHARE = 0.65
MOST_ROUND_TRIPS = 3
P99_MS = 20.0
HISTORY_RATIO = 1.2
LISTS_RATIO = 1.1
IDENTITY_RATIO = 1.5
FLOOD_RATIO = 1.5


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One promise: what was measured, the bound, whether it is kept, and what stands behind the figure."""

    promise: str
    measured: float
    bound: str
    is_met: bool
    detail: str


def judge(results: Results) -> list[Verdict]:
    """Return every promise with its verdict, flow by flow."""
    return [verdict for flow, figures in results.flows.items() for verdict in _judge_flow(flow, figures)]


def _judge_flow(flow: str, figures: OfFlow) -> Iterator[Verdict]:
    share = figures.most.throughput / figures.most_floor.throughput
    detail = f"{figures.most.throughput:.0f} of {figures.most_floor.throughput:.0f} a second"
    yield _at_least(f"{flow}: share of the floor's throughput", share, FLOOR_SHARE, detail)
    talk = figures.talk
    yield _at_most(
        f"{flow}: round trips, most", talk.most_round_trips, MOST_ROUND_TRIPS, f"mean {talk.round_trips:.1f}"
    )
    half = figures.at_half
    yield _at_most(f"{flow}: p99 at half the maximum, ms", half.p99_ms, P99_MS, f"at {half.throughput:.0f} a second")
    yield _compare(figures, f"{flow}: cost, large history to small", "large", "young", HISTORY_RATIO)
    yield _compare(figures, f"{flow}: cost, long lists to short", "young", "small", LISTS_RATIO)
    yield _compare(figures, f"{flow}: cost, largest identity to smallest", "largest", "smallest", IDENTITY_RATIO)
    for kind in figures.refusals:
        yield _judge_refusal(flow, figures, kind)
        yield _judge_flood(flow, figures, kind)


def _compare(figures: OfFlow, promise: str, one: str, other: str, bound: float) -> Verdict:
    high, low = figures.costs[one], figures.costs[other]
    detail = f"{high.cost_ms:.2f} to {low.cost_ms:.2f} ms CPU; p50 {high.p50_ms:.1f} to {low.p50_ms:.1f} ms"
    return _at_most(promise, high.cost_ms / low.cost_ms, bound, detail)


def _judge_refusal(flow: str, figures: OfFlow, kind: str) -> Verdict:
    refused, valid = figures.refusals[kind], figures.costs["large"]
    detail = f"{refused.cost_ms:.2f} to {valid.cost_ms:.2f} ms CPU"
    return _at_most(f"{flow}: cost of a refusal ({kind}) to a decision", refused.cost_ms / valid.cost_ms, 1.0, detail)


def _judge_flood(flow: str, figures: OfFlow, kind: str) -> Verdict:
    alone, flooded = figures.under_flood["alone"], figures.under_flood[kind]
    detail = (
        f"p50 {flooded.p50_ms:.1f} to {alone.p50_ms:.1f} ms, p99 {flooded.p99_ms:.1f} to {alone.p99_ms:.1f} ms, "
        f"at {alone.throughput:.0f} a second each"
    )
    return _at_most(
        f"{flow}: p50 under a flood ({kind}) to without", flooded.p50_ms / alone.p50_ms, FLOOD_RATIO, detail
    )


def _at_most(promise: str, measured: float, bound: float, detail: str) -> Verdict:
    return Verdict(promise=promise, measured=measured, bound=f"≤ {bound:g}", is_met=measured <= bound, detail=detail)


def _at_least(promise: str, measured: float, bound: float, detail: str) -> Verdict:
    return Verdict(promise=promise, measured=measured, bound=f"≥ {bound:g}", is_met=measured >= bound, detail=detail)
