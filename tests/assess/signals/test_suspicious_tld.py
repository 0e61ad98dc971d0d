import pytest

from assess.signals.suspicious_tld import SIGNAL
from core.data_files import load_rows
from feeds.builtin.lists import DATA
from tests.assess.signals.builders import judge, make_facts, make_payin, tell


@pytest.mark.parametrize("tld", ["xyz", "top", "click"])
def test_fires_for_the_contracts_examples(tld: str) -> None:
    assert tell(SIGNAL, make_facts(make_payin(email=f"ana@shop.example.{tld}"))) == (
        f"Email under the top-level domain .{tld}",
        f"Correo bajo el dominio de nivel superior .{tld}",
    )


@pytest.mark.parametrize("email", [None, "ana@example.com", "ana@xyz.com.mx", "ana@top.mx", "ana@xyz"])
def test_is_silent_for_others_and_for_none(email: str | None) -> None:
    assert judge(SIGNAL, make_facts(make_payin(email=email))) is None


def test_every_entry_says_where_and_when_it_is_from() -> None:
    rows = load_rows(DATA / "suspicious_tlds.csv")
    assert len({row["tld"] for row in rows}) == len(rows)
    assert all(row["source"] and row["as_of"] >= "2016-01" for row in rows)
