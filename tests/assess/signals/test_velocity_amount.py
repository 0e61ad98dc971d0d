from typing import Any

from assess.signals.velocity_amount import SIGNAL
from assess.types import Facts
from tests.assess.signals.builders import judge, make_facts, make_history, make_payin, tell
from transactions.types import IdentityKind


def facts_of(**history: Any) -> Facts:
    """150,000 now, 150,000 earlier in the 24 hours; 100,000 on the greatest day."""
    given = {"sum_24h_minor": 150_000, "daily_peak_minor": 100_000, "closed_day_events": 8}
    return make_facts(histories=(make_history(IdentityKind.EMAIL, **(given | history)),))


def test_fires_above_three_times_the_greatest_day() -> None:
    assert judge(SIGNAL, facts_of()) is None
    assert tell(SIGNAL, facts_of(sum_24h_minor=150_001)) == (
        "MXN 3,000.01 in the last 24 hours, over MXN 3,000.00",
        "MXN 3,000.01 en las últimas 24 horas, más de MXN 3,000.00",
    )


def test_is_silent_below_eight_events_on_closed_days() -> None:
    assert judge(SIGNAL, facts_of(sum_24h_minor=10**9, closed_day_events=7)) is None


def test_is_silent_without_a_greatest_day() -> None:
    assert judge(SIGNAL, facts_of(sum_24h_minor=10**9, daily_peak_minor=0)) is None


def test_is_silent_without_history() -> None:
    assert judge(SIGNAL, make_facts()) is None


def test_a_configured_limit_needs_no_past() -> None:
    new = facts_of(closed_day_events=0, daily_peak_minor=0)
    assert judge(SIGNAL, new, limit_minor={"MXN": 300_000}) is None
    assert tell(SIGNAL, new, limit_minor={"MXN": 299_999})[0] == "MXN 3,000.00 in the last 24 hours, over MXN 2,999.99"


def test_a_limit_of_another_currency_does_not_count() -> None:
    assert judge(SIGNAL, facts_of(), limit_minor={"USD": 1}) is None


def test_the_lesser_of_the_two_limits_counts() -> None:
    facts = facts_of(sum_24h_minor=200_000)
    assert tell(SIGNAL, facts, limit_minor={"MXN": 10**9})[0].endswith("over MXN 3,000.00")
    assert tell(SIGNAL, facts, limit_minor={"MXN": 100_000})[0].endswith("over MXN 1,000.00")


def test_tells_the_greatest_sum_among_the_identities() -> None:
    histories = tuple(
        make_history(kind, sum_24h_minor=total) for kind, total in ((IdentityKind.EMAIL, 10), (IdentityKind.IP, 30))
    )
    facts = make_facts(make_payin(amount_minor=100), histories=histories)
    assert tell(SIGNAL, facts, limit_minor={"MXN": 50})[0] == "MXN 1.30 in the last 24 hours, over MXN 0.50"
