"""What an event says, field by field."""

from typing import Any

import pytest

from events.rules.changes import Change, list_changes


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({}, []),
        ({"role": "admin"}, [Change("role", None, "admin", has_before=False)]),
        ({"name": {"before": "a", "after": "b"}}, [Change("name", "a", "b")]),
        ({"name": {"after": "b"}}, [Change("name", None, "b")]),
        ({"before": ["a"], "after": []}, [Change("", ["a"], [])]),
        (
            {"list_type": "iban", "before": {"flow": "any"}, "after": {"flow": "payout", "severity": "block"}},
            [
                Change("list_type", None, "iban", has_before=False),
                Change("flow", "any", "payout"),
                Change("severity", None, "block"),
            ],
        ),
        ({"before": {"value": "x"}}, [Change("value", "x", None)]),
        (
            {"outcome": "released", "before": ""},
            [Change("outcome", None, "released", has_before=False), Change("before", None, "", has_before=False)],
        ),
        ({"limits": {"day": 1}}, [Change("limits", None, {"day": 1}, has_before=False)]),
    ],
)
def test_each_shape_of_a_payload_is_read(said: dict[str, Any], changes: list[Change]) -> None:
    assert list_changes(said) == changes
