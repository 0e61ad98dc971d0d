import pytest

from assess.signals.payout_high_risk_country import LISTS, SIGNAL, HighRiskCountryParameters
from assess.types import Beneficiary, Facts
from feeds.types import FeedHit, FeedKind
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


OWN = FeedHit(kind=FeedKind.RISK_COUNTRY, feed="comite", title="Comité", as_of="2026-11-01", version=2, value="PA")


def hits_of(*hits: FeedHit) -> Facts:
    return make_facts(make_payout(beneficiary=Beneficiary(countries=("PA", "KP"))), feed_hits=hits)


def test_a_list_of_the_organizations_own_counts_whatever_the_parameter_says() -> None:
    assert tell(SIGNAL, hits_of(OWN), lists=())[0] == "Beneficiary in PA: list comite of 2026-11-01"


def test_clausums_lists_go_before_the_organizations_own() -> None:
    fatf = FeedHit(kind=FeedKind.RISK_COUNTRY, feed=LISTS[0], as_of="2026-06-19", value="KP")
    assert tell(SIGNAL, hits_of(OWN, fatf))[0] == f"Beneficiary in KP: list {LISTS[0]} of 2026-06-19"


def test_what_the_facts_hold_counts_and_not_the_list_of_today() -> None:
    assert judge(SIGNAL, hits_of()) is None
