"""A payout that no one in particular initiated (contract §7)."""

from assess.signals.base import PAYOUT, Parameters, Signal
from assess.signals.feed_hits import list_feed_hits
from assess.types import Facts, Finding, Language, Lookup
from feeds.rules.initiators import fold_initiator
from feeds.types import FeedKind


class UnattributedInitiatorParameters(Parameters, frozen=True):
    """`also_generic`: names of the organization's own that stand for nobody, besides the lists'."""

    also_generic: tuple[str, ...] = ()


def evaluate(facts: Facts, parameters: UnattributedInitiatorParameters) -> Finding | None:
    """Fire when the initiator is missing or generic; a department's mailbox (ops, treasury) is someone's."""
    initiator = fold_initiator(facts.payment.payout.initiated_by or "")
    if not initiator or initiator in map(fold_initiator, parameters.also_generic):
        return Finding()
    return Finding() if list_feed_hits(facts, FeedKind.GENERIC_INITIATOR) else None


SIGNAL = Signal(
    code="payout_unattributed_initiator",
    flows=PAYOUT,
    default_weight=10,
    meaning={
        Language.ENGLISH: "Who initiated the payout is missing or generic (admin, system, test, …)",
        Language.SPANISH: "Falta quién inició el pago o es genérico (admin, sistema, prueba, …)",
    },
    descriptions={
        Language.ENGLISH: "No person is named as the initiator",
        Language.SPANISH: "No se nombra a una persona como iniciador",
    },
    parameters=UnattributedInitiatorParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.FEEDS}),
    judges_without_needs=True,
)
