import pytest

from assess.signals.no_mouse_movement import SIGNAL
from assess.types import Behavior, Device, Facts
from tests.assess.signals.builders import judge, make_facts, make_payin, tell

DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
TOUCH = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15",
    "okhttp/4.12.0",
    "BancaMovil/7.2 CFNetwork/1568.200.51 Darwin/24.1.0",
]


def facts_of(movements: int | None, user_agent: str | None = DESKTOP) -> Facts:
    return make_facts(make_payin(behavior=Behavior(mouse_movements=movements), device=Device(user_agent=user_agent)))


@pytest.mark.parametrize("user_agent", [DESKTOP, None])
def test_fires_at_zero_movements_without_a_touch_device(user_agent: str | None) -> None:
    assert tell(SIGNAL, facts_of(0, user_agent)) == (
        "0 mouse movements in the session",
        "0 movimientos del ratón en la sesión",
    )


def test_is_silent_at_one_movement() -> None:
    assert judge(SIGNAL, facts_of(1)) is None


@pytest.mark.parametrize("user_agent", TOUCH)
def test_is_silent_on_a_touch_device(user_agent: str) -> None:
    assert judge(SIGNAL, facts_of(0, user_agent)) is None


def test_is_silent_without_behaviour_or_movements() -> None:
    assert judge(SIGNAL, make_facts()) is None
    assert judge(SIGNAL, facts_of(None)) is None
