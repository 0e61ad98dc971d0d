import pytest

from assess.signals.payout_beneficiary_fan_in import SIGNAL
from assess.types import Facts, PairHistory
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityKind

NEW, SEEN, OLD = PairHistory(), PairHistory(is_seen_24h=True), PairHistory(is_seen_earlier=True, is_known=True)


def facts_of(origins: int, pair: PairHistory | None) -> Facts:
    history = make_history(IdentityKind.BENEFICIARY, counterparties_24h=origins)
    return make_facts(make_payout(), histories=(history,), pair=pair)


@pytest.mark.parametrize(("origins", "pair"), [(9, NEW), (9, OLD), (10, SEEN), (10, None)])
def test_fires_at_ten_distinct_origins_this_one_included(origins: int, pair: PairHistory | None) -> None:
    assert judge(SIGNAL, facts_of(origins - 1, pair)) is None
    assert tell(SIGNAL, facts_of(origins, pair)) == (
        "Origins that pay this account within 24 hours: 10",
        "Orígenes que pagan a esta cuenta en 24 horas: 10",
    )


def test_is_silent_without_the_accounts_history() -> None:
    origin = make_history(IdentityKind.ORIGIN, counterparties_24h=50)
    assert judge(SIGNAL, make_facts(make_payout(), histories=(origin,), pair=NEW)) is None


def test_the_least_number_is_a_parameter() -> None:
    assert judge(SIGNAL, facts_of(2, NEW), minimum_origins=3) is not None
    assert judge(SIGNAL, facts_of(2, NEW), minimum_origins=4) is None
