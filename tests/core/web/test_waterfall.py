"""The geometry of the waterfall."""

from hypothesis import given
from hypothesis import strategies as st

from core.web.waterfall import RowKind, Step, Threshold, Waterfall, draw_rows, draw_thresholds

LINES = (Threshold("review", 30), Threshold("challenge", 50), Threshold("decline", 80))


def draw(changes: list[int], score: int) -> list[tuple[str, int, int, str, str]]:
    steps = [Step(f"s{place}", change) for place, change in enumerate(changes)]
    rows = draw_rows(Waterfall(steps, LINES, score, "review"))
    return [(row.kind.value, row.change, row.total, row.x, row.width) for row in rows]


def test_without_a_signal_there_are_the_base_and_a_score_that_can_be_seen() -> None:
    assert draw([], 0) == [("base", 0, 0, "0.00%", "0.50%"), ("score", 0, 0, "0.00%", "0.50%")]


def test_each_step_begins_where_the_one_before_ended_and_may_lead_back() -> None:
    assert draw([30, 20, -15], 35) == [
        ("base", 0, 0, "0.00%", "0.50%"),
        ("step", 30, 30, "0.00%", "30.00%"),
        ("step", 20, 50, "30.00%", "20.00%"),
        ("step", -15, 35, "35.00%", "15.00%"),
        ("score", 35, 35, "0.00%", "35.00%"),
    ]


def test_a_sum_beyond_a_hundred_is_drawn_and_then_cut() -> None:
    rows = draw([100, 60], 100)
    assert rows[2] == ("step", 60, 160, "62.50%", "37.50%")
    assert rows[3] == ("capped", -60, 100, "62.50%", "37.50%")
    assert rows[4] == ("score", 100, 100, "0.00%", "62.50%")


def test_a_sum_below_nothing_ends_at_nothing() -> None:
    assert draw([-25], 0)[1:] == [
        ("step", -25, -25, "0.00%", "20.00%"),
        ("floored", 25, 0, "0.00%", "20.00%"),
        ("score", 0, 0, "20.00%", "0.50%"),
    ]


def test_a_hard_block_makes_up_what_a_rule_took_away() -> None:
    assert [row[:3] for row in draw([100, -15], 100)][2:] == [
        ("step", -15, 85),
        ("blocked", 15, 100),
        ("score", 100, 100),
    ]


def test_the_lines_stand_at_their_scores_on_the_scale_of_the_bars() -> None:
    lines = draw_thresholds(Waterfall([Step("s", 160)], LINES, 100, "decline"))
    assert [(line.decision, place) for line, place in lines] == [
        ("review", "18.75%"),
        ("challenge", "31.25%"),
        ("decline", "50.00%"),
    ]


@given(st.lists(st.integers(-100, 100), max_size=12))
def test_no_bar_leaves_the_drawing_and_the_sum_is_explained(changes: list[int]) -> None:
    score = min(max(sum(changes), 0), 100)
    steps = [Step("s", change) for change in changes]
    rows = draw_rows(Waterfall(steps, LINES, score, "review"))
    for row in rows:
        assert 0 <= float(row.x[:-1]) <= float(row.x[:-1]) + float(row.width[:-1]) <= 100.6
    assert sum(row.change for row in rows if row.kind is not RowKind.SCORE) == score
    assert rows[-1].total == score
