"""Data pasted into the form instead of typed (contract §7)."""

from assess.signals.base import BOTH, Count, Parameters, Signal
from assess.types import Facts, Finding, Language


class CopyPasteParameters(Parameters, frozen=True):
    """`minimum_events`: from how many pastes on."""

    minimum_events: Count = 2


def evaluate(facts: Facts, parameters: CopyPasteParameters) -> Finding | None:
    """Fire with the number of pastes."""
    behavior = facts.payment.behavior
    pastes = behavior.copy_paste_events if behavior else None
    if pastes is None or pastes < parameters.minimum_events:
        return None
    return Finding(values={"pastes": pastes})


SIGNAL = Signal(
    code="copy_paste_detected",
    flows=BOTH,
    default_weight=6,
    meaning={
        Language.ENGLISH: "Data was pasted into the form",
        Language.SPANISH: "Se pegaron datos en el formulario",
    },
    descriptions={
        Language.ENGLISH: "Copy and paste in the session: {pastes}",
        Language.SPANISH: "Copiar y pegar en la sesión: {pastes}",
    },
    parameters=CopyPasteParameters,
    evaluate=evaluate,
)
