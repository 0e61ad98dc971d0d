import pytest

from assess.signals.country_mismatch import SIGNAL
from assess.types import Billing, Facts, PaymentMethod
from tests.assess.signals.builders import judge, make_facts, make_payin, tell


def facts_of(card: str | None, billing: str | None) -> Facts:
    return make_facts(make_payin(payment_method=PaymentMethod(card_country=card), billing=Billing(country=billing)))


def test_fires_when_the_countries_differ() -> None:
    assert tell(SIGNAL, facts_of("US", "MX")) == (
        "Card country US, billing country MX",
        "País de la tarjeta US, país de facturación MX",
    )


@pytest.mark.parametrize(("card", "billing"), [("MX", "MX"), (None, "MX"), ("MX", None), (None, None)])
def test_is_silent_when_they_agree_or_one_is_missing(card: str | None, billing: str | None) -> None:
    assert judge(SIGNAL, facts_of(card, billing)) is None
