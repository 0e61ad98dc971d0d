"""The organization's own settings."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Membership, Organization
from accounts.services.change_organization import LockedOut, OrganizationChanged, change_organization
from accounts.types import FailPolicy, Language
from core.actor import Actor, ActorKind
from core.environments import Environment
from core.errors import NotFound, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.factories.accounts import make_member, make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HERE = "203.0.113.9"


@pytest.fixture
def member() -> Membership:
    return make_member(organization=make_organization(name="Banco Uno"))


def _actor(member: Membership) -> Actor:
    return Actor(
        organization_id=member.organization_id,
        environment=Environment.PRODUCTION,
        kind=ActorKind.USER,
        id=member.user_id,
        name="admin",
    )


def _change(member: Membership, *, revision: int = 0, address: str = HERE, **changes: Any) -> Organization:
    with unit_of_work():
        return change_organization(actor=_actor(member), revision=revision, address=address, now=NOW, **changes)


def _stored(member: Membership) -> dict[str, Any]:
    row: dict[str, Any] = Organization.objects.filter(pk=member.organization_id).values().get()  # type: ignore[assignment]
    return row


def test_what_is_given_is_set_and_told_with_before_and_after(member: Membership) -> None:
    bystander = make_member(organization=make_organization())
    before, others = _stored(member), _stored(bystander)
    _change(member, name="Banco Dos", language=Language.ENGLISH, requires_mfa=True, allowed_ips=["203.0.113.0/24"])
    assert _stored(member) == before | {
        "name": "Banco Dos",
        "language": "en",
        "requires_mfa": True,
        "allowed_ips": ["203.0.113.0/24"],
        "revision": 1,
    }
    assert _stored(bystander) == others
    event = Event.unscoped.get()
    assert (event.kind, event.organization_id, event.actor_id) == (
        "organization.changed",
        member.organization_id,
        member.user_id,
    )
    assert event.payload == {
        "language": {"before": "es-mx", "after": "en"},
        "requires_mfa": {"before": False, "after": True},
    }
    assert EventPersonalData.unscoped.get().data == {
        "name": {"before": "Banco Uno", "after": "Banco Dos"},
        "allowed_ips": {"before": [], "after": ["203.0.113.0/24"]},
    }


def test_what_is_so_already_is_no_event_and_no_new_revision(member: Membership) -> None:
    _change(member, name=" Banco Uno ", requires_mfa=False, revision=7)
    assert _stored(member)["revision"] == 0
    assert Event.unscoped.count() == 0


def test_a_stale_change_is_refused_with_both_versions(member: Membership) -> None:
    _change(member, timezone="America/Tijuana")
    before = _stored(member)
    with pytest.raises(OrganizationChanged) as refusal:
        _change(member, revision=0, timezone="America/Monterrey", language=Language.SPANISH)
    assert refusal.value.status == 409
    assert refusal.value.details == {
        "fields": {"timezone": {"theirs": "America/Tijuana", "yours": "America/Monterrey"}},
    }
    assert _stored(member) == before
    assert Event.unscoped.count() == 1


@pytest.mark.parametrize("address", ["198.51.100.1", ""])
def test_a_list_that_keeps_out_its_writer_is_refused(member: Membership, address: str) -> None:
    before = _stored(member)
    with pytest.raises(LockedOut):
        _change(member, address=address, allowed_ips=["203.0.113.0/24"])
    assert _stored(member) == before
    assert Event.unscoped.count() == 0


def test_an_empty_list_is_anywhere(member: Membership) -> None:
    _change(member, allowed_ips=["203.0.113.0/24"])
    _change(member, revision=1, address="198.51.100.1", allowed_ips=[])
    assert _stored(member)["allowed_ips"] == []


def test_a_fail_policy_is_approved_by_whoever_changes_it(member: Membership) -> None:
    before = _stored(member)
    _change(member, fail_policy_payout=FailPolicy.OPEN, fail_policy_payout_reason="Acordado en comité del 20/11")
    assert _stored(member) == before | {
        "fail_policy_payout": "fail_open",
        "fail_policy_payout_reason": "Acordado en comité del 20/11",
        "fail_policy_payout_approved_by_id": member.user_id,
        "fail_policy_payout_approved_at": NOW,
        "revision": 1,
    }
    event = Event.unscoped.get()
    assert event.payload == {"fail_policy_payout": {"before": "fail_closed", "after": "fail_open"}}


@pytest.mark.parametrize("reason", [{}, {"fail_policy_payout_reason": "  "}])
def test_a_fail_policy_needs_its_reason(member: Membership, reason: Any) -> None:
    before = _stored(member)
    with pytest.raises(ValidationFailed) as refusal:
        _change(member, fail_policy_payout=FailPolicy.OPEN, **reason)
    assert list(refusal.value.details["fields"]) == ["fail_policy_payout_reason"]  # type: ignore[call-overload]
    assert _stored(member) == before


def test_an_installation_says_how_long_records_are_kept_at_least(member: Membership, settings: Any) -> None:
    settings.MINIMUM_TRANSACTION_RETENTION_DAYS = 100
    _change(member, transaction_retention_days=100)
    settings.MINIMUM_TRANSACTION_RETENTION_DAYS = 101
    with pytest.raises(ValidationFailed):
        _change(member, revision=1, transaction_retention_days=100, name="Otro")
    assert _stored(member)["name"] == "Banco Uno"


def test_an_organization_that_is_not_there_is_not_found(member: Membership) -> None:
    stranger = replace(_actor(member), organization_id=member.user_id)
    with pytest.raises(NotFound), unit_of_work():
        change_organization(actor=stranger, revision=0, address=HERE, now=NOW, name="x")
