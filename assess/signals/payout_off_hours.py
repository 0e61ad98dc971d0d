"""A payout at an hour at which its origin hardly ever pays (contract §7)."""

from assess.signals.base import PAYOUT, Count, Parameters, Percent, Signal
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind


class OffHoursParameters(Parameters, frozen=True):
    """An hour with less than `share_percent` of the origin's events of 30 days, judged from `minimum_events` on."""

    share_percent: Percent = 1
    minimum_events: Count = 20


def evaluate(facts: Facts, parameters: OffHoursParameters) -> Finding | None:
    """Fire with the hour of the day, in the organization's time zone, and its events."""
    origin = facts.history(IdentityKind.ORIGIN)
    if origin is None or origin.events_30d < parameters.minimum_events:
        return None
    if 100 * origin.hour_events >= parameters.share_percent * origin.events_30d:
        return None
    hour = f"{facts.local_hour:02d}:00"
    return Finding(values={"hour": hour, "events": origin.hour_events, "total": origin.events_30d})


SIGNAL = Signal(
    code="payout_off_hours",
    flows=PAYOUT,
    default_weight=8,
    meaning={
        Language.ENGLISH: "An hour that holds almost none of the origin's events of the last 30 days",
        Language.SPANISH: "Una hora que casi no tiene operaciones del origen en los últimos 30 días",
    },
    descriptions={
        Language.ENGLISH: "{events} of the origin's {total} payouts of 30 days fell in the hour of {hour}",
        Language.SPANISH: "{events} de los {total} pagos del origen en 30 días cayeron en la hora de las {hour}",
    },
    parameters=OffHoursParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY}),
)
