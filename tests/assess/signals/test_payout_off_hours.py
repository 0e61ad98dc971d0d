import pytest

from assess.signals.payout_off_hours import SIGNAL
from assess.types import Facts
from tests.assess.signals.builders import judge, make_facts, make_history, make_payout, tell
from transactions.types import IdentityKind


def facts_of(hour_events: int, events_30d: int, kind: IdentityKind = IdentityKind.ORIGIN) -> Facts:
    history = make_history(kind, hour_events=hour_events, events_30d=events_30d)
    return make_facts(make_payout(), local_hour=3, histories=(history,))


def test_fires_under_one_percent_of_the_origins_events() -> None:
    assert judge(SIGNAL, facts_of(4, 400)) is None
    assert tell(SIGNAL, facts_of(3, 400)) == (
        "3 of the origin's 400 payouts of 30 days fell in the hour of 03:00",
        "3 de los 400 pagos del origen en 30 días cayeron en la hora de las 03:00",
    )


@pytest.mark.parametrize(("events", "fires"), [(19, False), (20, True)])
def test_is_judged_from_twenty_events_on(events: int, fires: bool) -> None:
    assert (judge(SIGNAL, facts_of(0, events)) is not None) == fires


def test_is_silent_without_the_origins_history() -> None:
    assert judge(SIGNAL, facts_of(0, 400, IdentityKind.BENEFICIARY)) is None
    assert judge(SIGNAL, make_facts(make_payout())) is None


def test_share_and_events_are_parameters() -> None:
    assert judge(SIGNAL, facts_of(4, 100), share_percent=5) is not None
    assert judge(SIGNAL, facts_of(0, 400), minimum_events=401) is None
