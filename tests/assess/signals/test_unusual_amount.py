from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assess.signals.unusual_amount import UnusualAmountParameters, find_unusual_amount
from assess.types import AmountStatistics
from tests.assess.signals.builders import make_facts, make_payin


@given(
    amount=st.integers(0, 10**15),
    median=st.integers(0, 2 * 10**15),
    mad=st.integers(0, 10**15),
    floor=st.integers(0, 100),
)
def test_agrees_with_exact_fractions(amount: int, median: int, mad: int, floor: int) -> None:
    usual = AmountStatistics(events=8, median_doubled=median, mad_doubled=mad)
    facts = make_facts(make_payin(amount_minor=amount), recent_amounts=usual)
    scale = max(Fraction(mad, 2), Fraction(floor, 100) * Fraction(median, 2))
    fires = scale > 0 and Fraction("0.6745") * (amount - Fraction(median, 2)) / scale > 6
    assert (find_unusual_amount(facts, UnusualAmountParameters(mad_floor_percent=floor)) is not None) == fires
