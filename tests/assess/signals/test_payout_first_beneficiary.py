import pytest

from assess.signals.payout_first_beneficiary import SIGNAL
from assess.types import PairHistory, PayoutDetails
from tests.assess.signals.builders import judge, make_facts, make_payout, tell

TEXTS = ("First payout from this origin to this account", "Primer pago de este origen a esta cuenta")


def make_declared(*, first: bool | None) -> PayoutDetails:
    return PayoutDetails(first_to_beneficiary=first)


@pytest.mark.parametrize("declared", [None, False, True])
def test_fires_when_no_earlier_payout_was_approved_whatever_is_declared(declared: bool | None) -> None:
    facts = make_facts(make_payout(payout=make_declared(first=declared)), pair=PairHistory(is_seen_24h=True))
    assert tell(SIGNAL, facts) == TEXTS


@pytest.mark.parametrize("pair", [None, PairHistory(is_known=True)])
def test_fires_when_declared_whatever_is_known(pair: PairHistory | None) -> None:
    assert tell(SIGNAL, make_facts(make_payout(payout=make_declared(first=True)), pair=pair)) == TEXTS


@pytest.mark.parametrize("declared", [None, False])
@pytest.mark.parametrize("pair", [None, PairHistory(is_known=True)])
def test_is_silent_for_a_known_pair_and_for_none(pair: PairHistory | None, declared: bool | None) -> None:
    assert judge(SIGNAL, make_facts(make_payout(payout=make_declared(first=declared)), pair=pair)) is None
