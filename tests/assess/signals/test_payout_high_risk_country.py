import pytest

from assess.signals.payout_high_risk_country import AS_OF, COUNTRIES, SIGNAL, HighRiskCountryParameters
from assess.types import Beneficiary, Facts
from core.identifiers.country import CODES
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell


def facts_of(*countries: str) -> Facts:
    return make_facts(make_payout(beneficiary=Beneficiary(countries=countries)))


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("IR", "fatf_call_for_action_countermeasures"),
        ("MM", "fatf_call_for_action_enhanced"),
        ("VE", "fatf_increased_monitoring"),
    ],
)
def test_fires_for_each_of_the_fatfs_lists(country: str, name: str) -> None:
    assert tell(SIGNAL, facts_of(country)) == (
        f"Beneficiary in {country}: list {name} of 2026-06-19",
        f"Beneficiario en {country}: lista {name} del 2026-06-19",
    )


def test_any_of_the_beneficiarys_countries_counts_and_the_first_list_is_named() -> None:
    assert tell(SIGNAL, facts_of("MX", "VE", "KP"))[0] == (
        "Beneficiary in KP: list fatf_call_for_action_countermeasures of 2026-06-19"
    )


def test_is_silent_for_other_countries_and_for_none() -> None:
    assert judge(SIGNAL, facts_of("MX", "US")) is None
    assert judge(SIGNAL, facts_of()) is None
    assert judge(SIGNAL, make_facts(make_payin())) is None


def test_the_lists_are_a_parameter() -> None:
    assert judge(SIGNAL, facts_of("RU")) is None
    assert judge(SIGNAL, facts_of("RU"), lists=("eu_high_risk_third_countries",)) is not None
    assert judge(SIGNAL, facts_of("KP"), lists=()) is None


def test_a_list_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="lists names a list that does not exist"):
        HighRiskCountryParameters(lists=("grey",))


def test_the_data_are_dated_and_name_countries_that_exist() -> None:
    assert set(AS_OF) == set(COUNTRIES)
    assert all(len(day) == len("2026-06-19") for day in AS_OF.values())
    assert [code for codes in COUNTRIES.values() for code in codes if code not in CODES] == []
    assert {name: len(codes) for name, codes in COUNTRIES.items()} == {
        "fatf_call_for_action_countermeasures": 2,
        "fatf_call_for_action_enhanced": 1,
        "fatf_increased_monitoring": 22,
        "eu_high_risk_third_countries": 26,
        "eu_tax_non_cooperative_annex_1": 10,
    }
