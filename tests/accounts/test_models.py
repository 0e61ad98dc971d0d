"""What PostgreSQL itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccessToken, User
from core.clock import read_clock
from tests.factories.accounts import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_a_token_for_an_organization_that_its_person_does_not_belong_to_is_refused() -> None:
    member, other = make_member(organization=make_organization()), make_organization()
    with pytest.raises(IntegrityError, match="accesstoken_of_member"), transaction.atomic():
        AccessToken.unscoped.create(
            organization=other,
            user=member.user,
            password_epoch=1,
            created_at=read_clock(),
            expires_at=read_clock(),
        )
    assert AccessToken.unscoped.count() == 0


def test_an_e_mail_belongs_to_one_person_in_any_case() -> None:
    make_user(email="ana@banco.example")
    with pytest.raises(IntegrityError, match="user_email_folded"), transaction.atomic():
        User.objects.create(email="ANA@banco.example")
    assert User.objects.count() == 1


def test_a_new_password_moves_the_epoch() -> None:
    person = make_user()
    before = person.password_epoch
    person.set_password("another long password")
    person.save()
    person.refresh_from_db()
    assert person.password_epoch == before + 1
