"""Another version of the policy comes into force, whole or not at all."""

from typing import Any

import pytest

from accounts.models import Membership
from accounts.types import Role
from assess.models import AssessmentPolicy
from assess.policy import PolicyInvalid, encode_policy
from assess.services.publish_policy import MAXIMUM_REASON_LENGTH, NothingToPublish, PolicyMoved, publish_policy
from core.clock import read_clock
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.assess.test_custom_rules import make_rule
from tests.factories.accounts import make_actor, make_member, make_organization
from tests.factories.policies import current_policy, publish_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization(), role=Role.ADMIN)


def publish(member: Membership, document: object, *, base: int = 1, reason: str = "más estricto", **fields: Any) -> Any:
    with unit_of_work():
        return publish_policy(
            actor=make_actor(member), document=document, base_version=base, reason=reason, now=read_clock(), **fields
        )


def make_stricter(member: Membership) -> dict[str, Any]:
    document = encode_policy(current_policy(member))
    document["payout"]["bands"]["review"] = 20
    return document


def test_the_next_version_is_in_force_and_told_with_before_and_after(admin: Membership) -> None:
    other = make_member(organization=admin.organization)
    policy = publish(admin, make_stricter(admin), approved_by=other.user_id)
    assert (policy.version, policy.payout.bands.review) == (2, 20)
    assert current_policy(admin) == policy
    row = AssessmentPolicy.unscoped.get(version=2)
    assert (row.reason, row.published_by_id, row.approved_by_id) == ("más estricto", admin.user_id, other.user_id)
    event = Event.unscoped.get(kind="policy.published")
    assert event.payload == {
        "version": 2,
        "approved_by": str(other.user_id),
        "before": {"payout.bands.review": 30},
        "after": {"payout.bands.review": 20},
    }
    assert EventPersonalData.unscoped.get(event_id=event.id).data == {"reason": "más estricto"}


def test_what_a_rule_says_is_kept_where_it_can_be_erased(admin: Membership) -> None:
    rule = make_rule(condition="beneficiary.clabe == '646180111800000004'", name="La de Ana")
    publish(admin, encode_policy(current_policy(admin)) | {"rules": [rule]})
    event = Event.unscoped.get(kind="policy.published")
    assert event.payload == {"version": 2, "approved_by": None}
    data = EventPersonalData.unscoped.get(event_id=event.id).data
    assert data["after"]["rules.0000000a"]["condition"] == "beneficiary.clabe == '646180111800000004'"


@pytest.mark.parametrize("reason", ["", "   ", "x" * (MAXIMUM_REASON_LENGTH + 1), "a\x00b"])
def test_without_a_reason_nothing_is_published(admin: Membership, reason: str) -> None:
    with pytest.raises(ValidationFailed):
        publish(admin, make_stricter(admin), reason=reason)
    assert current_policy(admin).version == 1
    assert not Event.unscoped.filter(kind="policy.published").exists()


def test_a_policy_that_stands_on_an_older_one_is_refused(admin: Membership) -> None:
    document = make_stricter(admin)
    publish_change(admin, "payin", "bands", review=25)
    with pytest.raises(PolicyMoved) as refusal:
        publish(admin, document)
    assert refusal.value.details == {"version": 2}
    assert current_policy(admin).payout.bands.review == 30


def test_the_policy_in_force_is_not_published_again(admin: Membership) -> None:
    with pytest.raises(NothingToPublish):
        publish(admin, encode_policy(current_policy(admin)))
    assert AssessmentPolicy.unscoped.count() == 1


def test_a_document_that_is_no_policy_is_refused(admin: Membership) -> None:
    with pytest.raises(PolicyInvalid):
        publish(admin, make_stricter(admin) | {"payin": {}})
    assert AssessmentPolicy.unscoped.count() == 1


def test_another_organizations_policy_stays_as_it_is(admin: Membership) -> None:
    stranger = make_member(organization=make_organization())
    publish(admin, make_stricter(admin))
    assert current_policy(stranger).payout.bands.review == 30
    assert current_policy(stranger).version == 1


def test_a_published_version_is_never_changed(admin: Membership) -> None:
    publish(admin, make_stricter(admin))
    with pytest.raises(Exception, match="never changed"):
        AssessmentPolicy.unscoped.filter(version=2).update(reason="otra")
