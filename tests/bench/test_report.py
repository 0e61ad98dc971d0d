"""The report as it is pasted."""

from bench.report import write_report, write_table
from tests.bench.made_up import make_figures, make_flow, make_results


def test_a_table_lines_up() -> None:
    assert write_table(("a", ""), [("long one", "1")]) == "| a        |   |\n|----------|---|\n| long one | 1 |"


def test_it_says_on_what_it_was_measured_and_how_old_the_data_are() -> None:
    report = write_report(make_results())
    assert "2026-05-01 12:00 UTC. Abacus, 2 cores, 16.0 GiB, Linux 6; load 0.25 before the run." in report
    assert "| large | 300      | 780          | 400          | 2 MiB   | 9 s     | 2.0 h |" in report


def test_it_has_a_row_for_each_kind_of_load() -> None:
    rows = [line.split("|")[1].strip() for line in write_report(make_results()).splitlines() if "| payout: " in line]
    assert rows[:5] == [
        "payout: application, maximum",
        "payout: floor, maximum",
        "payout: application, key with a rate limit",
        "payout: application, half",
        "payout: floor, same rate",
    ]


def test_a_promise_that_is_not_met_is_said_to_be_so() -> None:
    report = write_report(make_results(payout=make_flow(at_half=make_figures(p99_ms=33.0))))
    line = next(line for line in report.splitlines() if "p99 at half" in line)
    assert [cell.strip() for cell in line.split("|")[2:5]] == ["33.00", "≤ 20", "NOT MET"]
    assert report.count("NOT MET") == 1


def test_a_profile_is_a_table_of_its_own() -> None:
    assert "| payout: where |       |\n|---------------|-------|\n| reading       | 0.250 |" in write_report(
        make_results()
    )
