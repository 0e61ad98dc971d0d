import pytest

from events.dispatch import SubscribedTwice, find_handler, list_subscribers, subscribe
from events.kinds import UnknownEventKind
from tests.events.conftest import Listener, Subscribe


def test_subscribers_are_listed_by_kind(subscribe: Subscribe) -> None:
    first, second = subscribe("first"), subscribe("second")
    assert list_subscribers(kind="key.created") == ["first", "second"]
    assert list_subscribers(kind="key.revoked") == []
    assert find_handler(kind="key.created", name="first") is first
    assert find_handler(kind="key.created", name="second") is second
    assert find_handler(kind="key.revoked", name="first") is None


@pytest.mark.usefixtures("subscribe")
def test_an_unknown_kind_cannot_be_subscribed_to() -> None:
    with pytest.raises(UnknownEventKind):
        subscribe(kind="key.vanished", name="listener", handler=Listener())


def test_a_name_stands_for_one_subscriber_of_a_kind(subscribe: Subscribe) -> None:
    first = subscribe("first")
    with pytest.raises(SubscribedTwice):
        subscribe("first")
    assert find_handler(kind="key.created", name="first") is first
