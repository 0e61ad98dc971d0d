from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import ApiKey, Membership, Organization, User
from accounts.types import KeyType, Module, Role
from clausum.demo import seed
from clausum.demo.cast import CAST, Part
from clausum.demo.credentials import get_key
from clausum.demo.seed import Settled, settle, settle_demo
from clausum.demo.state import DemoOrganization
from core.environments import Environment
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from transactions.models import Transaction
from transactions.types import Source

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
BANK, MERCHANT, PSP = CAST


def make(part: Part) -> DemoOrganization:
    with unit_of_work():
        return settle(part=part, former=None, now=NOW).organization


def settle_again(former: DemoOrganization | None, part: Part = BANK) -> Settled:
    with unit_of_work():
        return settle(part=part, former=former, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_a_first_run_makes_three_organizations_and_a_second_keeps_them() -> None:
    first = settle_demo(known=(), now=NOW)
    counts = (Organization.objects.count(), User.objects.count(), Transaction.unscoped.count())
    second = settle_demo(known=[item.organization for item in first], now=LATER)

    assert [item.organization.name for item in first] == ["Banco Demo", "Comercio Demo", "PSP Demo"]
    assert [item.is_changed for item in (*first, *second)] == [True] * 3 + [False] * 3
    assert [item.organization for item in second] == [item.organization for item in first]
    assert counts == (Organization.objects.count(), User.objects.count(), Transaction.unscoped.count())
    assert counts[:2] == (3, 12)


@pytest.mark.django_db(transaction=True)
class TestFirstRun:
    def test_the_organization_is_set_up_to_be_tried(self) -> None:
        organization = Organization.objects.get(pk=make(BANK).id)

        assert (organization.organization_type, organization.timezone) == ("banco", "America/Mexico_City")
        assert organization.default_environment == "sandbox"
        assert organization.allows_as_of is True
        assert organization.modules == [module.value for module in Module]

    def test_there_is_a_person_in_every_role_who_can_sign_in(self) -> None:
        made = make(MERCHANT)

        members = {row.role: row.user for row in Membership.unscoped.filter(organization_id=made.id)}
        assert [(user.email, user.role) for user in made.users] == [
            (f"{role.value}@comercio.demo.example", role.value) for role in Role
        ]
        assert all(members[user.role].email == user.email for user in made.users)
        assert all(members[user.role].check_password(user.password) for user in made.users)
        assert len({user.password for user in made.users}) == 4
        assert all(len(user.password) >= 14 for user in made.users)

    def test_the_keys_are_of_the_sandbox_and_unlimited(self) -> None:
        keys = make(BANK).keys

        for full, key_type in (
            (keys.secret, KeyType.SECRET),
            (keys.publishable, KeyType.PUBLISHABLE),
            (keys.ingest, KeyType.INGEST),
        ):
            found = get_key(full=full)
            assert (found.key_type, found.environment, found.permissions) == (
                key_type,
                Environment.SANDBOX,
                frozenset({"*"}),
            )
            assert (found.rate_limit_per_minute, found.rate_limit_per_day) == (None, None)
            assert found.allowed_origins == ()

    def test_a_banks_payouts_are_history_and_the_latest_are_assessed(self) -> None:
        made = make(BANK)

        rows = Transaction.unscoped.filter(organization_id=made.id)
        assert set(rows.values_list("environment", "flow")) == {("sandbox", "payout")}
        assert Counter(rows.values_list("source", flat=True)) == {"history": 301, "assess": 76}
        assert Counter(rows.filter(source=Source.ASSESS).values_list("decision", flat=True)) == {
            "approve": 60,
            "review": 5,
            "challenge": 8,
            "decline": 3,
        }
        assert rows.latest("occurred_at").occurred_at <= NOW

    def test_a_merchants_pay_ins_are_history_and_the_latest_are_assessed(self) -> None:
        made = make(MERCHANT)

        rows = Transaction.unscoped.filter(organization_id=made.id)
        assert set(rows.values_list("environment", "flow")) == {("sandbox", "payin")}
        assert Counter(rows.values_list("source", flat=True)) == {"history": 85, "assess": 36}
        assert Counter(rows.filter(source=Source.ASSESS).values_list("decision", flat=True)) == {
            "approve": 24,
            "review": 2,
            "challenge": 9,
            "decline": 1,
        }

    def test_a_failure_leaves_nothing_of_the_organization(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_given: object) -> None:
            raise RuntimeError("disk full")

        monkeypatch.setattr(seed, "load_payments", fail)

        with pytest.raises(RuntimeError, match="disk full"):
            make(BANK)

        assert (Organization.objects.count(), User.objects.count(), ApiKey.unscoped.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
class TestLaterRun:
    @pytest.fixture(autouse=True)
    def _without_payments(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(seed, "load_payments", lambda **_given: None)

    def test_what_the_file_knows_and_what_works_is_kept(self) -> None:
        made = make(BANK)

        assert settle_again(made) == Settled(made, is_changed=False)

    def test_a_lost_file_is_made_good_with_new_keys_and_passwords(self) -> None:
        made = make(BANK)

        renewed = settle_again(None).organization

        assert (renewed.id, renewed.name) == (made.id, made.name)
        assert get_key(full=renewed.keys.secret).revoked_at is None
        assert get_key(full=made.keys.secret).revoked_at == LATER
        for before, after in zip(made.users, renewed.users, strict=True):
            person = User.objects.get(email=after.email)
            assert person.check_password(after.password)
            assert not person.check_password(before.password)
        assert Organization.objects.count() == 1

    def test_a_revoked_key_is_replaced_and_the_logins_stay(self) -> None:
        made = make(BANK)
        ApiKey.unscoped.filter(key_type="ingest").update(revoked_at=NOW)

        renewed = settle_again(made).organization

        assert renewed.users == made.users
        assert get_key(full=renewed.keys.ingest).revoked_at is None
        assert get_key(full=made.keys.secret).revoked_at == LATER

    def test_keys_of_another_pepper_are_replaced(self, settings: pytest.FixtureRequest) -> None:
        made = make(BANK)
        settings.API_KEY_PEPPER = "another" * 8  # type: ignore[attr-defined]

        renewed = settle_again(made).organization

        assert renewed.keys != made.keys
        assert get_key(full=renewed.keys.secret).organization.id.hex == made.id.replace("-", "")

    def test_a_file_of_another_database_does_not_count(self) -> None:
        former = make(BANK)
        stranger = DemoOrganization(
            id=former.id.replace(former.id[0], "0" if former.id[0] != "0" else "1", 1),
            name=former.name,
            organization_type=former.organization_type,
            keys=former.keys,
            users=former.users,
        )

        renewed = settle_again(stranger).organization

        assert renewed.id == former.id
        assert renewed.users != former.users

    def test_keys_of_other_names_are_left_alone(self) -> None:
        make(BANK)
        ApiKey.unscoped.filter(key_type="secret").update(name="conciliación")

        settle_again(None)

        assert ApiKey.unscoped.get(name="conciliación").revoked_at is None

    def test_another_organization_of_the_demo_is_left_alone(self) -> None:
        make(BANK)
        psp = make(PSP)

        settle_again(None, BANK)

        assert settle_again(psp, PSP) == Settled(psp, is_changed=False)


@pytest.mark.django_db
def test_it_demands_a_unit_of_work() -> None:
    with pytest.raises(UnitOfWorkMisused):
        settle(part=BANK, former=None, now=NOW)

    assert Organization.objects.count() == 0
