"""What a person says of themselves, where an invitation stands, and what raises a role."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.invitations import decide_state
from accounts.rules.people import read_address, read_handover_note, read_person_name, read_role
from accounts.rules.roles import is_raise
from accounts.types import Role
from core.errors import ValidationFailed

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("given", ["", "  ", "Ana\x00", "Ana\u202eRuiz", "a" * 151])
def test_a_name_that_cannot_be_shown_is_refused(given: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        read_person_name(given)
    assert list(refusal.value.details["fields"]) == ["name"]  # type: ignore[call-overload]


def test_a_name_has_single_spaces() -> None:
    assert read_person_name("  Ana  María\tRuiz ") == "Ana María Ruiz"


@pytest.mark.parametrize("given", ["", "ana", "ana@", "ana@banco", "ana\x00@banco.mx", "a" * 300 + "@banco.mx"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValidationFailed):
        read_address(given)


def test_an_address_is_kept_in_one_form() -> None:
    assert read_address(" Ana.Ruiz@BANCO.mx ") == "ana.ruiz@banco.mx"


def test_a_note_keeps_its_lines() -> None:
    assert read_handover_note(" Expedientes: a Luis  \n\nClaves: a Eva ") == "Expedientes: a Luis\n\nClaves: a Eva"


@pytest.mark.parametrize("given", ["a\x00", "a" * 2001])
def test_a_note_that_cannot_be_kept_is_refused(given: str) -> None:
    with pytest.raises(ValidationFailed):
        read_handover_note(given)


def test_a_role_is_one_of_four() -> None:
    assert read_role("viewer") is Role.VIEWER
    with pytest.raises(ValidationFailed):
        read_role("owner")


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ({}, "pending"),
        ({"expires_at": NOW}, "expired"),
        ({"expires_at": NOW, "accepted_at": NOW}, "accepted"),
        ({"expires_at": NOW, "revoked_at": NOW}, "revoked"),
        ({"closed_at": NOW}, "closed"),
    ],
)
def test_an_invitation_stands_where_its_ends_say(ends: dict[str, datetime], state: str) -> None:
    given = {"expires_at": NOW + timedelta(days=1), "accepted_at": None, "revoked_at": None, "closed_at": None}
    assert decide_state(**(given | ends), now=NOW) == state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "raises"),
    [
        (Role.ADMIN, Role.VIEWER, False),
        (Role.ADMIN, Role.COMPLIANCE_OFFICER, False),
        (Role.VIEWER, Role.ADMIN, True),
        (Role.ANALYST, Role.COMPLIANCE_OFFICER, True),
        (Role.ANALYST, Role.ANALYST, False),
    ],
)
def test_a_role_that_may_more_is_a_raise(before: Role, after: Role, raises: bool) -> None:
    assert is_raise(before=before, after=after) is raises
