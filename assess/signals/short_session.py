"""A session too short for a person to have filled the form in (contract §7)."""

from assess.signals.base import BOTH, Count, Parameters, Signal
from assess.types import Facts, Finding, Language


class ShortSessionParameters(Parameters, frozen=True):
    """`minimum_ms`: the shortest session that is not short, in milliseconds."""

    minimum_ms: Count = 3_000


def evaluate(facts: Facts, parameters: ShortSessionParameters) -> Finding | None:
    """Fire with the session's length in seconds, cut to tenths."""
    behavior = facts.payment.behavior
    if behavior is None or behavior.session_duration_ms is None:
        return None
    if behavior.session_duration_ms >= parameters.minimum_ms:
        return None
    seconds, milliseconds = divmod(behavior.session_duration_ms, 1000)
    return Finding(values={"seconds": f"{seconds}.{milliseconds // 100}"})


SIGNAL = Signal(
    code="short_session",
    flows=BOTH,
    default_weight=8,
    meaning={
        Language.ENGLISH: "The session was too short for a person",
        Language.SPANISH: "La sesión fue demasiado corta para una persona",
    },
    descriptions={
        Language.ENGLISH: "The session lasted {seconds} s",
        Language.SPANISH: "La sesión duró {seconds} s",
    },
    parameters=ShortSessionParameters,
    evaluate=evaluate,
)
