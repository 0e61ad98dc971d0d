import pytest

from assess.signals.payout_origin_fan_out import SIGNAL
from assess.types import Facts, PairHistory
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityKind

NEW, SEEN, OLD = PairHistory(), PairHistory(is_seen_24h=True), PairHistory(is_seen_earlier=True)


def facts_of(accounts: int, pair: PairHistory | None) -> Facts:
    history = make_history(IdentityKind.ORIGIN, new_counterparties_24h=accounts)
    return make_facts(make_payout(), histories=(history,), pair=pair)


@pytest.mark.parametrize(("accounts", "pair"), [(9, NEW), (10, SEEN), (10, OLD), (10, None)])
def test_fires_at_ten_new_accounts_this_one_included(accounts: int, pair: PairHistory | None) -> None:
    assert judge(SIGNAL, facts_of(accounts - 1, pair)) is None
    assert tell(SIGNAL, facts_of(accounts, pair)) == (
        "Accounts new to this origin within 24 hours: 10",
        "Cuentas nuevas para este origen en 24 horas: 10",
    )


def test_is_silent_without_the_origins_history() -> None:
    account = make_history(IdentityKind.BENEFICIARY, new_counterparties_24h=50)
    assert judge(SIGNAL, make_facts(make_payout(), histories=(account,), pair=NEW)) is None


def test_the_least_number_is_a_parameter() -> None:
    assert judge(SIGNAL, facts_of(2, NEW), minimum_accounts=3) is not None
    assert judge(SIGNAL, facts_of(2, NEW), minimum_accounts=4) is None
