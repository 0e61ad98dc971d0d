"""The people of a data set."""

from bench.dataset.people import (
    home_address_of,
    is_foreign,
    make_account,
    make_address,
    make_clabe,
    make_iban,
    make_origin,
    make_payer,
    name_currency,
)
from core.identifiers import clabe, iban
from transactions.types import Flow

NUMBERS = (0, 1, 19, 20, 4_321, 199_999)


def test_every_account_number_is_a_real_one() -> None:
    assert [clabe.validate(make_clabe(number)) for number in NUMBERS] == [make_clabe(number) for number in NUMBERS]
    assert [iban.validate(make_iban(number)) for number in NUMBERS] == [make_iban(number) for number in NUMBERS]


def test_one_account_in_twenty_is_abroad_and_paid_in_euros() -> None:
    assert [number for number in range(60) if is_foreign(number)] == [19, 39, 59]
    assert (make_account(19).clabe, make_account(19).iban, name_currency(19)) == (None, make_iban(19), "EUR")
    assert (make_account(20).clabe, make_account(20).iban, name_currency(20)) == (make_clabe(20), None, "MXN")


def test_no_two_people_share_what_they_are_known_by() -> None:
    origins = {make_origin(number).origin.account_id for number in range(500)}
    payers = [make_payer(number) for number in range(500)]
    cards = {(payer.payment_method.card_bin, payer.payment_method.card_last4) for payer in payers}
    assert [len(origins), len({payer.email for payer in payers}), len(cards)] == [500, 500, 500]


def test_three_payers_share_a_home_and_nobody_lives_at_a_carriers_address() -> None:
    assert [home_address_of(payer) for payer in range(7)] == [4, 4, 4, 5, 5, 5, 6]
    assert make_address(4) == "187.0.0.4"


def test_a_person_is_the_same_each_time() -> None:
    assert make_origin(7) == make_origin(7)
    assert (make_origin(7).flow, make_payer(7).flow) == (Flow.PAYOUT, Flow.PAYIN)
