"""The side bar's table."""

import re

import pytest

from accounts.types import Role
from clausum.web.navigation import NAVIGATION
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as


def test_a_letter_leads_to_one_page_and_leaves_the_account_its_own() -> None:
    letters = [leaf.letter for part in NAVIGATION for leaf in part.leaves if leaf.letter]
    assert len(letters) == len(set(letters))
    assert "u" not in letters
    assert "".join(letters).isalpha()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/dashboard/simulation", [("Un pago", "page")]),
        ("/dashboard/simulation/backtests", [("Backtest", "page")]),
        ("/dashboard/simulation/backtests/new", [("Backtest", "true")]),
        ("/dashboard/protection/blocklists/imports", [("Listas", "true")]),
        ("/dashboard/palette", []),
    ],
)
def test_a_page_belongs_to_one_part(path: str, current: list[tuple[str, str]]) -> None:
    member = make_member(organization=make_organization(), role=Role.ADMIN)
    page = sign_in_as(member).get(path).content.decode()
    bar = page.partition('<ul class="navigation">')[2].partition("</nav>")[0]
    found = re.findall(r'aria-current="(\w+)".*?navigation__label">([^<]*)<', bar, re.DOTALL)
    assert [(label, word) for word, label in found] == current
