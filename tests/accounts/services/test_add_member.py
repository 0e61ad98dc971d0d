"""Giving a person a role."""

from datetime import UTC, datetime

import pytest

from accounts.models import Membership, Organization, User
from accounts.services.add_member import AlreadyMember, add_member
from accounts.types import Role
from core.actor import Actor, make_system_actor
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "una contraseña larga"


def _actor(organization: Organization) -> Actor:
    return make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")


def _add(organization: Organization, email: str, password: str | None = None, role: Role = Role.ANALYST) -> Membership:
    with unit_of_work():
        return add_member(actor=_actor(organization), email=email, role=role, password=password, now=NOW)


def test_a_new_person_is_made_with_the_password() -> None:
    organization = make_organization()
    membership = _add(organization, " Ana@Banco.Example ", PASSWORD)
    person = User.objects.get()
    assert (person.email, person.check_password(PASSWORD)) == ("ana@banco.example", True)
    assert (membership.user_id, membership.organization_id, membership.role) == (person.id, organization.id, "analyst")


def test_it_is_an_event_without_the_e_mail() -> None:
    membership = _add(make_organization(), "ana@banco.example", PASSWORD)
    event = Event.unscoped.get()
    assert (event.kind, event.subject_id) == ("member.added", str(membership.id))
    assert event.payload == {"user_id": str(membership.user_id), "role": "analyst"}


def test_a_person_who_is_known_keeps_their_password() -> None:
    person = make_user(email="ana@banco.example")
    membership = _add(make_organization(), "ANA@banco.example")
    person.refresh_from_db()
    assert (membership.user_id, person.password_epoch) == (person.id, 1)


def test_a_password_for_a_person_who_is_known_is_refused() -> None:
    person = make_user(email="ana@banco.example")
    before = User.objects.values().get(pk=person.id)
    with pytest.raises(ValidationFailed):
        _add(make_organization(), "ana@banco.example", PASSWORD)
    assert User.objects.values().get(pk=person.id) == before
    assert Membership.unscoped.count() == 0


def test_nobody_belongs_to_an_organization_twice() -> None:
    organization = make_organization()
    _add(organization, "ana@banco.example", PASSWORD)
    with pytest.raises(AlreadyMember):
        _add(organization, "ana@banco.example", role=Role.ADMIN)
    assert [membership.role for membership in Membership.unscoped.all()] == ["analyst"]


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("ana@banco.example", None, "password"),
        ("ana@banco.example", "short", "password"),
        ("ana@banco.example", "password1234", "password"),
        ("no address", PASSWORD, "email"),
    ],
)
def test_a_weak_password_and_a_wrong_address_are_refused(email: str, password: str | None, field: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        _add(make_organization(), email, password)
    fields = refusal.value.details["fields"]
    assert isinstance(fields, dict)
    assert list(fields) == [field]
    assert User.objects.count() == 0
