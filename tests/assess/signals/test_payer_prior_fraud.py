import pytest

from assess.signals.payer_prior_fraud import SIGNAL
from tests.assess.signals.builders import judge, make_facts, tell
from transactions.types import IdentityKind


def test_fires_with_the_fields_that_are_known_from_a_fraud() -> None:
    facts = make_facts(prior_fraud=(IdentityKind.CARD_HASH, IdentityKind.DEVICE, IdentityKind.DEVICE))
    assert tell(SIGNAL, facts) == (
        "Earlier confirmed fraud by the same device.fingerprint, payment_method.card_hash",
        "Fraude confirmado anterior con igual device.fingerprint, payment_method.card_hash",
    )


@pytest.mark.parametrize("kind", [kind for kind in IdentityKind if kind is not IdentityKind.BENEFICIARY])
def test_fires_for_every_kind_of_payer(kind: IdentityKind) -> None:
    assert judge(SIGNAL, make_facts(prior_fraud=(kind,))) is not None


def test_an_account_that_is_paid_is_no_payer() -> None:
    assert judge(SIGNAL, make_facts(prior_fraud=(IdentityKind.BENEFICIARY,))) is None


def test_is_silent_without_any() -> None:
    assert judge(SIGNAL, make_facts()) is None
