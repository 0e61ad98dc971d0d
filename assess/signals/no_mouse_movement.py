"""A form filled in without moving the mouse, on a device that has one (contract §7)."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.user_agents import is_touch
from assess.types import Facts, Finding, Language


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire at zero movements, unless the user agent is of a touch device; one not given is none."""
    behavior = facts.payment.behavior
    if behavior is None or behavior.mouse_movements != 0:
        return None
    return None if is_touch(facts.payment.device.user_agent or "") else Finding()


SIGNAL = Signal(
    code="no_mouse_movement",
    flows=BOTH,
    default_weight=8,
    meaning={
        Language.ENGLISH: "No mouse movement, and no touch device",
        Language.SPANISH: "Sin movimiento del ratón y sin dispositivo táctil",
    },
    descriptions={
        Language.ENGLISH: "0 mouse movements in the session",
        Language.SPANISH: "0 movimientos del ratón en la sesión",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
