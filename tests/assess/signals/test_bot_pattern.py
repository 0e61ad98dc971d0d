from typing import Any

import pytest

from assess.signals.bot_pattern import SIGNAL
from assess.types import Behavior, Device, Facts
from tests.assess.signals.builders import judge, make_facts, make_payin, tell

SCRIPTED = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Unknown; Linux) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    "python-requests/2.32.3",
    "Python-urllib/3.12",
    "curl/8.5.0",
    "Go-http-client/1.1",
    "Java/21.0.2",
    "axios/1.7.7",
    "PostmanRuntime/7.42.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]
HUMAN = [
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "okhttp/4.12.0",
    "BancaMovil/7.2 CFNetwork/1568.200.51 Darwin/24.1.0",
    None,
]


def facts_of(**behavior: Any) -> Facts:
    return make_facts(make_payin(behavior=Behavior(**behavior)))


@pytest.mark.parametrize("user_agent", SCRIPTED)
def test_fires_for_a_program(user_agent: str) -> None:
    assert tell(SIGNAL, make_facts(make_payin(device=Device(user_agent=user_agent)))) == (
        "Sign of automation in device.user_agent",
        "Señal de automatización en device.user_agent",
    )


@pytest.mark.parametrize("user_agent", HUMAN)
def test_is_silent_for_browsers_phones_and_none(user_agent: str | None) -> None:
    assert judge(SIGNAL, make_facts(make_payin(device=Device(user_agent=user_agent)))) is None


@pytest.mark.parametrize("count", ["keystrokes", "mouse_movements", "copy_paste_events"])
def test_fires_for_events_without_time(count: str) -> None:
    assert tell(SIGNAL, facts_of(session_duration_ms=0, **{count: 1})) == (
        "Sign of automation in behavior",
        "Señal de automatización en behavior",
    )
    assert judge(SIGNAL, facts_of(session_duration_ms=0, **{count: 0})) is None


def test_fires_above_fifty_keystrokes_a_second() -> None:
    assert judge(SIGNAL, facts_of(session_duration_ms=2_000, keystrokes=100)) is None
    assert judge(SIGNAL, facts_of(session_duration_ms=2_000, keystrokes=101)) is not None
    assert judge(SIGNAL, facts_of(session_duration_ms=2_000, keystrokes=101), keystrokes_per_second=51) is None


def test_is_silent_when_the_duration_is_not_given() -> None:
    assert judge(SIGNAL, facts_of(keystrokes=10_000, mouse_movements=0)) is None


def test_is_silent_for_the_contracts_sample_behaviour() -> None:
    assert judge(SIGNAL, facts_of(session_duration_ms=18_230, mouse_movements=142, copy_paste_events=0)) is None
