"""The chain in the database: whatever somebody with the owner's rights does, verification says where."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Organization
from core.actor import Actor
from events.exports import export_head
from events.models import Event, Seal
from events.queries import get_chain_tip
from events.rules.exports import parse_line
from events.services.seal_events import seal_events
from events.types import HeadContent, SignedHead
from tests.events.trail import NOW, list_problems, make_actor, record_event, record_trail, seal_all, tampering
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=6)


def _get_head(organization: Organization) -> HeadContent:
    signed = parse_line(export_head(organization_id=organization.id))
    assert isinstance(signed, SignedHead)
    return signed.head


@pytest.mark.parametrize(
    "change",
    [
        'payload = \'{"limit": 601, "permissions": ["*"]}\'',
        'payload = \'{"limit": 600.0, "permissions": ["*"]}\'',
        "kind = 'key.revoked'",
        "actor_name = 'viewer'",
        "actor_id = NULL",
        "subject_id = 'clm_sk_2'",
        "created_at = created_at - interval '1 microsecond'",
        "personal_digest = ''",
        "xid = xid + 1",
    ],
)
def test_an_altered_event_is_found_at_its_sequence(organization: Organization, change: str) -> None:
    ids = record_trail(organization)
    with tampering(f"UPDATE events_event SET {change} WHERE id = '{ids[2]}'"):
        assert list_problems(organization) == [f"sequence 3: the event {ids[2]} was altered"]
    assert list_problems(organization) == []


def test_a_deleted_event_is_found(organization: Organization) -> None:
    ids = record_trail(organization)
    with tampering(f"DELETE FROM events_event WHERE id = '{ids[2]}'"):
        assert list_problems(organization) == [f"sequence 3: the event {ids[2]} is missing"]


def test_a_deleted_seal_is_found_and_its_event_is_unsealed(organization: Organization) -> None:
    ids = record_trail(organization)
    with tampering("DELETE FROM events_seal WHERE sequence = 3"):
        assert list_problems(organization, now=LATER) == [
            "sequence 3: missing: the next row is 4",
            f"the event {ids[2]} was never sealed",
        ]


def test_seals_that_changed_places_are_found(organization: Organization) -> None:
    record_trail(organization)
    with tampering(
        "UPDATE events_seal SET sequence = 99 WHERE sequence = 2",
        "UPDATE events_seal SET sequence = 2 WHERE sequence = 3",
        "UPDATE events_seal SET sequence = 3 WHERE sequence = 99",
    ):
        assert list_problems(organization) == [
            "sequence 2: does not follow the row before it",
            "sequence 2: the seal was altered",
            "sequence 3: does not follow the row before it",
            "sequence 3: the seal was altered",
            "sequence 4: does not follow the row before it",
        ]


def test_an_event_moved_to_the_other_environment_is_found(organization: Organization) -> None:
    ids = record_trail(organization)
    with tampering(f"UPDATE events_event SET environment = 'production' WHERE id = '{ids[0]}'"):
        assert list_problems(organization) == [f"sequence 1: the event {ids[0]} was altered"]


def test_an_event_given_to_another_organization_is_found(organization: Organization) -> None:
    stranger = make_organization()
    ids = record_trail(organization)
    with tampering(f"UPDATE events_event SET organization_id = '{stranger.id}' WHERE id = '{ids[0]}'"):
        assert list_problems(organization) == [f"sequence 1: the event {ids[0]} is missing"]


def test_an_event_and_its_seal_moved_together_are_found(organization: Organization) -> None:
    ids = record_trail(organization)
    with tampering(
        f"UPDATE events_event SET environment = 'production' WHERE id = '{ids[0]}'",
        f"UPDATE events_seal SET environment = 'production' WHERE event_id = '{ids[0]}'",
    ):
        assert list_problems(organization) == [f"sequence 1: the event {ids[0]} was altered"]


def test_a_cut_tail_is_found_against_a_head_and_as_unsealed_events(organization: Organization) -> None:
    ids = record_trail(organization)
    head = _get_head(organization)
    cut = "sequence 5: the chain ends at 3, a signed head says 5: its tail was cut off"
    with tampering("DELETE FROM events_seal WHERE sequence > 3"):
        assert list_problems(organization, heads=(head,), now=LATER) == [
            cut,
            f"the event {ids[3]} was never sealed",
            f"the event {ids[4]} was never sealed",
        ]
    with tampering(
        "DELETE FROM events_seal WHERE sequence > 3",
        f"DELETE FROM events_event WHERE id IN ('{ids[3]}', '{ids[4]}')",
    ):
        assert list_problems(organization, now=LATER) == []
        assert list_problems(organization, heads=(head,), now=LATER) == [cut]


def test_a_chain_rewritten_with_all_its_hashes_is_found_against_a_head(organization: Organization) -> None:
    ids = record_trail(organization)
    head = _get_head(organization)
    with tampering(
        f"UPDATE events_event SET kind = 'key.revoked' WHERE id = '{ids[1]}'",
        "DELETE FROM events_seal",
        "DELETE FROM events_sealcursor",
    ):
        _seal_inside(organization)
        assert list_problems(organization) == []
        assert list_problems(organization, heads=(head,)) == [
            "sequence 5: the chain was rewritten: a signed head has another hash here"
        ]


def _seal_inside(organization: Organization) -> None:
    """Seal in the transaction that is open, as a forger would who has our code."""
    seal = seal_events.__wrapped__  # type: ignore[attr-defined]
    while seal(organization_id=organization.id, now=NOW):
        pass


def test_a_seal_hidden_before_the_first_row_is_found(organization: Organization) -> None:
    record_trail(organization, events=2)
    with tampering(
        """INSERT INTO events_seal (event_id, organization_id, environment, sequence, previous_hash, payload_hash, hash,
                                    sealed_at)
           SELECT gen_random_uuid(), organization_id, environment, -1, previous_hash, payload_hash, hash, sealed_at
           FROM events_seal WHERE sequence = 1"""
    ):
        assert "sequence -1: out of order: 1 was to come" in list_problems(organization)


def test_an_event_that_the_sealer_was_made_to_pass_over_is_found(organization: Organization) -> None:
    record_trail(organization, events=1)
    event_id = record_event(make_actor(organization))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_sealcursor SET xid = xid + 1000000")
    assert list_problems(organization, now=NOW) == []
    assert list_problems(organization, now=LATER) == [f"the event {event_id} was never sealed"]


def test_only_the_first_of_many_unsealed_events_are_named(organization: Organization) -> None:
    actor = make_actor(organization)
    ids = sorted(record_event(actor) for _ in range(23))
    assert list_problems(organization, now=LATER) == [
        *(f"the event {event_id} was never sealed" for event_id in ids[:20]),
        "and 3 more events were never sealed",
    ]


def test_altered_personal_data_are_found(organization: Organization, actor: Actor) -> None:
    record_event(actor, personal={"name": "Ángela Ruiz"})
    seal_all(organization)
    with tampering('UPDATE events_eventpersonaldata SET data = \'{"name": "Ana"}\''):
        assert list_problems(organization) == ["sequence 1: the personal data of the event were altered"]
    with tampering("UPDATE events_eventpersonaldata SET salt = ''"):
        assert list_problems(organization) == ["sequence 1: the personal data of the event were altered"]


def test_tampering_with_one_organization_leaves_anothers_chain_valid(organization: Organization) -> None:
    stranger = make_organization()
    ids = record_trail(organization)
    record_trail(stranger)
    with tampering(f"DELETE FROM events_event WHERE id = '{ids[0]}'"):
        assert len(list_problems(organization)) == 1
        assert list_problems(stranger) == []


def test_a_chain_without_rows_has_an_empty_head(organization: Organization) -> None:
    head = _get_head(organization)
    assert (head.sequence, head.hash, head.sealed_at) == (0, "0" * 64, None)
    assert list_problems(organization, heads=(head,)) == []
    record_trail(organization, events=2)
    assert list_problems(organization, heads=(head, _get_head(organization))) == []


def test_the_tip_is_the_last_row(organization: Organization) -> None:
    record_trail(organization, events=3)
    last = Seal.unscoped.get(sequence=3)
    tip = get_chain_tip(organization_id=organization.id)
    assert (tip.sequence, tip.hash) == (3, bytes(last.hash).hex())
    assert Event.unscoped.count() == 3
