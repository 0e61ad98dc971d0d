"""What a rule's page says of its cost."""

import re

import pytest

from accounts.types import Role
from tests.assess.conftest import Caller
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as
from tests.factories.policies import make_rule_row

pytestmark = pytest.mark.django_db


def _read(bank: Caller, condition: str) -> list[str]:
    """Return the words of the page's list of figures, in their order."""
    member = make_member(organization=bank.organization, role=Role.ADMIN)
    rule = make_rule_row(member, flow="payout", condition=condition)
    answer = sign_in_as(member).get(f"/dashboard/protection/rules/{rule.id}")
    assert answer.status_code == 200
    figures = answer.content.decode().rpartition('<dl class="definitions">')[2].partition("</dl>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", item).split()) for item in re.split("<d[td]>", figures)[1:]]


def test_the_page_says_what_the_rule_costs_and_how_often_it_could_not_be_said(bank: Caller, stranger: Caller) -> None:
    bank.payout(metadata={"vip": 1})
    bank.payout()
    bank.payin()
    stranger.payout()
    words = _read(bank, "metadata.vip == 1")
    cost = words[words.index("Costo por pago") + 1]
    found = re.fullmatch(r"(\d+\.\d) µs medido ahora en los 2 pagos más recientes", cost)
    assert found is not None
    assert 0 < float(found[1]) < 10_000
    assert words[words.index("No se pudo evaluar") + 1] == "1 de 2"


def test_without_a_payment_of_its_flow_nothing_is_said_of_cost(bank: Caller, stranger: Caller) -> None:
    bank.payin()
    stranger.payout()
    assert "Costo por pago" not in _read(bank, "payment.amount > 1")
