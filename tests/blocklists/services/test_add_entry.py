"""Putting a value on a list."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from accounts.models import Organization
from blocklists.models import BlocklistEntry
from blocklists.queries import lock_twin
from blocklists.services.add_entry import add_entry
from blocklists.services.errors import DuplicateEntry
from blocklists.types import EntryFacts, EntrySource, FlowScope, ListType, NewEntry, Severity
from core.actor import Actor
from core.environments import Environment
from core.errors import ServiceUnavailable, ValidationFailed
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from tests.blocklists.events import list_entry_events
from tests.blocklists.factories import NOW, make_actor, make_entry
from tests.factories.accounts import make_organization, make_user

pytestmark = pytest.mark.django_db

EMAIL = NewEntry(list_type=ListType.EMAIL, value=" Fraudster@Example.com ", reason="Contracargo")


def _add(actor: Actor, entry: NewEntry = EMAIL, *, now: datetime = NOW) -> EntryFacts:
    with unit_of_work():
        return add_entry(actor=actor, entry=entry, now=now)


def _rows(organization: Organization, environment: Environment = Environment.SANDBOX) -> list[BlocklistEntry]:
    return list(BlocklistEntry.objects.for_organization(organization.id, environment))


def test_an_entry_is_kept_in_canonical_form_with_the_contracts_defaults() -> None:
    organization, user = make_organization(), make_user()
    facts = _add(make_actor(organization, user_id=user.id))
    assert facts == EntryFacts(
        id=facts.id,
        organization_id=organization.id,
        list_type=ListType.EMAIL,
        value="fraudster@example.com",
        flow_scope=FlowScope.PAYIN,
        severity=Severity.BLOCK,
        reason="Contracargo",
        source=EntrySource.MANUAL,
        case_id=None,
        is_active=True,
        expires_at=None,
        created_by=user.id,
        created_at=NOW,
        updated_at=NOW,
    )
    assert [row.id for row in _rows(organization)] == [facts.id]


def test_an_account_is_listed_for_payouts_unless_it_says_otherwise() -> None:
    actor = make_actor(make_organization())
    clabe = NewEntry(list_type=ListType.CLABE, value="012180001234567890")
    assert _add(actor, clabe).flow_scope is FlowScope.PAYOUT


def test_a_fraud_report_adds_with_its_case_and_no_creator() -> None:
    organization, case_id = make_organization(), uuid.uuid4()
    wanted = NewEntry(
        list_type=ListType.IP_ADDRESS,
        value="203.0.113.9",
        source=EntrySource.FRAUD_REPORT,
        case_id=case_id,
        expires_at=NOW + timedelta(days=30),
    )
    facts = _add(make_actor(organization), wanted)
    assert (facts.source, facts.case_id, facts.created_by) == (EntrySource.FRAUD_REPORT, case_id, None)
    assert facts.expires_at == NOW + timedelta(days=30)


def test_adding_is_recorded_with_the_value_and_the_reason_apart_as_personal_data() -> None:
    organization = make_organization()
    _add(make_actor(organization))
    after = {
        "flow_scope": "payin",
        "severity": "block",
        "source": "manual",
        "case_id": None,
        "is_active": True,
        "expires_at": None,
    }
    assert list_entry_events(organization) == [
        (
            "blocklist_entry.added",
            {"list_type": "email", "after": after},
            {"value": "fraudster@example.com", "after": {"reason": "Contracargo"}},
        )
    ]


@pytest.mark.parametrize("twin", ["fraudster@example.com", "FRAUDSTER@EXAMPLE.COM"])
def test_what_is_listed_in_force_is_refused_with_its_id_and_nothing_changes(twin: str) -> None:
    organization = make_organization()
    first = _add(make_actor(organization))
    with pytest.raises(DuplicateEntry) as refusal:
        _add(make_actor(organization), NewEntry(list_type=ListType.EMAIL, value=twin, severity=Severity.FLAG))
    assert (refusal.value.entry_id, refusal.value.details) == (first.id, {"id": str(first.id)})
    assert [(row.id, row.severity) for row in _rows(organization)] == [(first.id, "block")]
    assert len(list_entry_events(organization)) == 1


def test_after_a_duplicate_the_same_unit_of_work_goes_on() -> None:
    organization = make_organization()
    actor = make_actor(organization)
    _add(actor)
    other = NewEntry(list_type=ListType.PHONE, value="+525512345678")
    with unit_of_work():
        with pytest.raises(DuplicateEntry):
            add_entry(actor=actor, entry=EMAIL, now=NOW)
        add_entry(actor=actor, entry=other, now=NOW)
    assert sorted(row.list_type for row in _rows(organization)) == ["email", "phone"]


@pytest.mark.parametrize("difference", ["scope", "type", "organization", "environment"])
def test_the_same_text_elsewhere_is_another_entry(difference: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value="c-1")
    wanted = NewEntry(
        list_type=ListType.ACCOUNT_HASH if difference == "type" else ListType.CUSTOMER_ID,
        value="c-1",
        flow_scope=FlowScope.BOTH if difference == "scope" else FlowScope.PAYIN,
    )
    actor = make_actor(
        make_organization() if difference == "organization" else organization,
        environment=Environment.PRODUCTION if difference == "environment" else Environment.SANDBOX,
    )
    assert _add(actor, wanted).organization_id == actor.organization_id


@pytest.mark.parametrize("fields", [{"is_active": False}, {"expires_at": NOW}, {"expires_at": NOW - timedelta(days=9)}])
def test_adding_again_what_is_no_longer_in_force_brings_it_back_under_its_old_id(fields: dict[str, Any]) -> None:
    organization, creator = make_organization(), make_user()
    earlier = NOW - timedelta(days=10)
    old = make_entry(
        organization=organization,
        list_type=ListType.EMAIL,
        value="fraudster@example.com",
        severity="review",
        reason="Sospecha",
        source="import",
        case_id=uuid.uuid4(),
        created_by=creator,
        created_at=earlier,
        updated_at=earlier,
        **fields,
    )
    facts = _add(make_actor(organization, user_id=make_user().id))
    assert (facts.id, facts.created_by, facts.created_at, facts.updated_at) == (old.id, creator.id, earlier, NOW)
    assert (facts.is_active, facts.expires_at, facts.severity) == (True, None, Severity.BLOCK)
    assert (facts.reason, facts.source, facts.case_id) == ("Contracargo", EntrySource.MANUAL, None)
    assert len(_rows(organization)) == 1
    kind, payload, personal = list_entry_events(organization)[0]
    assert kind == "blocklist_entry.changed"
    assert payload["before"]["severity"] == "review"
    assert payload["after"]["severity"] == "block"
    assert personal["before"] == {"reason": "Sospecha"}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (NewEntry(list_type=ListType.CLABE, value="0121800012345678"), "value"),
        (NewEntry(list_type=ListType.EMAIL_DOMAIN, value="com"), "value"),
        (NewEntry(list_type=ListType.EMAIL, value="a@example.com", expires_at=NOW), "expires_at"),
        (
            NewEntry(list_type=ListType.EMAIL, value="a@example.com", expires_at=datetime(9999, 1, 1, tzinfo=UTC)),
            "expires_at",
        ),
        (
            NewEntry(
                list_type=ListType.EMAIL,
                value="a@example.com",
                expires_at=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
            ),
            "expires_at",
        ),
    ],
)
def test_a_wrong_value_or_an_expiry_that_is_past_is_refused_and_nothing_is_kept(wanted: NewEntry, field: str) -> None:
    organization = make_organization()
    with pytest.raises(ValidationFailed) as refusal:
        _add(make_actor(organization), wanted)
    assert list(refusal.value.details["fields"]) == [field]  # type: ignore[call-overload]
    assert wanted.value == "com" or wanted.value not in str(refusal.value)
    assert (_rows(organization), list_entry_events(organization)) == ([], [])


def test_an_expiry_is_kept_in_utc() -> None:
    local = datetime(2026, 12, 1, 12, tzinfo=timezone(timedelta(hours=-6)))
    wanted = NewEntry(list_type=ListType.EMAIL, value="a@example.com", expires_at=local)
    assert _add(make_actor(make_organization()), wanted).expires_at == datetime(2026, 12, 1, 18, tzinfo=UTC)


def test_an_entry_in_the_way_that_is_deleted_meanwhile_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    looks: Iterator[Callable[[BlocklistEntry], BlocklistEntry | None]] = iter([lambda _row: None, lock_twin])

    def look(row: BlocklistEntry) -> BlocklistEntry | None:
        return next(looks)(row)

    monkeypatch.setattr("blocklists.services.add_entry.lock_twin", look)
    facts = _add(make_actor(organization))
    assert [row.id for row in _rows(organization)] == [facts.id]


def test_an_entry_in_the_way_that_can_never_be_seen_ends_the_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    monkeypatch.setattr("blocklists.services.add_entry.lock_twin", lambda _row: None)
    with pytest.raises(ServiceUnavailable):
        _add(make_actor(organization))
    assert _rows(organization) == []


def test_outside_a_unit_of_work_nothing_is_added() -> None:
    organization = make_organization()
    with pytest.raises(UnitOfWorkMisused):
        add_entry(actor=make_actor(organization), entry=EMAIL, now=NOW)
    assert _rows(organization) == []
