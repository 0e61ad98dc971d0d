import pytest

from assess.signals.high_velocity import SIGNAL
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityKind

PAYER = [IdentityKind.EMAIL, IdentityKind.IP, IdentityKind.DEVICE, IdentityKind.CUSTOMER, IdentityKind.CARD]


@pytest.mark.parametrize("kind", PAYER)
def test_fires_at_the_sixth_event_of_a_payer_within_the_hour(kind: IdentityKind) -> None:
    assert judge(SIGNAL, make_facts(histories=(make_history(kind, events_1h=4),))) is None
    assert tell(SIGNAL, make_facts(histories=(make_history(kind, events_1h=5),))) == (
        "6 transactions in the last hour",
        "6 operaciones en la última hora",
    )


def test_fires_at_the_eleventh_event_of_a_beneficiary() -> None:
    below, at = (
        make_facts(make_payout(), histories=(make_history(IdentityKind.BENEFICIARY, events_1h=n),)) for n in (9, 10)
    )
    assert judge(SIGNAL, below) is None
    assert tell(SIGNAL, at)[0] == "11 transactions in the last hour"


@pytest.mark.parametrize(("peak", "limit"), [(0, 20), (6, 20), (7, 21), (100, 300)])
def test_an_origin_may_have_twenty_or_three_times_its_own_peak(peak: int, limit: int) -> None:
    below, at = (
        make_facts(make_payout(), histories=(make_history(IdentityKind.ORIGIN, events_1h=n, hourly_peak=peak),))
        for n in (limit - 1, limit)
    )
    assert judge(SIGNAL, below) is None
    assert tell(SIGNAL, at)[0] == f"{limit + 1} transactions in the last hour"


def test_tells_the_greatest_count_of_those_over_their_limit() -> None:
    histories = (
        make_history(IdentityKind.EMAIL, events_1h=5),
        make_history(IdentityKind.IP, events_1h=8),
        make_history(IdentityKind.BENEFICIARY, events_1h=9),
    )
    assert tell(SIGNAL, make_facts(histories=histories))[0] == "9 transactions in the last hour"


def test_is_silent_without_history() -> None:
    assert judge(SIGNAL, make_facts()) is None


def test_the_limit_is_a_parameter() -> None:
    facts = make_facts(histories=(make_history(IdentityKind.EMAIL, events_1h=2),))
    assert judge(SIGNAL, facts, payer_limit=3) is None
    assert tell(SIGNAL, facts, payer_limit=2)[0] == "3 transactions in the last hour"
