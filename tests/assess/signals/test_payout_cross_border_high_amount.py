import pytest

from assess.signals.payout_cross_border_high_amount import SIGNAL
from assess.types import Beneficiary, Facts, Origin
from tests.assess.signals.builders import judge, make_facts, make_payout, tell


def facts_of(
    amount_minor: int, *, currency: str = "MXN", origin: str | None = "MX", countries: tuple[str, ...] = ("US",)
) -> Facts:
    payment = make_payout(
        amount_minor=amount_minor,
        currency=currency,
        origin=Origin(country=origin),
        beneficiary=Beneficiary(countries=countries),
    )
    return make_facts(payment)


def test_fires_above_the_threshold() -> None:
    assert tell(SIGNAL, facts_of(20_000_001)) == (
        "From MX to US, more than MXN 200,000.00",
        "De MX a US, más de MXN 200,000.00",
    )


@pytest.mark.parametrize(("currency", "threshold"), [("MXN", 20_000_000), ("USD", 1_000_000), ("EUR", 1_000_000)])
def test_the_threshold_itself_passes(currency: str, threshold: int) -> None:
    assert judge(SIGNAL, facts_of(threshold, currency=currency)) is None
    assert judge(SIGNAL, facts_of(threshold + 1, currency=currency)) is not None


def test_other_currencies_have_no_threshold_until_set() -> None:
    facts = facts_of(10**12, currency="BRL")
    assert judge(SIGNAL, facts) is None
    assert judge(SIGNAL, facts, threshold_minor={"BRL": 100}) is not None


@pytest.mark.parametrize(("origin", "countries"), [(None, ("US",)), ("MX", ()), ("MX", ("MX",))])
def test_is_silent_when_a_country_is_missing_or_the_same(origin: str | None, countries: tuple[str, ...]) -> None:
    assert judge(SIGNAL, facts_of(10**12, origin=origin, countries=countries)) is None


def test_a_declared_country_does_not_hide_the_accounts() -> None:
    finding = judge(SIGNAL, facts_of(10**12, origin="MX", countries=("MX", "US")))
    assert finding is not None
    assert finding.values["beneficiary"] == "US"
