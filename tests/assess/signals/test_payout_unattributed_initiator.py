import pytest

from assess.signals.payout_unattributed_initiator import SIGNAL
from assess.types import Facts, PayoutDetails
from core.data_files import load_lines
from feeds.builtin.lists import DATA
from tests.assess.signals.builders import judge, make_facts, make_payout, tell


def facts_of(initiated_by: str | None) -> Facts:
    return make_facts(make_payout(payout=PayoutDetails(initiated_by=initiated_by)))


@pytest.mark.parametrize(
    "initiator",
    [
        None, "", "  ", "-", "admin", "ADMIN", "Admin-01", "admin@bank.example", "admin+mx@bank.example", "system",
        "no-reply@bank.example", "noreply", "test.user", "root", "Sistema", "usuario2", "n/a", "anónimo", "API",
    ],
)  # fmt: skip
def test_fires_when_nobody_in_particular_is_named(initiator: str | None) -> None:
    assert tell(SIGNAL, facts_of(initiator)) == (
        "No person is named as the initiator",
        "No se nombra a una persona como iniciador",
    )


@pytest.mark.parametrize(
    "initiator",
    [
        "maria.lopez", "maria.lopez@bank.example", "ops@bank.com", "treasury@empresa.com", "00123", "jadmin", "u-4711",
        "Ana Root López", "+525512345678", "testa.rossa@bank.example",
    ],
)  # fmt: skip
def test_is_silent_for_people_departments_and_employee_numbers(initiator: str) -> None:
    assert judge(SIGNAL, facts_of(initiator)) is None


def test_an_organization_adds_its_own_names() -> None:
    assert judge(SIGNAL, facts_of("ops@bank.com"), also_generic=("Ops",)) is not None
    assert judge(SIGNAL, facts_of("opsi@bank.com"), also_generic=("Ops",)) is None


def test_the_list_is_written_as_initiators_are_folded() -> None:
    lines = load_lines(DATA / "generic_initiators.txt")
    assert [line for line in lines if not line.isalnum() or not line.isascii() or line != line.lower()] == []
    assert [line for line in lines if judge(SIGNAL, facts_of(line)) is None] == []
