from assess.signals.payout_beneficiary_prior_fraud import SIGNAL
from tests.assess.signals.builders import judge, make_facts, make_payout, tell
from transactions.types import IdentityKind

PAYERS = tuple(kind for kind in IdentityKind if kind is not IdentityKind.BENEFICIARY)


def test_fires_when_the_account_is_known_from_a_fraud() -> None:
    assert tell(SIGNAL, make_facts(make_payout(), prior_fraud=(IdentityKind.BENEFICIARY, IdentityKind.ORIGIN))) == (
        "Earlier confirmed fraud to the same account",
        "Fraude confirmado anterior a la misma cuenta",
    )


def test_is_silent_for_whatever_is_known_of_the_payer() -> None:
    assert judge(SIGNAL, make_facts(make_payout(), prior_fraud=PAYERS)) is None


def test_is_silent_without_any() -> None:
    assert judge(SIGNAL, make_facts(make_payout())) is None
