"""Many origins pay one account within 24 hours: the pattern of a mule (contract §7)."""

from assess.signals.base import PAYOUT, Count, Parameters, Signal
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind


class FanInParameters(Parameters, frozen=True):
    """`minimum_origins`: from how many distinct origins on, this payment's included."""

    minimum_origins: Count = 10


def evaluate(facts: Facts, parameters: FanInParameters) -> Finding | None:
    """Fire with the number of origins; a payment without an origin adds none."""
    account = facts.history(IdentityKind.BENEFICIARY)
    if account is None:
        return None
    is_new = facts.pair is not None and not facts.pair.is_seen_24h
    origins = account.counterparties_24h + is_new
    return Finding(values={"origins": origins}) if origins >= parameters.minimum_origins else None


SIGNAL = Signal(
    code="payout_beneficiary_fan_in",
    flows=PAYOUT,
    default_weight=30,
    meaning={
        Language.ENGLISH: "Many distinct origins pay one account within 24 hours (mule pattern)",
        Language.SPANISH: "Muchos orígenes distintos pagan a una cuenta en 24 horas (patrón de mula)",
    },
    descriptions={
        Language.ENGLISH: "Origins that pay this account within 24 hours: {origins}",
        Language.SPANISH: "Orígenes que pagan a esta cuenta en 24 horas: {origins}",
    },
    parameters=FanInParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY, Lookup.PAIR}),
)
