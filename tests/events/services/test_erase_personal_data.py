import uuid

import pytest

from accounts.models import Organization
from core.actor import Actor
from core.environments import Environment
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import Event, EventPersonalData
from events.services.erase_personal_data import EventNotFound, erase_personal_data
from events.types import ErasureReason
from tests.events.trail import NOW, calling_from, list_problems, make_actor, record_event, seal_all
from tests.factories.accounts import make_organization

REASON = ErasureReason.DATA_SUBJECT_REQUEST


def _erase(actor: Actor, event_id: uuid.UUID) -> bool:
    with unit_of_work():
        return erase_personal_data(actor=actor, event_id=event_id, reason=REASON, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_chain_still_verifies_after_an_erasure(organization: Organization, actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    seal_all(organization)
    assert list_problems(organization) == []
    before = Event.unscoped.values().get(id=event_id)
    assert _erase(actor, event_id) is True
    assert EventPersonalData.unscoped.count() == 0
    assert Event.unscoped.values().get(id=event_id) == before
    seal_all(organization)
    assert list_problems(organization) == []


def test_the_address_goes_with_the_personal_data_and_alone(actor: Actor) -> None:
    with calling_from("203.0.113.9", request_id="trace-0001"):
        both, alone = record_event(actor, personal={"name": "Ángela Ruiz"}), record_event(actor)
        kept = record_event(actor)
    assert [_erase(actor, both), _erase(actor, alone), _erase(actor, alone)] == [True, True, False]
    rows = Event.unscoped.exclude(kind="personal_data.erased").values_list("id", "address", "request_id")
    assert {row[0]: row[1:] for row in rows} == {
        both: (None, "trace-0001"),
        alone: (None, "trace-0001"),
        kept: ("203.0.113.9", "trace-0001"),
    }


def test_an_erasure_is_itself_recorded(actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    _erase(actor, event_id)
    erased = Event.unscoped.get(kind="personal_data.erased")
    assert (erased.subject_type, erased.subject_id) == ("event", str(event_id))
    assert erased.payload == {"reason": "data_subject_request"}
    assert erased.actor_id == actor.id


def test_what_is_erased_already_is_not_erased_again(actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    assert [_erase(actor, event_id), _erase(actor, event_id)] == [True, False]
    assert Event.unscoped.filter(kind="personal_data.erased").count() == 1


def test_an_event_without_personal_data_has_none_to_erase(actor: Actor) -> None:
    assert _erase(actor, record_event(actor)) is False
    assert Event.unscoped.count() == 1


def test_a_stranger_erases_nothing(actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    with pytest.raises(EventNotFound):
        _erase(make_actor(make_organization()), event_id)
    assert EventPersonalData.unscoped.count() == 1
    assert Event.unscoped.count() == 1


def test_the_other_environment_erases_nothing(organization: Organization, actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    with pytest.raises(EventNotFound):
        _erase(make_actor(organization, environment=Environment.PRODUCTION), event_id)
    assert EventPersonalData.unscoped.count() == 1


def test_erasure_needs_a_unit_of_work(actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    with pytest.raises(UnitOfWorkMisused):
        erase_personal_data(actor=actor, event_id=event_id, reason=REASON, now=NOW)
    assert EventPersonalData.unscoped.count() == 1
