"""Releases: what leaves history, what is said, and what a second release does."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organization
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_operator, make_transaction
from transactions.models import IdentityEvent, Transaction
from transactions.services.release_transactions import release_transactions
from transactions.types import ByIds, ByOrder, BySession, Released, ReleaseSelector

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _release(
    organization: Organization, selector: ReleaseSelector, *, environment: Environment = SANDBOX, now: Any = LATER
) -> Released | None:
    with unit_of_work():
        return release_transactions(actor=make_operator(organization, environment), selector=selector, now=now)


def _counted(organization: Organization) -> set[uuid.UUID]:
    events = IdentityEvent.objects.for_organization(organization.id, SANDBOX)
    return set(events.values_list("transaction_id", flat=True))


def _released(organization: Organization) -> dict[uuid.UUID, Any]:
    rows = Transaction.objects.for_organization(organization.id, SANDBOX).filter(released_at__isnull=False)
    return dict(rows.values_list("id", "released_at"))


def test_a_session_is_released_whole_and_leaves_history(organization: Organization) -> None:
    first = make_transaction(organization=organization, session_id="ps_1")
    second = make_transaction(organization=organization, session_id="ps_1", occurred_at=NOW + timedelta(seconds=1))
    other = make_transaction(organization=organization, session_id="ps_2")

    released = _release(organization, BySession("ps_1"))

    assert released == Released(session_id="ps_1", transaction_ids=(first.id, second.id))
    assert _released(organization) == {first.id: LATER, second.id: LATER}
    assert _counted(organization) == {other.id}
    events = Event.objects.for_organization(organization.id, SANDBOX)
    assert {(event.kind, event.subject_type, event.subject_id) for event in events} == {
        ("transaction.released", "transaction", str(first.id)),
        ("transaction.released", "transaction", str(second.id)),
    }
    assert [event.payload for event in events] == [{"session_id": "ps_1"}] * 2


def test_a_release_again_says_the_same_and_changes_nothing(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, session_id="ps_1")
    first = _release(organization, BySession("ps_1"))
    again = _release(organization, BySession("ps_1"), now=LATER + timedelta(hours=1))
    assert first == again
    assert _released(organization) == {transaction.id: LATER}
    assert Event.objects.for_organization(organization.id, SANDBOX).count() == 1


def test_the_pair_names_the_session_that_holds_it_now(organization: Organization) -> None:
    pair = {"order_id": "o_1", "payment_id": "p_1"}
    before = make_transaction(organization=organization, session_id="ps_1", **pair)
    holder = make_transaction(
        organization=organization, session_id="ps_2", occurred_at=NOW + timedelta(seconds=1), **pair
    )
    make_transaction(organization=organization, session_id="ps_3", order_id="o_1", payment_id="p_2")

    released = _release(organization, ByOrder("o_1", "p_1"))

    assert released == Released(session_id="ps_2", transaction_ids=(holder.id,))
    assert _released(organization) == {holder.id: LATER}
    assert before.id in _counted(organization)


def test_a_pair_without_a_session_is_released_by_itself(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, order_id="o_1", payment_id="p_1")
    make_transaction(organization=organization)
    released = _release(organization, ByOrder("o_1", "p_1"))
    assert released == Released(session_id=None, transaction_ids=(transaction.id,))


def test_transactions_are_released_by_their_ids(organization: Organization) -> None:
    first, second = (make_transaction(organization=organization, session_id=f"ps_{n}") for n in range(2))
    released = _release(organization, ByIds((second.id,)))
    assert released == Released(session_id="ps_1", transaction_ids=(second.id,))
    assert _counted(organization) == {first.id}


@pytest.mark.parametrize("selector", [BySession("ps_9"), ByOrder("o_9", "p_9"), ByIds((uuid.UUID(int=9),)), ByIds(())])
def test_what_is_unknown_is_none(organization: Organization, selector: ReleaseSelector) -> None:
    make_transaction(organization=organization, session_id="ps_1", order_id="o_1", payment_id="p_1")
    assert _release(organization, selector) is None
    assert _released(organization) == {}


def test_what_was_simulated_is_unknown(organization: Organization) -> None:
    pair = {"order_id": "o_1", "payment_id": "p_1"}
    make_transaction(organization=organization, session_id="ps_1", is_simulated=True, **pair)
    assert _release(organization, BySession("ps_1")) is None
    assert _release(organization, ByOrder("o_1", "p_1")) is None


def test_another_organization_or_environment_releases_nothing(organization: Organization) -> None:
    pair = {"order_id": "o_1", "payment_id": "p_1"}
    transaction = make_transaction(organization=organization, session_id="ps_1", **pair)
    for selector in (BySession("ps_1"), ByOrder("o_1", "p_1"), ByIds((transaction.id,))):
        assert _release(make_organization(), selector) is None
        assert _release(organization, selector, environment=Environment.PRODUCTION) is None
    assert _released(organization) == {}
    assert _counted(organization) == {transaction.id}
