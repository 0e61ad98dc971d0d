"""The histogram of scores: every payment in one column, and both sets of cut lines."""

from hypothesis import given
from hypothesis import strategies as st

from assess.impact import Rescored
from assess.policy import default_policy
from assess.web.policy_chart import HEIGHT, draw_histograms
from transactions.types import Decision, Flow

payments = st.lists(
    st.builds(
        Rescored,
        flow=st.sampled_from(Flow),
        before=st.just(Decision.APPROVE),
        after=st.just(Decision.APPROVE),
        score=st.integers(0, 100),
        is_fraudulent=st.sampled_from([True, False, None]),
    ),
    max_size=60,
)


def rescored(score: int, is_fraudulent: bool | None = None, flow: Flow = Flow.PAYOUT) -> Rescored:
    return Rescored(
        flow=flow, before=Decision.APPROVE, after=Decision.APPROVE, score=score, is_fraudulent=is_fraudulent
    )


@given(payments)
def test_every_payment_stands_in_one_column_of_its_flow(given_payments: list[Rescored]) -> None:
    drawn = draw_histograms(given_payments, before=default_policy(), after=default_policy())
    assert sum(drawing.payments for drawing in drawn) == len(given_payments)
    for drawing in drawn:
        assert sum(sum(counts) for _first, _last, counts in drawing.rows) == drawing.payments
        assert all(0 <= float(bar.y) <= HEIGHT and 1 <= float(bar.height) <= HEIGHT for bar in drawing.bars)


def test_columns_are_five_points_wide_and_the_last_holds_the_hundred() -> None:
    scores = [rescored(0), rescored(4, True), rescored(5, False), rescored(95), rescored(100)]
    (drawing,) = draw_histograms(scores, before=default_policy(), after=default_policy())
    assert drawing.rows == [(0, 4, [1, 0, 1]), (5, 9, [0, 1, 0]), (95, 100, [0, 0, 2])]
    assert [(bar.x, bar.y, bar.height, bar.tone) for bar in drawing.bars] == [
        (1, "30.0", "30.0", "decline"),
        (1, "0.0", "30.0", "quiet"),
        (11, "30.0", "30.0", "approve"),
        (191, "0.0", "60.0", "quiet"),
    ]


def test_the_cut_lines_stand_at_their_scores() -> None:
    (drawing,) = draw_histograms([rescored(1)], before=default_policy(), after=default_policy())
    assert [(cut.x, cut.decision, cut.is_former) for cut in drawing.cuts] == [
        (60, "review", True),
        (100, "challenge", True),
        (160, "decline", True),
        (60, "review", False),
        (100, "challenge", False),
        (160, "decline", False),
    ]


def test_without_payments_nothing_is_drawn() -> None:
    assert draw_histograms([], before=default_policy(), after=default_policy()) == []
