"""Several payouts just under a limit within 24 hours (contract §7)."""

import msgspec

from assess.signals.base import PAYOUT, AmountMinor, Count, Parameters, Percent, Signal
from assess.types import Facts, Finding, Language, Lookup, Money
from transactions.types import IdentityHistory


class StructuringParameters(Parameters, frozen=True):
    """`limits_minor`: currency → limits, in minor units. Near is from `near_percent` of one up to just under it."""

    limits_minor: dict[str, tuple[AmountMinor, ...]] = msgspec.field(
        default_factory=lambda: {"MXN": (5_000_000,), "USD": (1_000_000,)}
    )
    near_percent: Percent = 90
    minimum_payouts: Count = 3


def bands(parameters: StructuringParameters, currency: str) -> tuple[tuple[int, int], ...]:
    """Return the least and the greatest amount near each limit of the currency, both included, in minor units.

    Gather counts history in these bands and names them in the facts, in the same order.
    """
    limits = parameters.limits_minor.get(currency, ())
    return tuple((-(-limit * parameters.near_percent // 100), limit - 1) for limit in limits)


def evaluate(facts: Facts, parameters: StructuringParameters) -> Finding | None:
    """Fire with the greatest count of one origin or account near one limit, this payment included if it is.

    Silent when the facts were counted in other bands than the policy's: they cannot be judged by it.
    """
    currency = facts.payment.currency
    limits = parameters.limits_minor.get(currency)
    if not limits or facts.near_limit_bands != bands(parameters, currency):
        return None
    counted = [
        (events, -place)
        for history in facts.histories
        for place, events in enumerate(_count_with_this(history, facts))
        if events >= parameters.minimum_payouts
    ]
    if not counted:
        return None
    count, place = max(counted)
    return Finding(values={"count": count, "limit": Money(limits[-place], currency)})


def _count_with_this(history: IdentityHistory, facts: Facts) -> list[int]:
    amount = facts.payment.amount_minor
    counted = history.near_limit_24h or (0,) * len(facts.near_limit_bands)
    return [
        events + (lowest <= amount <= highest)
        for events, (lowest, highest) in zip(counted, facts.near_limit_bands, strict=True)
    ]


SIGNAL = Signal(
    code="payout_structuring",
    flows=PAYOUT,
    default_weight=25,
    meaning={
        Language.ENGLISH: "Several payouts of one origin or to one account just under a limit within 24 hours",
        Language.SPANISH: "Varios pagos de un origen o a una cuenta justo debajo de un límite en 24 horas",
    },
    descriptions={
        Language.ENGLISH: "{count} payouts just under {limit} within 24 hours",
        Language.SPANISH: "{count} pagos justo debajo de {limit} en 24 horas",
    },
    parameters=StructuringParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY}),
)
