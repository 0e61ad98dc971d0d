"""Each thing that may be supposed of a payment's past, and the signal that it brings or silences."""

import pytest

from assess.policy import default_policy
from assess.scoring import score
from assess.suppositions import Supposition, list_suppositions, suppose, with_amount
from assess.types import (
    Behavior,
    Beneficiary,
    Billing,
    Facts,
    Language,
    PairHistory,
    PaymentMethod,
    PayoutDetails,
)
from blocklists.types import ListHit, ListType, Severity
from core.money import MAX_AMOUNT_MINOR
from tests.assess.signals.builders import make_facts, make_history, make_payin, make_payout
from transactions.types import Flow, IdentityKind


def make_first_payout() -> Facts:
    """Return the facts of the first payout of an organization."""
    payment = make_payout(
        beneficiary=Beneficiary(clabe="646180111800000004", countries=("MX",)),
        payout=PayoutDetails(initiated_by="maria.lopez"),
    )
    return make_facts(
        payment,
        histories=(make_history(IdentityKind.BENEFICIARY), make_history(IdentityKind.ORIGIN)),
        near_limit_bands=((4_500_000, 4_999_999),),
        pair=PairHistory(),
    )


def make_first_payin() -> Facts:
    payment = make_payin(
        email="ana@example.com",
        behavior=Behavior(mouse_movements=0),
        billing=Billing(country="MX"),
        payment_method=PaymentMethod(card_country="US"),
    )
    return make_facts(payment, histories=(make_history(IdentityKind.EMAIL),))


def fired(facts: Facts) -> set[str]:
    outcome = score(facts=facts, policy=default_policy(), language=Language.ENGLISH)
    return {signal.code for signal in outcome.signals}


@pytest.mark.parametrize(
    ("supposition", "brings"),
    [
        (Supposition.FAN_IN, "payout_beneficiary_fan_in"),
        (Supposition.STRUCTURING, "payout_structuring"),
        (Supposition.VELOCITY, "high_velocity"),
        (Supposition.LISTED, "blocklist_clabe"),
    ],
)
def test_a_payout_without_a_past_fires_what_is_supposed(supposition: Supposition, brings: str) -> None:
    facts = make_first_payout()
    assert fired(suppose(supposition, facts)) - fired(facts) == {brings}


def test_a_known_beneficiary_is_no_first_one_whatever_the_client_said() -> None:
    facts = make_first_payout()
    assert fired(facts) == {"payout_first_beneficiary"}
    assert fired(suppose(Supposition.KNOWN_BENEFICIARY, facts)) == set()
    told = make_facts(make_payout(payout=PayoutDetails(initiated_by="m", first_to_beneficiary=True)))
    assert "payout_first_beneficiary" not in fired(suppose(Supposition.KNOWN_BENEFICIARY, told))


def test_three_in_the_morning_is_told_only_of_an_origin_with_a_past() -> None:
    assert fired(suppose(Supposition.NIGHT, make_first_payout())) == {"payout_first_beneficiary"}
    busy = make_facts(
        make_payout(payout=PayoutDetails(initiated_by="m")),
        histories=(make_history(IdentityKind.ORIGIN, events_30d=40, hour_events=20),),
    )
    night = suppose(Supposition.NIGHT, busy)
    assert (night.local_hour, fired(night) - fired(busy)) == (3, {"payout_off_hours"})


def test_a_payin_can_be_made_by_a_person_with_a_card_of_the_country() -> None:
    facts = make_first_payin()
    assert fired(facts) - fired(suppose(Supposition.HUMAN, facts)) >= {"no_mouse_movement"}
    assert fired(facts) - fired(suppose(Supposition.HOME_CARD, facts)) == {"country_mismatch"}
    assert fired(suppose(Supposition.LISTED, facts)) - fired(facts) == {"blocklist_email"}


def test_a_payment_can_be_taken_off_all_lists() -> None:
    hit = ListHit(entry_id="e", list_type=ListType.EMAIL, severity=Severity.FLAG)
    facts = make_facts(list_hits=(hit,))
    assert fired(facts) == {"blocklist_email"}
    assert fired(suppose(Supposition.UNLISTED, facts)) == set()


def test_the_past_is_never_made_smaller() -> None:
    busy = make_facts(histories=(make_history(IdentityKind.EMAIL, events_30d=900),))
    assert suppose(Supposition.VELOCITY, busy).histories[0].events_30d == 900


@pytest.mark.parametrize(
    ("counted", "supposed"), [((), (3, 3)), ((0, 0), (3, 3)), ((9, 1), (9, 3)), ((2, 3), (3, 3)), ((7, 8), (7, 8))]
)
def test_what_was_counted_near_a_limit_is_never_made_smaller(
    counted: tuple[int, ...], supposed: tuple[int, ...]
) -> None:
    history = make_history(IdentityKind.ORIGIN, near_limit_24h=counted, events_30d=20)
    limits = ((900, 999), (4_500, 4_999))
    facts = make_facts(make_payout(), histories=(history,), near_limit_bands=limits)
    found = suppose(Supposition.STRUCTURING, facts).histories[0]
    assert (found.near_limit_24h, found.events_30d) == (supposed, 20)


def test_an_amount_is_doubled_halved_and_never_beyond_the_greatest() -> None:
    facts = make_facts(make_payin(amount_minor=1501))
    assert suppose(Supposition.DOUBLE_AMOUNT, facts).payment.amount_minor == 3002
    assert suppose(Supposition.HALF_AMOUNT, facts).payment.amount_minor == 750
    assert with_amount(facts, MAX_AMOUNT_MINOR + 1).payment.amount_minor == MAX_AMOUNT_MINOR


@pytest.mark.parametrize("flow", list(Flow))
def test_what_is_not_of_the_flow_or_of_nobody_changes_nothing(flow: Flow) -> None:
    nobody = make_facts(make_payin() if flow is Flow.PAYIN else make_payout())
    others = set(Supposition) - set(list_suppositions(flow=flow))
    assert others
    for each in others | {Supposition.FAN_IN, Supposition.VELOCITY, Supposition.LISTED, Supposition.HOME_CARD}:
        assert suppose(each, nobody) == nobody
