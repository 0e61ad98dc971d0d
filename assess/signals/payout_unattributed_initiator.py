"""A payout that no one in particular initiated (contract §7)."""

import unicodedata

from assess.signals.base import PAYOUT, Parameters, Signal
from assess.signals.data_files import load_lines
from assess.types import Facts, Finding, Language

_GENERIC = frozenset(load_lines("generic_initiators.txt"))


class UnattributedInitiatorParameters(Parameters, frozen=True):
    """`also_generic`: names of the organization's own that stand for nobody, besides the list's."""

    also_generic: tuple[str, ...] = ()


def evaluate(facts: Facts, parameters: UnattributedInitiatorParameters) -> Finding | None:
    """Fire when the initiator is missing or generic; a department's mailbox (ops, treasury) is someone's."""
    initiator = _fold(facts.payment.payout.initiated_by or "")
    is_generic = not initiator or initiator in _GENERIC or initiator in map(_fold, parameters.also_generic)
    return Finding() if is_generic else None


def _fold(initiator: str) -> str:
    """Return the letters and digits of a user name, or of what stands before the @, without a number at the end.

    `Admin-01`, `admin+mx@bank.example` and `ADMIN` are one; a number alone is an employee's and stays.
    """
    mailbox = initiator.strip().partition("@")[0]
    local = mailbox.partition("+")[0] or mailbox
    decomposed = unicodedata.normalize("NFKD", local.casefold())
    kept = "".join(character for character in decomposed if character.isalnum())
    return kept.rstrip("0123456789") or kept


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
)
