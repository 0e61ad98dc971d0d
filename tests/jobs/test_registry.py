from dataclasses import replace

import pytest

from jobs.registry import KindRegisteredTwice, find_kind, register_kind
from tests.factories.jobs import COUNTING


def test_a_kind_is_registered_once() -> None:
    kind = find_kind(COUNTING)
    assert kind is not None
    with pytest.raises(KindRegisteredTwice):
        register_kind(replace(kind, permission="keys:write"))
    assert find_kind(COUNTING) is kind
    assert find_kind("tests.nothing") is None
