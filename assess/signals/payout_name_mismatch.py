"""An account that was paid under a clearly different name (contract §7)."""

from assess.signals.base import PAYOUT, Parameters, Percent, Signal
from assess.signals.name_similarity import compare_names
from assess.types import Facts, Finding, Language, Lookup
from transactions.names import fold_name


class NameMismatchParameters(Parameters, frozen=True):
    """`similarity_percent`: names less alike than this are clearly different."""

    similarity_percent: Percent = 60


def evaluate(facts: Facts, parameters: NameMismatchParameters) -> Finding | None:
    """Fire with the similarity to the most alike of the earlier names; the names themselves stay out."""
    party = facts.payment.beneficiary
    if party is None or not party.name or not facts.earlier_names:
        return None
    name = fold_name(party.name)
    if not name or name in facts.earlier_names:
        return None
    similarity = max(compare_names(name=name, other=earlier) for earlier in facts.earlier_names)
    return Finding(values={"similarity": similarity}) if similarity < parameters.similarity_percent else None


SIGNAL = Signal(
    code="payout_name_mismatch",
    flows=PAYOUT,
    default_weight=20,
    meaning={
        Language.ENGLISH: "The same account was seen under a clearly different beneficiary name",
        Language.SPANISH: "La misma cuenta se vio con un nombre de beneficiario claramente distinto",
    },
    descriptions={
        Language.ENGLISH: "The account was paid under another name before ({similarity} % alike)",
        Language.SPANISH: "La cuenta se pagó antes con otro nombre ({similarity} % de parecido)",
    },
    parameters=NameMismatchParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.NAMES}),
)
