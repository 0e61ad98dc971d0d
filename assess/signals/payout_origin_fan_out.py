"""One origin pays many accounts that are new to it within 24 hours (contract §7)."""

from assess.signals.base import PAYOUT, Count, Parameters, Signal
from assess.types import Facts, Finding, Language, Lookup, PairHistory
from transactions.types import IdentityKind


class FanOutParameters(Parameters, frozen=True):
    """`minimum_accounts`: from how many new accounts on, this payment's included."""

    minimum_accounts: Count = 10


def evaluate(facts: Facts, parameters: FanOutParameters) -> Finding | None:
    """Fire with the number of new accounts; a payment without an account adds none."""
    origin = facts.history(IdentityKind.ORIGIN)
    if origin is None:
        return None
    accounts = origin.new_counterparties_24h + _adds_one(facts.pair)
    return Finding(values={"accounts": accounts}) if accounts >= parameters.minimum_accounts else None


def _adds_one(pair: PairHistory | None) -> bool:
    """Tell whether the account is new and not among the counted yet."""
    return pair is not None and not pair.is_seen_earlier and not pair.is_seen_24h


SIGNAL = Signal(
    code="payout_origin_fan_out",
    flows=PAYOUT,
    default_weight=8,
    meaning={
        Language.ENGLISH: "One origin pays many accounts that are new to it within 24 hours",
        Language.SPANISH: "Un origen paga a muchas cuentas nuevas para él en 24 horas",
    },
    descriptions={
        Language.ENGLISH: "Accounts new to this origin within 24 hours: {accounts}",
        Language.SPANISH: "Cuentas nuevas para este origen en 24 horas: {accounts}",
    },
    parameters=FanOutParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY, Lookup.PAIR}),
)
