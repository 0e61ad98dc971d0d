import pytest

from assess.signals.disposable_email import SIGNAL
from assess.types import Beneficiary
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell


@pytest.mark.parametrize("email", ["ana@mailinator.com", "ana@inbox.mx.mailinator.com"])
def test_fires_for_a_listed_domain_and_what_is_under_it(email: str) -> None:
    assert tell(SIGNAL, make_facts(make_payin(email=email))) == (
        "Disposable email domain",
        "Dominio de correo desechable",
    )


@pytest.mark.parametrize(
    "email", [None, "ana@gmail.com", "ana@mailinator.com.example.mx", "mailinator.com@example.com", "mailinator.com"]
)
def test_is_silent_for_any_other_address_and_for_none(email: str | None) -> None:
    assert judge(SIGNAL, make_facts(make_payin(email=email))) is None


def test_fires_on_a_payout_for_the_beneficiarys_address() -> None:
    assert judge(SIGNAL, make_facts(make_payout(beneficiary=Beneficiary(email="x@mailinator.com")))) is not None
    assert judge(SIGNAL, make_facts(make_payout())) is None
