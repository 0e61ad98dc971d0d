import json

from clausum.datasets.calls import make_call
from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.rows import Truth
from tests.clausum.datasets.rows import make_payin, make_row
from transactions.types import Flow

KEYS = {Flow.PAYOUT: "key-of-bank", Flow.PAYIN: "key-of-merchant"}


def test_a_payout_goes_to_its_endpoint_with_the_banks_key_at_its_own_time() -> None:
    call = make_call(row=make_row(label="1"), mapping=MAPPINGS["paysim"], keys=KEYS)

    assert call.path == "/api/v1/assess/payout"
    assert call.headers == {
        "Authorization": "Bearer key-of-bank",
        "Content-Type": "application/json",
        "Idempotency-Key": "01612dbcd1cea66cc448f37ce20866f5",
        "X-Clausum-As-Of": "2025-01-02T03:04:05Z",
    }
    assert json.loads(call.body)["payment_id"] == "01612dbcd1cea66cc448f37ce20866f5"
    assert (call.truth, call.amount_minor, call.currency) == (Truth.FRAUD, 1500, "MXN")


def test_a_pay_in_goes_to_its_endpoint_with_the_merchants_key() -> None:
    call = make_call(row=make_payin(), mapping=MAPPINGS["afd"], keys=KEYS)

    assert call.path == "/api/v1/assess"
    assert call.headers["Authorization"] == "Bearer key-of-merchant"


def test_the_amount_judged_is_the_files_own_where_another_is_sent() -> None:
    call = make_call(row=make_row(), mapping=MAPPINGS["amlsim"], keys=KEYS)

    assert json.loads(call.body)["amount"] == 100_000
    assert call.amount_minor == 1500


def test_the_payments_of_one_account_share_a_lane() -> None:
    calls = [
        make_call(
            row=make_row(event_id=str(number), source_account=f"acc-{number % 7}"),
            mapping=MAPPINGS["paysim"],
            keys=KEYS,
        )
        for number in range(70)
    ]

    lanes = {call.party: {other.choose_lane(4) for other in calls if other.party == call.party} for call in calls}

    assert all(len(chosen) == 1 for chosen in lanes.values())
    assert {lane for chosen in lanes.values() for lane in chosen} == {0, 1, 2, 3}


def test_without_an_account_the_customer_is_the_party() -> None:
    assert make_call(row=make_payin(), mapping=MAPPINGS["afd"], keys=KEYS).party == "cus-1"
