"""Which values are looked up for a payment."""

import pytest

from blocklists.rules.candidates import make_candidates
from blocklists.types import ListType, PaymentIdentifiers


def _values(flow: str, list_type: ListType, **fields: object) -> list[str]:
    payment = PaymentIdentifiers(**fields)  # type: ignore[arg-type]
    return [value for found, value in make_candidates(flow=flow, payment=payment) if found is list_type]


def test_a_payment_without_identifiers_is_looked_up_nowhere() -> None:
    assert make_candidates(flow="payin", payment=PaymentIdentifiers()) == []
    assert make_candidates(flow="payout", payment=PaymentIdentifiers()) == []


def test_an_unknown_flow_is_an_error_not_an_empty_answer() -> None:
    with pytest.raises(ValueError, match="refund"):
        make_candidates(flow="refund", payment=PaymentIdentifiers(email="a@example.com"))


def test_a_domain_is_looked_up_with_its_parents_down_to_the_registered_one() -> None:
    assert _values("payin", ListType.EMAIL_DOMAIN, email="a@x.mail.evil.com.mx") == [
        "x.mail.evil.com.mx",
        "mail.evil.com.mx",
        "evil.com.mx",
    ]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("411111", ["411111"]),
        ("4111112", ["411111", "4111112"]),
        ("41111123", ["411111", "4111112", "41111123"]),
        ("41111", []),
    ],
)
def test_a_bin_is_looked_up_with_its_shorter_beginnings(payload: str, expected: list[str]) -> None:
    assert _values("payin", ListType.CARD_BIN, card_bin=payload) == expected


def test_an_address_is_looked_up_with_every_network_that_holds_it() -> None:
    four = _values("payin", ListType.IP_RANGE, ip="203.0.113.9")
    six = _values("payin", ListType.IP_RANGE, ip="2001:db8::1")
    assert (len(four), four[0], four[8], four[-1]) == (33, "203.0.113.9/32", "203.0.113.0/24", "0.0.0.0/0")
    assert (len(six), six[0], six[96], six[-1]) == (129, "2001:db8::1/128", "2001:db8::/32", "::/0")


def test_what_is_no_address_lies_in_no_network() -> None:
    assert _values("payin", ListType.IP_RANGE, ip="unknown") == []


def test_each_country_is_looked_up_once() -> None:
    assert _values("payout", ListType.COUNTRY, countries=("MX", "DE", "MX")) == ["MX", "DE"]


def test_the_number_of_candidates_is_bounded() -> None:
    longest = "a@" + ".".join(["x"] * 126)
    payment = PaymentIdentifiers(
        email=longest,
        ip="2001:db8::1",
        device_fingerprint="f",
        card_bin="41111111",
        card_hash="h",
        countries=("MX", "US"),
        phone="+525512345678",
        customer_id="c",
    )
    assert len(make_candidates(flow="payin", payment=payment)) <= 280
