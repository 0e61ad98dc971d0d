from datetime import UTC, datetime, timedelta

import pytest

from clausum.datasets.rows import PAY_IN, PAYOUT
from clausum.demo.payments import read_sample
from transactions.types import Flow

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row_kind", "flow", "count"), [(PAYOUT, Flow.PAYOUT, 377), (PAY_IN, Flow.PAYIN, 121)], ids=["payouts", "pay-ins"]
)
def test_the_sample_of_one_kind_ends_within_the_last_day(row_kind: str, flow: Flow, count: int) -> None:
    dated = read_sample(row_kind=row_kind, now=NOW)

    assert len(dated) == count
    assert {item.payment.flow for item in dated} == {flow}
    assert NOW - timedelta(days=1) < dated[-1].at <= NOW
    assert dated == sorted(dated, key=lambda item: item.at)


def test_payments_keep_their_time_of_the_day() -> None:
    today, later = (read_sample(row_kind=PAYOUT, now=NOW + timedelta(days=days)) for days in (0, 3))

    assert {after.at - before.at for before, after in zip(today, later, strict=True)} == {timedelta(days=3)}
    assert today[0].at.time() == later[0].at.time()


def test_a_payout_is_read_as_the_api_would_read_it() -> None:
    first = read_sample(row_kind=PAYOUT, now=NOW)[0].payment

    assert first.beneficiary is not None
    assert (first.origin.account_id, first.origin.country) == ("acc-e02", "MX")
    assert first.beneficiary.countries == ("MX",)
    assert (first.payout.channel, first.payout.rail) == ("spei", "spei")
    assert first.payout.initiated_by == "tesoreria.e02@example.com"
