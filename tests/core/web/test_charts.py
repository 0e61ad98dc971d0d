"""The geometry of what the server draws."""

from core.web.charts import Point, draw_bars, draw_line, draw_share


def test_a_line_goes_from_edge_to_edge_and_from_foot_to_head() -> None:
    assert draw_line([Point("a", 1), Point("b", 3), Point("c", 2)]) == "0.0,48.0 120.0,0.0 240.0,24.0"


def test_a_line_of_one_figure_of_equal_figures_or_of_none_is_drawn_too() -> None:
    assert draw_line([Point("a", 5)]) == "0.0,48.0"
    assert draw_line([Point("a", 5), Point("b", 5)]) == "0.0,48.0 240.0,48.0"
    assert draw_line([]) == ""


def test_the_largest_bar_is_full_and_the_smallest_can_be_seen() -> None:
    widths = [width for _, width in draw_bars([Point("a", 1000), Point("b", 500), Point("c", 1), Point("d", 0)])]
    assert widths == ["100.0", "50.0", "1.0", "0"]
    assert draw_bars([]) == []
    assert [width for _, width in draw_bars([Point("a", 0)])] == ["0"]


def test_a_share_stays_within_its_whole() -> None:
    assert [draw_share(212, 500), draw_share(9, 3), draw_share(0, 0), draw_share(-1, 5)] == ["42.4", "100.0", "0", "0"]
