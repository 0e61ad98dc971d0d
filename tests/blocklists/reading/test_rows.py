import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.import_types import MESSAGES, FileKind, FixedTerms, Layout, RowCode
from blocklists.reading.lines import RawRow
from blocklists.reading.rows import EntryRow, RowFault, RowReader
from blocklists.types import FlowScope, ListType, Severity

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TABLE = Layout(
    kind=FileKind.CSV,
    has_header=True,
    columns={"list_type": 0, "value": 1, "flow_scope": 2, "severity": 3, "reason": 4, "expires_at": 5},
    width=6,
)
PLAIN = Layout(kind=FileKind.PLAIN)
NDJSON = Layout(kind=FileKind.NDJSON)


def _row(text: str | bytes, **fault: Any) -> RawRow:
    return RawRow(text if isinstance(text, bytes) else text.encode(), end=0, line=1, **fault)


def _read(text: str | bytes, layout: Layout = TABLE, **fixed: Any) -> EntryRow | None:
    return RowReader(layout, FixedTerms(**fixed), now=NOW).read(_row(text))


def _fault(text: str | bytes, layout: Layout = TABLE, **fixed: Any) -> RowCode:
    with pytest.raises(RowFault) as fault:
        _read(text, layout, **fixed)
    return fault.value.code


def test_a_row_says_all_of_an_entry() -> None:
    row = _read('email, Mala@Example.COM ,both,FLAG,"dijo ""no"", dos veces",2027-01-01T00:00:00-06:00')
    until = datetime(2027, 1, 1, 6, tzinfo=UTC)
    assert row == EntryRow("email", "mala@example.com", "both", "flag", 'dijo "no", dos veces', until)


def test_what_a_row_does_not_say_holds_for_the_file() -> None:
    terms: dict[str, Any] = {
        "list_type": ListType.EMAIL,
        "flow_scope": FlowScope.BOTH,
        "severity": Severity.REVIEW,
        "reason": "lista del 3 de mayo",
        "expires_at": NOW,
    }
    expected = EntryRow("email", "a@b.mx", "both", "review", "lista del 3 de mayo", NOW)
    assert _read(",a@b.mx,,,,", **terms) == expected
    assert _read("a@b.mx", PLAIN, **terms) == expected
    assert _read('{"value": "a@b.mx"}', NDJSON, **terms) == expected


def test_the_scope_of_a_type_is_its_own_unless_said() -> None:
    for value, scope in (("646180115000000000", "payout"), ("a@b.mx", "payin")):
        row = _read(value, PLAIN)
        assert row is not None
        assert row.flow_scope == scope


@pytest.mark.parametrize("text", ["", "   ", "# comment", "; comment", "  # another"])
def test_blank_lines_and_comments_of_a_list_are_no_rows(text: str) -> None:
    assert _read(text, PLAIN) is None


@pytest.mark.parametrize("text", ["1.10.16.0/20 ; SBL256894", "1.10.16.0/20\t# spamhaus", "1.10.16.0/20"])
def test_what_follows_a_value_of_a_list_is_a_comment(text: str) -> None:
    row = _read(text, PLAIN)
    assert row is not None
    assert row[:2] == ("ip_range", "1.10.16.0/20")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("email,,,,,", RowCode.MISSING_VALUE),
        ("email,nobody,,,,", RowCode.INVALID_VALUE),
        ("ip_range,0.0.0.0/0,,,,", RowCode.INVALID_VALUE),
        ("ip_range,::/0,,,,", RowCode.INVALID_VALUE),
        (",whatever,,,,", RowCode.MISSING_LIST_TYPE),
        ("mail,a@b.mx,,,,", RowCode.UNKNOWN_LIST_TYPE),
        ("email,a@b.mx,all,,,", RowCode.UNKNOWN_FLOW_SCOPE),
        ("email,a@b.mx,,fatal,,", RowCode.UNKNOWN_SEVERITY),
        (f"email,a@b.mx,,,{'x' * 2001},", RowCode.REASON_TOO_LONG),
        ("email,a@b.mx,,,,tomorrow", RowCode.INVALID_EXPIRY),
        ("email,a@b.mx,,,,2026-11-25", RowCode.INVALID_EXPIRY),
        ("email,a@b.mx,,,,2027-01-01T10:00:00", RowCode.INVALID_EXPIRY),
        ("email,a@b.mx,,,,9999-01-01", RowCode.INVALID_EXPIRY),
        ("email,a@b.mx,,,,9999-12-31T23:59:59-10:00", RowCode.INVALID_EXPIRY),
        ("email,a@b.mx,,,,,one more", RowCode.TOO_MANY_COLUMNS),
        ("email,a@b\x00.mx,,,,", RowCode.UNREADABLE),
        (b"email,a\xff@b.mx,,,,", RowCode.UNREADABLE),
    ],
)
def test_a_row_that_is_not_valid_says_why(text: str | bytes, code: RowCode) -> None:
    assert _fault(text) is code


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"value": 5}', "a@b.mx", "[" * 50_000])
def test_a_line_that_is_no_entry_in_json_is_not_valid(text: str) -> None:
    assert _fault(text, NDJSON) is RowCode.INVALID_JSON


@pytest.mark.parametrize("field", ["value", "list_type", "flow_scope", "severity", "reason", "expires_at"])
@pytest.mark.parametrize("escape", ["\\u0000", "\\u001f", "\\b", "\\ufffd"])
def test_a_control_character_written_as_an_escape_is_one(field: str, escape: str) -> None:
    terms = {
        "value": "a-1",
        "list_type": "customer_id",
        "flow_scope": "",
        "severity": "",
        "reason": "",
        "expires_at": "",
    }
    assert _fault(json.dumps(terms | {field: "X"}).replace("X", f"a{escape}"), NDJSON) is RowCode.UNREADABLE
    assert _read(json.dumps(terms | {"reason": 'dijo:\n\t"ñ"'}), NDJSON) is not None


def test_a_row_that_was_cut_is_not_valid() -> None:
    reader = RowReader(TABLE, FixedTerms(), now=NOW)
    for fault, code in (("is_too_long", RowCode.ROW_TOO_LONG), ("is_open", RowCode.UNCLOSED_QUOTE)):
        with pytest.raises(RowFault) as refused:
            reader.read(_row("email,a@b.mx,,,,", **{fault: True}))
        assert refused.value.code is code


def test_empty_cells_beyond_the_header_are_nothing() -> None:
    assert _read("email,a@b.mx,,,,,,") is not None
    assert _read(",,,,,,") is None


def test_every_reason_has_its_words() -> None:
    assert set(MESSAGES) == set(RowCode)


@given(st.binary(max_size=300), st.sampled_from([TABLE, PLAIN, NDJSON]))
def test_whatever_stands_in_a_row_it_is_read_or_refused(data: bytes, layout: Layout) -> None:
    reader = RowReader(layout, FixedTerms(), now=NOW)
    row = None
    with suppress(RowFault):
        row = reader.read(_row(data))
    assert row is None or row.value
