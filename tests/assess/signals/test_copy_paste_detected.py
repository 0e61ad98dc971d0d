from assess.signals.copy_paste_detected import SIGNAL
from assess.types import Behavior, Facts
from tests.assess.signals.builders import judge, make_facts, make_payin, tell


def facts_of(pastes: int | None) -> Facts:
    return make_facts(make_payin(behavior=Behavior(copy_paste_events=pastes)))


def test_fires_at_two_pastes() -> None:
    assert judge(SIGNAL, facts_of(1)) is None
    assert tell(SIGNAL, facts_of(2)) == ("Copy and paste in the session: 2", "Copiar y pegar en la sesión: 2")


def test_is_silent_when_pastes_were_not_counted() -> None:
    assert judge(SIGNAL, facts_of(None)) is None
    assert judge(SIGNAL, make_facts()) is None


def test_the_least_number_is_a_parameter() -> None:
    assert judge(SIGNAL, facts_of(1), minimum_events=1) is not None
    assert judge(SIGNAL, facts_of(2), minimum_events=3) is None
