"""What rules met is told of a bounded number of payments, and says of how many."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess import rule_queries
from assess.rule_queries import RuleRecord, share_hits, summarize_rules
from core.clock import read_clock
from core.environments import Environment
from tests.assess.conftest import Caller
from tests.factories.accounts import make_member, make_organization
from tests.factories.policies import make_rule_row, publish_rule

HITS = st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=6)


@given(HITS, st.integers(0, 100))
def test_no_more_is_read_than_is_allowed_and_nothing_is_left_unread_below_it(hits: dict[str, int], most: int) -> None:
    shares = share_hits(hits, most=most)
    assert shares.keys() == hits.keys()
    assert all(0 <= shares[code] <= hits[code] for code in hits)
    assert sum(shares.values()) == min(most, sum(hits.values()))
    cut = [shares[code] for code in hits if shares[code] < hits[code]]
    assert all(shares[code] <= min(cut) + 1 for code in hits if cut)


@pytest.mark.django_db
def test_money_is_of_the_latest_hits_of_each_and_the_record_says_of_how_many(
    bank: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_queries, "LATEST_HITS", 3)
    admin = make_member(organization=bank.organization)
    often, seldom = make_rule_row(admin), make_rule_row(admin, condition="payment.amount > 500")
    for row in (often, seldom):
        publish_rule(admin, row)
    for place, amount in enumerate((400, 300, 600, 200)):
        bank.payout(payment_id=f"p-{place}", amount=amount)
    asked: dict[str, Any] = {
        "codes": [often.code, seldom.code],
        "environment": Environment.SANDBOX,
        "now": read_clock(),
    }
    records = summarize_rules(organization_id=bank.organization.id, **asked)
    found = {code: (each.month, each.judged, each.is_cut, each.amounts) for code, each in records.items()}
    assert found == {often.code: (4, 2, True, {"MXN": 800}), seldom.code: (1, 1, False, {"MXN": 600})}
    strangers = summarize_rules(organization_id=make_organization().id, **asked)
    assert list(strangers.values()) == [RuleRecord(), RuleRecord()]
