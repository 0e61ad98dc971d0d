"""An address under a top-level domain that abuse prefers (contract §7)."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.data_files import load_rows
from assess.signals.email_domains import list_domains
from assess.types import Facts, Finding, Language

_SUSPICIOUS = frozenset(row["tld"] for row in load_rows("suspicious_tlds.csv"))


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the top-level domain."""
    domains = list_domains(facts.payment)
    tld = domains[0].rpartition(".")[2] if domains else ""
    return Finding(values={"tld": tld}) if tld in _SUSPICIOUS else None


SIGNAL = Signal(
    code="suspicious_tld",
    flows=BOTH,
    default_weight=10,
    meaning={
        Language.ENGLISH: "The e-mail is under a top-level domain that abuse prefers",
        Language.SPANISH: "El correo está bajo un dominio de nivel superior preferido para abusos",
    },
    descriptions={
        Language.ENGLISH: "Email under the top-level domain .{tld}",
        Language.SPANISH: "Correo bajo el dominio de nivel superior .{tld}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
