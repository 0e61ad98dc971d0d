from assess.signals.payout_invalid_account import SIGNAL
from assess.types import AccountFlaw, Beneficiary
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell


def test_fires_with_the_fields_that_are_wrong() -> None:
    flaws = {"swift_bic": AccountFlaw.UNKNOWN_ISSUER, "clabe": AccountFlaw.CHECK_DIGIT}
    assert tell(SIGNAL, make_facts(make_payout(beneficiary=Beneficiary(flaws=flaws)))) == (
        "Wrong check digit or unknown bank: beneficiary.clabe, beneficiary.swift_bic",
        "Dígito verificador erróneo o banco desconocido: beneficiary.clabe, beneficiary.swift_bic",
    )


def test_is_silent_for_a_sound_account_and_without_a_beneficiary() -> None:
    assert judge(SIGNAL, make_facts(make_payout())) is None
    assert judge(SIGNAL, make_facts(make_payin())) is None
