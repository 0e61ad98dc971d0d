"""Values as PostgreSQL reads them back."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from django.db import DataError
from hypothesis import given
from hypothesis import strategies as st

from core.sql import Statement, run_statement
from core.sql_parameters import compile_sql, dump, dump_all

pytestmark = pytest.mark.django_db


class Word(StrEnum):
    ONE = "uno"


class Number(IntEnum):
    TWO = 2


def _read_back(value: Any, kind: str) -> Any:
    return run_statement(Statement(f"SELECT %(value)s::{kind}", {"value": value}))[0][0]


AT = datetime(2026, 11, 10, 18, 30, 1, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Ñandú \\ \" ' {} , null %", "text"),
        ("", "text"),
        (-(2**63), "bigint"),
        (10**30, "numeric"),
        (True, "boolean"),
        (False, "boolean"),
        (uuid.UUID(int=7), "uuid"),
        (AT, "timestamptz"),
        (date(2026, 2, 28), "date"),
        (b"\x00\xff\\x", "bytea"),
        (b"", "bytea"),
        (None, "uuid"),
        (Decimal("1.50"), "numeric"),
        (timedelta(days=1, seconds=2), "interval"),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_went(value: Any, kind: str) -> None:
    found = _read_back(value, kind)
    assert (bytes(found) if isinstance(value, bytes) else found) == value


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        (Word.ONE, "text", "uno"),
        (Number.TWO, "smallint", 2),
        ((1, 2), "bigint[]", [1, 2]),
        ([], "text[]", []),
        ([Word.ONE, None], "text[]", ["uno", None]),
        ([Number.TWO], "smallint[]", [2]),
        ([uuid.UUID(int=1), None], "uuid[]", [uuid.UUID(int=1), None]),
        ([AT], "timestamptz[]", [AT]),
        ([True, False], "boolean[]", [True, False]),
    ],
    ids=repr,
)
def test_a_word_is_its_text_and_a_list_an_array(value: Any, kind: str, found: Any) -> None:
    assert _read_back(value, kind) == found


def test_bytes_in_a_list_come_back() -> None:
    assert [bytes(part) for part in _read_back([b"\x00\xff", b'"'], "bytea[]")] == [b"\x00\xff", b'"']


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.none()))
def test_any_texts_in_a_list_come_back(texts: list[str | None]) -> None:
    assert _read_back(texts, "text[]") == texts


def test_a_text_with_nul_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(DataError):
        dump("a\0b")
    with pytest.raises(DataError):
        run_statement(Statement("SELECT %(value)s::text[]", {"value": ["a\0b"]}))
    assert _read_back("still there", "text") == "still there"


def test_names_become_numbers_each_once() -> None:
    compiled = compile_sql("SELECT %(a)s::int, %(b)s::int, %(a)s::int % 2 LIKE '%%x'")
    assert compiled.sql == b"SELECT $1::int, $2::int, $1::int % 2 LIKE '%x'"
    assert compiled.names == ("a", "b")
    assert compile_sql("SELECT %(a)s::int, %(b)s::int, %(a)s::int % 2 LIKE '%%x'") is compiled


def test_a_parameter_that_is_missing_is_told_by_its_name() -> None:
    with pytest.raises(KeyError, match="b"):
        dump_all(compile_sql("SELECT %(a)s::int, %(b)s::int, 1"), {"a": 1})
