"""The demo's rule."""

import pytest

from assess.models import Assessment, Rule, RuleHit
from clausum.demo.cast import CAST, Part
from tests.clausum.demo.test_seed import NOW, make

BANK, MERCHANT, _ = CAST


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", [BANK, MERCHANT], ids=["bank", "merchant"])
def test_a_rule_is_tried_on_the_weeks_payments_and_decides_none(part: Part) -> None:
    made = make(part)

    rule = Rule.unscoped.get(organization_id=made.id)
    hits = RuleHit.unscoped.filter(organization_id=made.id)
    assessed = Assessment.unscoped.filter(organization_id=made.id).count()
    assert (rule.state, rule.environment) == ("shadow", "sandbox")
    assert (rule.created_at, rule.updated_at) == (NOW, NOW)
    assert {(hit.rule_code, hit.is_shadow) for hit in hits} == {(rule.code, True)}
    assert 1 <= hits.count() <= assessed // 4
