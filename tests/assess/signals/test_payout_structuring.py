from typing import Any

import pytest

from assess.signals.payout_structuring import SIGNAL, StructuringParameters, bands
from assess.types import Facts
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityKind

DEFAULTS = StructuringParameters()
NEAR = 4_750_000
SIDES = [IdentityKind.ORIGIN, IdentityKind.BENEFICIARY]


def facts_of(
    earlier: int, *, amount_minor: int = NEAR, kind: IdentityKind = IdentityKind.ORIGIN, **fields: Any
) -> Facts:
    given: dict[str, Any] = {"near_limit_bands": ((4_500_000, 4_999_999),)}
    history = make_history(kind, near_limit_24h=(earlier,))
    return make_facts(make_payout(amount_minor=amount_minor), histories=(history,), **(given | fields))


def test_bands_run_from_ninety_percent_to_just_under_the_limit() -> None:
    assert bands(DEFAULTS, "MXN") == ((4_500_000, 4_999_999),)
    assert bands(DEFAULTS, "USD") == ((900_000, 999_999),)
    assert bands(DEFAULTS, "EUR") == ()


def test_bands_follow_the_order_of_the_limits_and_round_their_foot_up() -> None:
    parameters = StructuringParameters(limits_minor={"MXN": (1_001, 10)}, near_percent=95)
    assert bands(parameters, "MXN") == ((951, 1_000), (10, 9))


@pytest.mark.parametrize("kind", SIDES)
def test_fires_at_three_payouts_of_an_origin_or_to_an_account_this_one_included(kind: IdentityKind) -> None:
    assert judge(SIGNAL, facts_of(1, kind=kind)) is None
    assert tell(SIGNAL, facts_of(2, kind=kind)) == (
        "3 payouts just under MXN 50,000.00 within 24 hours",
        "3 pagos justo debajo de MXN 50,000.00 en 24 horas",
    )


@pytest.mark.parametrize(
    ("amount_minor", "fires"), [(4_499_999, False), (4_500_000, True), (4_999_999, True), (5_000_000, False)]
)
def test_this_payment_counts_when_it_is_near_itself(amount_minor: int, fires: bool) -> None:
    assert (judge(SIGNAL, facts_of(2, amount_minor=amount_minor)) is not None) == fires


def test_three_earlier_ones_suffice() -> None:
    assert tell(SIGNAL, facts_of(3, amount_minor=100))[0] == "3 payouts just under MXN 50,000.00 within 24 hours"


def test_the_sides_are_not_added_up() -> None:
    histories = tuple(make_history(kind, near_limit_24h=(1,)) for kind in SIDES)
    facts = make_facts(make_payout(amount_minor=NEAR), histories=histories, near_limit_bands=bands(DEFAULTS, "MXN"))
    assert judge(SIGNAL, facts) is None


@pytest.mark.parametrize("counted_in", [(), ((4_000_000, 4_999_999),), ((4_500_000, 4_999_999), (1, 2))])
def test_is_silent_when_the_facts_were_counted_in_other_bands(counted_in: tuple[tuple[int, int], ...]) -> None:
    history = make_history(IdentityKind.ORIGIN, near_limit_24h=(9,) * len(counted_in))
    facts = make_facts(make_payout(amount_minor=NEAR), histories=(history,), near_limit_bands=counted_in)
    assert judge(SIGNAL, facts) is None


def test_is_silent_for_a_currency_without_limits() -> None:
    history = make_history(IdentityKind.ORIGIN)
    assert judge(SIGNAL, make_facts(make_payout(currency="EUR"), histories=(history,))) is None


def test_an_identity_without_counts_has_this_payment_alone() -> None:
    facts = make_facts(
        make_payout(amount_minor=NEAR),
        histories=(make_history(IdentityKind.ORIGIN),),
        near_limit_bands=bands(DEFAULTS, "MXN"),
    )
    assert judge(SIGNAL, facts) is None
    assert tell(SIGNAL, facts, minimum_payouts=1)[0] == "1 payouts just under MXN 50,000.00 within 24 hours"


def test_names_the_limit_with_the_greatest_count_and_the_first_of_equals() -> None:
    limits: dict[str, tuple[int, ...]] = {"MXN": (5_000_000, 1_000_000)}
    counted_in = bands(StructuringParameters(limits_minor=limits), "MXN")
    for counts, limit in (((3, 4), "10,000.00"), ((4, 3), "50,000.00"), ((3, 3), "50,000.00")):
        history = make_history(IdentityKind.ORIGIN, near_limit_24h=counts)
        facts = make_facts(make_payout(amount_minor=1), histories=(history,), near_limit_bands=counted_in)
        assert (
            tell(SIGNAL, facts, limits_minor=limits)[0]
            == f"{max(counts)} payouts just under MXN {limit} within 24 hours"
        )
