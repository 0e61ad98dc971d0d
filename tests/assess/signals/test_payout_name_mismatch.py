import pytest

from assess.signals.payout_name_mismatch import SIGNAL
from assess.types import Beneficiary, Facts
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell


def facts_of(name: str | None, *earlier: str) -> Facts:
    return make_facts(make_payout(beneficiary=Beneficiary(name=name)), earlier_names=earlier)


def test_fires_for_a_clearly_different_name_and_tells_no_name() -> None:
    assert tell(SIGNAL, facts_of("Juan Ramírez", "juan perez")) == (
        "The account was paid under another name before (44 % alike)",
        "La cuenta se pagó antes con otro nombre (44 % de parecido)",
    )


def test_is_judged_by_the_most_alike_of_the_earlier_names() -> None:
    assert judge(SIGNAL, facts_of("Juan Pérez", "maria ruiz", "juan carlos perez lopez")) is None
    assert judge(SIGNAL, facts_of("Juan Pérez", "maria ruiz", "pedro sanchez")) is not None


@pytest.mark.parametrize(
    ("name", "earlier"), [("Proveedor Norte SA", "proveedor norte"), ("PEREZ LOPEZ JUAN", "juan perez lopez")]
)
def test_is_silent_for_another_writing_of_the_name(name: str, earlier: str) -> None:
    assert judge(SIGNAL, facts_of(name, earlier)) is None


@pytest.mark.parametrize("name", [None, "", "…"])
def test_is_silent_without_a_name(name: str | None) -> None:
    assert judge(SIGNAL, facts_of(name, "juan perez")) is None


def test_is_silent_without_earlier_names_or_a_beneficiary() -> None:
    assert judge(SIGNAL, facts_of("Juan Pérez")) is None
    assert judge(SIGNAL, make_facts(make_payin(), earlier_names=("juan perez",))) is None


def test_the_similarity_is_a_parameter() -> None:
    facts = facts_of("Juan Ramírez", "juan perez")
    assert judge(SIGNAL, facts, similarity_percent=44) is None
    assert judge(SIGNAL, facts, similarity_percent=45) is not None
