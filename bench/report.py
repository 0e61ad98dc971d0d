"""The table of a run, in Markdown: as it is printed, it can be pasted into docs/performance.md."""

from collections.abc import Callable, Iterator, Sequence

from bench.figures import Figures
from bench.results import OfFlow, Results
from bench.verdicts import Verdict, judge

_COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("a second", lambda figures: f"{figures.throughput:,.0f}"),
    ("p50 ms", lambda figures: f"{figures.p50_ms:.1f}"),
    ("p95", lambda figures: f"{figures.p95_ms:.1f}"),
    ("p99", lambda figures: f"{figures.p99_ms:.1f}"),
    ("p99.9", lambda figures: f"{figures.p999_ms:.1f}"),
    ("CPU ms web", lambda figures: f"{figures.web_ms:.2f}"),
    ("CPU ms database", lambda figures: f"{figures.backend_ms:.2f} + {figures.background_ms:.2f}"),
    ("CPU ms client", lambda figures: f"{figures.client_ms:.2f}"),
    ("log bytes", lambda figures: f"{figures.log_bytes:,.0f}"),
    ("calls", lambda figures: f"{figures.calls:,}"),
    ("failed", lambda figures: f"{figures.failed:,}"),
)
_KINDS: tuple[tuple[str, Callable[[OfFlow], Figures]], ...] = (
    ("application, maximum", lambda flow: flow.most),
    ("floor, maximum", lambda flow: flow.most_floor),
    ("application, key with a rate limit", lambda flow: flow.most_limited),
    ("application, half", lambda flow: flow.at_half),
    ("floor, same rate", lambda flow: flow.at_half_floor),
)


def write_report(results: Results) -> str:
    """Return the whole report."""
    parts = [
        _write_machine(results),
        _write_data(results),
        _write_figures(results),
        _write_talk(results),
        _write_verdicts(judge(results)),
        *(_write_profile(title, rows) for title, rows in results.profile.items()),
    ]
    return "\n\n".join(parts) + "\n"


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns also line up as text."""
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]

    def write_row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([write_row(header), rule, *map(write_row, rows)])


def _write_machine(results: Results) -> str:
    machine = results.machine
    settings = ", ".join(f"{name} {value}" for name, value in machine.settings.items())
    return (
        f"{machine.at:%Y-%m-%d %H:%M} UTC. {machine.processor}, {machine.cores} cores, {machine.memory_gib} GiB, "
        f"{machine.kernel}; load {machine.load:.2f} before the run. Python {machine.python}, PostgreSQL "
        f"{machine.postgres} ({settings}).\nGunicorn with {results.workers} processes; web, database and load client "
        f"share the cores. {results.connections} connections; {results.seconds:g} s for each figure, in "
        f"{results.rounds} rounds that take turns.\nMemory: web {results.memory.web:.0f} MiB, floor "
        f"{results.memory.floor:.0f} MiB, PostgreSQL {results.memory.postgres:.0f} MiB (shared pages counted once)."
    )


def _write_data(results: Results) -> str:
    rows = [
        (
            name,
            f"{data.payments:,}",
            f"{data.history_rows:,}",
            f"{data.entries:,}",
            f"{data.bytes_on_disk / 2**20:,.0f} MiB",
            f"{data.fill_seconds:.0f} s",
            f"{(results.machine.at - data.filled_at).total_seconds() / 3600:.1f} h",
        )
        for name, data in results.data.items()
    ]
    return write_table(("data", "payments", "history rows", "list entries", "on disk", "made in", "age"), rows)


def _write_figures(results: Results) -> str:
    header = ("", *(name for name, _ in _COLUMNS))
    rows = [
        (f"{flow}: {kind}", *(show(choose(figures)) for _, show in _COLUMNS))
        for flow, figures in results.flows.items()
        for kind, choose in _KINDS
    ]
    return write_table(header, rows)


def _write_talk(results: Results) -> str:
    rows = [
        (
            flow,
            f"{figures.talk.statements:.1f}",
            f"{figures.talk.round_trips:.1f}",
            f"{figures.talk.fewest_round_trips} to {figures.talk.most_round_trips}",
        )
        for flow, figures in results.flows.items()
    ]
    return write_table(("one assessment", "statements", "round trips", "fewest to most"), rows)


def _write_verdicts(verdicts: Sequence[Verdict]) -> str:
    return write_table(("promise", "measured", "bound", "", "behind it"), list(_list_verdict_rows(verdicts)))


def _list_verdict_rows(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, ...]]:
    for verdict in verdicts:
        word = "met" if verdict.is_met else "NOT MET"
        yield verdict.promise, f"{verdict.measured:.2f}", verdict.bound, word, verdict.detail


def _write_profile(title: str, rows: Sequence[tuple[str, float]]) -> str:
    return write_table((title, ""), [(name, f"{value:.3f}") for name, value in rows])
