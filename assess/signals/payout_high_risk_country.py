"""A beneficiary in a country on a dated risk list (contract §7)."""

from assess.signals.base import PAYOUT, Parameters, Signal
from assess.signals.data_files import load_rows
from assess.types import Facts, Finding, Language

_ROWS = load_rows("risk_countries.csv")
COUNTRIES = {row["list"]: frozenset(row["iso2"].split()) for row in _ROWS}
AS_OF = {row["list"]: row["as_of"] for row in _ROWS}
"""The day from which each list's countries are in force."""


class HighRiskCountryParameters(Parameters, frozen=True):
    """`lists`: which lists count, in the order in which a country is looked for. Default: the three of the FATF."""

    lists: tuple[str, ...] = (
        "fatf_call_for_action_countermeasures",
        "fatf_call_for_action_enhanced",
        "fatf_increased_monitoring",
    )

    def __post_init__(self) -> None:
        """Raise ValueError for a list that is not there."""
        super().__post_init__()
        if not COUNTRIES.keys() >= set(self.lists):
            raise ValueError("lists names a list that does not exist")


def evaluate(facts: Facts, parameters: HighRiskCountryParameters) -> Finding | None:
    """Fire with the first of the lists that holds one of the beneficiary's countries."""
    party = facts.payment.beneficiary
    if party is None:
        return None
    for name in parameters.lists:
        for country in party.countries:
            if country in COUNTRIES[name]:
                return Finding(values={"country": country, "list": name, "as_of": AS_OF[name]})
    return None


SIGNAL = Signal(
    code="payout_high_risk_country",
    flows=PAYOUT,
    default_weight=35,
    meaning={
        Language.ENGLISH: "A country of the beneficiary is on a dated risk list",
        Language.SPANISH: "Un país del beneficiario está en una lista de riesgo con fecha",
    },
    descriptions={
        Language.ENGLISH: "Beneficiary in {country}: list {list} of {as_of}",
        Language.SPANISH: "Beneficiario en {country}: lista {list} del {as_of}",
    },
    parameters=HighRiskCountryParameters,
    evaluate=evaluate,
)
