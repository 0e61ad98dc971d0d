import pytest

from assess.signals.short_session import SIGNAL
from assess.types import Behavior, Facts
from tests.assess.signals.builders import judge, make_facts, make_payin, tell


def facts_of(duration_ms: int | None) -> Facts:
    return make_facts(make_payin(behavior=Behavior(session_duration_ms=duration_ms)))


@pytest.mark.parametrize(("duration_ms", "seconds"), [(2_999, "2.9"), (0, "0.0"), (1_050, "1.0")])
def test_fires_under_three_seconds(duration_ms: int, seconds: str) -> None:
    assert tell(SIGNAL, facts_of(duration_ms)) == (f"The session lasted {seconds} s", f"La sesión duró {seconds} s")


def test_is_silent_from_three_seconds_on() -> None:
    assert judge(SIGNAL, facts_of(3_000)) is None


def test_is_silent_without_a_duration() -> None:
    assert judge(SIGNAL, facts_of(None)) is None
    assert judge(SIGNAL, make_facts()) is None


def test_the_shortest_is_a_parameter() -> None:
    assert judge(SIGNAL, facts_of(4_999), minimum_ms=5_000) is not None
