"""A stored payment as a body: read again, it is the same payment."""

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings

from accounts.types import OrganizationType
from assess.reading.bodies import read_body
from assess.reading.writing import write_body
from assess.types import (
    AccountFlaw,
    Behavior,
    Beneficiary,
    Language,
    Origin,
    Payment,
    PaymentMethod,
    PayoutDetails,
)
from tests.assess.signals.builders import make_payin, make_payout
from tests.assess.test_scoring_properties import payins


def read_again(payment: Payment) -> Payment:
    """Return the payment through its body, as JSON would carry it."""
    body: Any = msgspec.json.decode(msgspec.json.encode(write_body(payment)))
    read = read_body(body, flow=payment.flow, segment=OrganizationType.BANK, language=Language.ENGLISH)
    return read.payment


def test_a_payout_with_everything_is_the_same_again() -> None:
    payment = make_payout(
        customer_id="c",
        beneficiary=Beneficiary(
            name="Proveedor Norte",
            clabe="012180001234567890",
            swift_bic="BCMRMXMMXXX",
            countries=("MX",),
            flaws={"clabe": AccountFlaw.CHECK_DIGIT},
        ),
        origin=Origin(account_id="a", country="MX", user_limit_minor=5_000_000),
        payout=PayoutDetails(channel="spei", rail="spei", initiated_by="m", first_to_beneficiary=False),
        metadata={"a": {"b": [1, "x"]}},
    )
    again = read_again(payment)
    assert again.beneficiary is not None
    assert again.beneficiary.flaws == {"clabe": AccountFlaw.CHECK_DIGIT}
    assert again == msgspec.structs.replace(payment, beneficiary=again.beneficiary)
    assert again.beneficiary.clabe == "012180001234567890"


def test_a_rail_of_its_own_is_kept_and_one_of_the_channel_is_left_out() -> None:
    kept = make_payout(beneficiary=Beneficiary(country="MX"), payout=PayoutDetails(channel="api", rail="spei"))
    derived = msgspec.structs.replace(kept, payout=PayoutDetails(channel="SPEI", rail="spei"))
    assert write_body(kept)["payout"] == {"channel": "api", "rail": "spei"}
    assert write_body(derived)["payout"] == {"channel": "SPEI"}


def test_a_payin_says_no_more_than_it_was_told() -> None:
    body = write_body(make_payin(behavior=Behavior(keystrokes=3), payment_method=PaymentMethod(card_bin="411111")))
    assert body == {
        "amount": 150_000,
        "amount_unit": "minor",
        "currency": "MXN",
        "behavior": {"keystrokes": 3},
        "payment_method": {"card_bin": "411111"},
    }
    assert not isinstance(body["amount"], Decimal)


@settings(deadline=None)
@given(payins)
def test_every_payin_is_the_same_again(payment: Payment) -> None:
    assert read_again(payment) == payment
