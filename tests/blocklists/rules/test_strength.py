"""When an entry acts, and what makes it act less."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from blocklists.rules.strength import is_in_force, list_weakened_fields
from blocklists.types import EntryTerms, FlowScope, Severity
from tests.blocklists.factories import NOW

TOMORROW = NOW + timedelta(days=1)
TERMS = EntryTerms(severity=Severity.FLAG, flow_scope=FlowScope.PAYIN, is_active=True, expires_at=TOMORROW)


@pytest.mark.parametrize(
    ("is_active", "expires_at", "expected"),
    [
        (True, None, True),
        (True, NOW + timedelta(microseconds=1), True),
        (True, NOW, False),
        (True, NOW - timedelta(days=1), False),
        (False, None, False),
    ],
)
def test_an_entry_is_in_force_while_active_and_before_its_expiry(
    is_active: bool, expires_at: datetime | None, expected: bool
) -> None:
    assert is_in_force(is_active=is_active, expires_at=expires_at, at=NOW) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"is_active": False}, ("is_active",)),
        ({"severity": Severity.REVIEW}, ("severity",)),
        ({"severity": Severity.BLOCK}, ()),
        ({"flow_scope": FlowScope.BOTH}, ()),
        ({"flow_scope": FlowScope.PAYOUT}, ("flow_scope",)),
        ({"expires_at": NOW}, ("expires_at",)),
        ({"expires_at": TOMORROW + timedelta(days=1)}, ()),
        ({"expires_at": None}, ()),
        ({"severity": Severity.BLOCK, "is_active": False}, ("is_active",)),
        ({"severity": Severity.REVIEW, "is_active": False}, ("is_active", "severity")),
    ],
)
def test_a_change_is_a_weakening_in_the_fields_that_lose(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert list_weakened_fields(before=TERMS, after=replace(TERMS, **changes)) == expected


@pytest.mark.parametrize("scope", [FlowScope.PAYIN, FlowScope.PAYOUT])
def test_narrowing_from_both_flows_is_a_weakening(scope: FlowScope) -> None:
    both = replace(TERMS, flow_scope=FlowScope.BOTH)
    assert list_weakened_fields(before=both, after=replace(both, flow_scope=scope)) == ("flow_scope",)


def test_giving_a_permanent_entry_an_end_is_a_weakening() -> None:
    permanent = replace(TERMS, expires_at=None)
    assert list_weakened_fields(before=permanent, after=TERMS) == ("expires_at",)


def test_switching_on_what_was_off_is_none() -> None:
    assert list_weakened_fields(before=replace(TERMS, is_active=False), after=TERMS) == ()


def test_severities_weigh_block_then_flag_then_review() -> None:
    assert sorted(Severity, key=lambda severity: severity.place) == [Severity.BLOCK, Severity.FLAG, Severity.REVIEW]
