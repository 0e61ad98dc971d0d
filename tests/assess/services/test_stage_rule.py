"""A rule is brought to its stage as it was read and measured."""

import pytest

from accounts.models import Membership
from assess.custom_rules import RuleStage
from assess.models import PolicyDraft
from assess.rule_queries import read_facts
from assess.services.rules import RuleChanged, change_rule
from assess.services.stage_rule import prepare_stage, propose_stage, require_revision
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from tests.factories.accounts import make_actor, make_member, make_organization
from tests.factories.policies import current_policy, make_new_rule, make_rule_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization())


def test_another_revision_than_the_one_that_was_read_is_refused(admin: Membership) -> None:
    rule = read_facts(make_rule_row(admin))
    require_revision(rule, 1)
    with pytest.raises(RuleChanged) as refusal:
        require_revision(rule, 2)
    assert refusal.value.details == {"revision": 1}


def test_a_rule_that_is_rewritten_while_it_is_measured_is_published_as_it_was_read(admin: Membership) -> None:
    row, actor, now = make_rule_row(admin, condition="payment.amount > 7"), make_actor(admin), read_clock()
    with unit_of_work():
        prepared = prepare_stage(actor=actor, rule=read_facts(row), stage=RuleStage.ACTIVE, now=now)
        wanted = make_new_rule(condition="payment.amount > 1")
        change_rule(actor=actor, rule_id=row.id, rule=wanted, revision=1, now=now)
    with unit_of_work():
        propose_stage(actor=actor, prepared=prepared, title="Activa", reason="lo que leí", now=now)
    row.refresh_from_db()
    assert [(each.condition, each.revision) for each in current_policy(admin).rules] == [("payment.amount > 7", 1)]
    assert (row.revision, row.published_revision, PolicyDraft.unscoped.get().state) == (2, 1, "published")
