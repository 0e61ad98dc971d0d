"""A program instead of a person: its user agent says so, or its behaviour could not be anyone's (contract §7)."""

from assess.signals.base import BOTH, Count, Parameters, Signal
from assess.signals.user_agents import is_scripted
from assess.types import Behavior, Facts, Finding, Language


class BotPatternParameters(Parameters, frozen=True):
    """`keystrokes_per_second`: the most that a session may average; the fastest typists stay under 25."""

    keystrokes_per_second: Count = 50


def evaluate(facts: Facts, parameters: BotPatternParameters) -> Finding | None:
    """Fire with the field that gives the program away."""
    user_agent, behavior = facts.payment.device.user_agent, facts.payment.behavior
    if user_agent and is_scripted(user_agent):
        return Finding(values={"field": "device.user_agent"})
    if behavior and _is_impossible(behavior, parameters):
        return Finding(values={"field": "behavior"})
    return None


def _is_impossible(behavior: Behavior, parameters: BotPatternParameters) -> bool:
    """Tell whether there were events without time, or more keystrokes than fingers."""
    duration_ms = behavior.session_duration_ms
    if duration_ms is None:
        return False
    if duration_ms <= 0:
        return any((behavior.mouse_movements, behavior.keystrokes, behavior.copy_paste_events))
    return (behavior.keystrokes or 0) * 1000 > parameters.keystrokes_per_second * duration_ms


SIGNAL = Signal(
    code="bot_pattern",
    flows=BOTH,
    default_weight=25,
    meaning={
        Language.ENGLISH: "An automated client, or behaviour impossible for a person",
        Language.SPANISH: "Un cliente automatizado, o un comportamiento imposible para una persona",
    },
    descriptions={
        Language.ENGLISH: "Sign of automation in {field}",
        Language.SPANISH: "Señal de automatización en {field}",
    },
    parameters=BotPatternParameters,
    evaluate=evaluate,
)
