import pytest

from assess.signals.email_domains import list_domains
from assess.types import Beneficiary
from tests.assess.signals.builders import make_payin, make_payout


def test_a_pay_in_is_judged_by_the_payers_address() -> None:
    assert list_domains(make_payin(email="ana@a.evil.com.mx")) == ("a.evil.com.mx", "evil.com.mx")


def test_a_payout_is_judged_by_the_beneficiarys_address() -> None:
    payout = make_payout(email="ana@payer.example", beneficiary=Beneficiary(email="luis@evil.com.mx"))
    assert list_domains(payout) == ("evil.com.mx",)


@pytest.mark.parametrize("email", [None, "", "nobody", "ana@", "ana@com", "ana@[10.0.0.1]"])
def test_there_is_no_domain_without_a_readable_address(email: str | None) -> None:
    assert list_domains(make_payin(email=email)) == ()
