import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.rules.canonical_json import LARGEST_INTEGER, encode_canonical, read_stored, require_plain

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def test_members_are_sorted_and_nothing_stands_between_them() -> None:
    value = {"b": [1, True, None], "a": {"d": "ñ", "c": -5}}
    assert encode_canonical(value) == '{"a":{"c":-5,"d":"ñ"},"b":[1,true,null]}'.encode()


def test_text_is_escaped_as_rfc_8785_section_3_2_2_2_says() -> None:
    assert encode_canonical('\u20ac$\x0f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@given(PLAIN)
def test_what_is_plain_is_spelt_alike_after_any_reader(value: object) -> None:
    require_plain(value)
    spelt = encode_canonical(value)
    assert encode_canonical(json.loads(spelt)) == spelt
    assert encode_canonical(read_stored(json.dumps(value, indent=1))) == spelt


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLAIN)
def test_postgresql_gives_back_what_it_was_given(value: object) -> None:
    spelt = encode_canonical(value)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [spelt.decode()])
        assert encode_canonical(read_stored(cursor.fetchone()[0])) == spelt


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        "a\x00b",
        "\ud800",
        {"ñ": 1},
        {1: 1},
        {"a\x00": 1},
        {"deep": [{"er": 0.1}]},
        b"bytes",
        {1, 2},
    ],
)
def test_what_readers_may_understand_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        require_plain(value)


@pytest.mark.parametrize("number", ["1.5", "1e3", "1.0", "12345678901234567890", "9" * 5000])
def test_a_number_put_in_by_hand_becomes_marked_text(number: str) -> None:
    assert read_stored(f'{{"a": {number}}}') == {"a": f"\x00number:{number}"}
