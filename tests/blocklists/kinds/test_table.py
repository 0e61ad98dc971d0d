"""How the value of each list type is normalised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocklists.kinds.table import KINDS, compact, normalize
from blocklists.types import PAYOUT_TYPES, ListType
from core.identifiers.errors import InvalidIdentifier
from transactions.types import Flow

CANONICAL = [
    (ListType.EMAIL, " Fraudster@Example.COM ", "fraudster@example.com"),
    (ListType.EMAIL, "a@MÉXICO.example", "a@xn--mxico-bsa.example"),
    (ListType.EMAIL_DOMAIN, " Evil.COM.MX. ", "evil.com.mx"),
    (ListType.EMAIL_DOMAIN, "méxico.example", "xn--mxico-bsa.example"),
    (ListType.IP_ADDRESS, " ::ffff:203.0.113.9 ", "203.0.113.9"),
    (ListType.IP_ADDRESS, "2001:DB8:0:0::1", "2001:db8::1"),
    (ListType.IP_RANGE, "203.0.113.9/24", "203.0.113.0/24"),
    (ListType.IP_RANGE, "::ffff:203.0.113.9/120", "203.0.113.0/24"),
    (ListType.IP_RANGE, "2001:DB8::1/32", "2001:db8::/32"),
    (ListType.DEVICE_FINGERPRINT, " fp_AbC ", "fp_AbC"),
    (ListType.CARD_BIN, " 411111 ", "411111"),
    (ListType.CARD_BIN, "41111111", "41111111"),
    (ListType.CARD_HASH, " Sha256:Ab ", "Sha256:Ab"),
    (ListType.COUNTRY, " kp ", "KP"),
    (ListType.PHONE, "+52 (55) 1234-5678", "+525512345678"),
    (ListType.PHONE, "+5215512345678", "+525512345678"),
    (ListType.CUSTOMER_ID, " Cliente 7 ", "Cliente 7"),
    (ListType.CLABE, "012 180 00123456789-0", "012180001234567890"),
    (ListType.IBAN, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
    (ListType.IBAN, "GB00WEST12345698765432", "GB00WEST12345698765432"),
    (ListType.ACCOUNT_HASH, " H1 ", "H1"),
    (ListType.SWIFT_BIC, "bnmxmxmm", "BNMXMXMMXXX"),
    (ListType.SWIFT_BIC, "BNMXMXMMXXX", "BNMXMXMMXXX"),
    (ListType.SWIFT_BIC, "BNMXZZMM123", "BNMXZZMM123"),
    (ListType.BENEFICIARY_ID, " Ben-1 ", "Ben-1"),
]
REFUSED = [
    (ListType.EMAIL, "no-at-sign.example"),
    (ListType.EMAIL_DOMAIN, "com"),
    (ListType.EMAIL_DOMAIN, "com.mx"),
    (ListType.EMAIL_DOMAIN, "not a domain"),
    (ListType.IP_ADDRESS, "203.0.113.256"),
    (ListType.IP_ADDRESS, "203.0.113.0/24"),
    (ListType.IP_RANGE, "203.0.113.9"),
    (ListType.IP_RANGE, "203.0.113.0/33"),
    (ListType.DEVICE_FINGERPRINT, "x" * 321),
    (ListType.CARD_BIN, "41111"),
    (ListType.CARD_BIN, "411111111"),
    (ListType.CARD_HASH, "4111 1111 1111 1111"),
    (ListType.COUNTRY, "MEX"),
    (ListType.COUNTRY, "ZZ"),
    (ListType.PHONE, "5512345678"),
    (ListType.CUSTOMER_ID, "client\x07bell"),
    (ListType.CLABE, "01218000123456789"),
    (ListType.CLABE, "01218000123456789X"),
    (ListType.IBAN, "GB82WEST1234569876543"),
    (ListType.ACCOUNT_HASH, "two\u2028lines"),
    (ListType.SWIFT_BIC, "BNMXMXM"),
    (ListType.BENEFICIARY_ID, "x" * 321),
]
# Values near each type's own alphabet, so that many of them are accepted.
LIKELY = {
    ListType.EMAIL: st.emails(),
    ListType.EMAIL_DOMAIN: st.emails().map(lambda address: address.rpartition("@")[2]),
    ListType.IP_ADDRESS: st.ip_addresses().map(str),
    ListType.IP_RANGE: st.tuples(st.ip_addresses(v=4).map(str), st.integers(0, 32)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    ),
    ListType.CARD_BIN: st.text("0123456789 ", min_size=5, max_size=9),
    ListType.COUNTRY: st.text("abcdeMXUS ", min_size=2, max_size=3),
    ListType.PHONE: st.text("0123456789 -()", min_size=8, max_size=16).map(lambda text: f"+52{text}"),
    ListType.CLABE: st.text("0123456789 -", min_size=18, max_size=20),
    ListType.IBAN: st.text("0123456789 ", min_size=18, max_size=22).map(lambda text: f"de{text}"),
    ListType.SWIFT_BIC: st.text("abcdXYZ019 ", min_size=8, max_size=11),
}


def test_every_list_type_stands_in_the_table_in_the_contracts_order() -> None:
    assert list(KINDS) == list(ListType)


@pytest.mark.parametrize(("list_type", "value", "expected"), CANONICAL)
def test_a_value_is_stored_in_its_canonical_form(list_type: ListType, value: str, expected: str) -> None:
    assert normalize(list_type, value) == expected
    assert compact(list_type, value) == expected


def test_every_list_type_has_a_canonical_example_and_a_refused_one() -> None:
    assert {row[0] for row in CANONICAL} == {row[0] for row in REFUSED} == set(ListType)


@pytest.mark.parametrize(("list_type", "value"), REFUSED)
def test_a_value_of_the_wrong_shape_is_refused_without_being_repeated(list_type: ListType, value: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        normalize(list_type, value)
    # "com" is the one value so short that the explanation may use the same letters as an example.
    assert value in {"com", "com.mx"} or value not in str(refusal.value)


@pytest.mark.parametrize("list_type", ListType)
@pytest.mark.parametrize("value", ["", "   ", "\x00"])
def test_nothing_is_no_value_of_any_type(list_type: ListType, value: str) -> None:
    with pytest.raises(InvalidIdentifier):
        normalize(list_type, value)


@pytest.mark.parametrize("list_type", ListType)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_normalising_again_changes_nothing(list_type: ListType, data: st.DataObject) -> None:
    value = data.draw(LIKELY.get(list_type, st.text(max_size=40)) | st.text(max_size=40))
    try:
        canonical = normalize(list_type, value)
    except InvalidIdentifier:
        return
    assert normalize(list_type, canonical) == canonical
    assert compact(list_type, canonical) == canonical
    assert compact(list_type, value) == canonical


@pytest.mark.parametrize("list_type", ListType)
@settings(max_examples=50, deadline=None)
@given(value=st.text(max_size=400))
def test_the_lenient_form_never_fails(list_type: ListType, value: str) -> None:
    assert isinstance(compact(list_type, value), str)


def test_account_types_are_met_on_payouts_only_and_card_types_on_pay_ins_only() -> None:
    only_payouts = {list_type for list_type, kind in KINDS.items() if kind.flows == {Flow.PAYOUT}}
    only_payins = {list_type for list_type, kind in KINDS.items() if kind.flows == {Flow.PAYIN}}
    assert only_payouts == PAYOUT_TYPES
    assert only_payins == {ListType.CARD_BIN, ListType.CARD_HASH}
