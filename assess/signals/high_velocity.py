"""Too many assessments of one identity within the hour, this one included (contract §7)."""

from assess.signals.base import BOTH, Count, Parameters, Signal
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityHistory, IdentityKind


class HighVelocityParameters(Parameters, frozen=True):
    """Events an hour that one identity may have. An origin may also have `origin_peak_factor` times its own peak."""

    payer_limit: Count = 5
    beneficiary_limit: Count = 10
    origin_limit: Count = 20
    origin_peak_factor: Count = 3


def evaluate(facts: Facts, parameters: HighVelocityParameters) -> Finding | None:
    """Fire with the greatest count among the identities over their limit."""
    counts = [
        history.events_1h + 1 for history in facts.histories if history.events_1h + 1 > _limit_of(history, parameters)
    ]
    return Finding(values={"count": max(counts)}) if counts else None


def _limit_of(history: IdentityHistory, parameters: HighVelocityParameters) -> int:
    match history.kind:
        case IdentityKind.ORIGIN:
            return max(parameters.origin_limit, parameters.origin_peak_factor * history.hourly_peak)
        case IdentityKind.BENEFICIARY:
            return parameters.beneficiary_limit
        case _:
            return parameters.payer_limit


SIGNAL = Signal(
    code="high_velocity",
    flows=BOTH,
    default_weight=35,
    meaning={
        Language.ENGLISH: "More assessments of one identity within the hour than its limit",
        Language.SPANISH: "Más evaluaciones de una misma identidad en la última hora que su límite",
    },
    descriptions={
        Language.ENGLISH: "{count} transactions in the last hour",
        Language.SPANISH: "{count} operaciones en la última hora",
    },
    parameters=HighVelocityParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY}),
)
