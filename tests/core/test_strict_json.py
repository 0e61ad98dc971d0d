"""Strict JSON: what is refused and why, exact numbers, fingerprints, card numbers."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.strict_json import InvalidJson, JsonValue, canonical_bytes, find_card_number, parse_object

CARD = "4111111111111111"


def refusal(body: bytes) -> str:
    with pytest.raises(InvalidJson) as caught:
        parse_object(body)
    assert caught.value.__context__ is None or "hush4711" not in repr(caught.value.__context__)
    assert "hush4711" not in repr(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b" ", "not_json"),
        (b"{", "not_json"),
        (b'{"a":1,}', "not_json"),
        (b"{'a':1}", "not_json"),
        (b'{"a":1} x', "not_json"),
        (b'{"a":01}', "not_json"),
        (b'{"a":1.}', "not_json"),
        (b'{"a":+1}', "not_json"),
        (b'{"a":0x1}', "not_json"),
        (b'{"a":"\n"}', "not_json"),
        (b'{"a":"\x00"}', "not_json"),
        (b'{"a":"\\x"}', "not_json"),
        (b'{"a":"hush4711', "not_json"),
        ('{"a":\u0661}'.encode(), "not_json"),
        (b"[]", "not_an_object"),
        (b'"hush4711"', "not_an_object"),
        (b"null", "not_an_object"),
        (b"1", "not_an_object"),
        (b'\xef\xbb\xbf{"a":1}', "byte_order_mark"),
        (b'{"hush4711":"\xff"}', "not_utf8"),
        (b'{"a":"\xed\xa0\x80"}', "not_utf8"),
        (b'{"a":"\xc0\x80"}', "not_utf8"),
        ('{"a":1}'.encode("utf-16"), "not_utf8"),
        ('{"a":1}'.encode("utf-16-le"), "not_json"),
        (b'{"hush4711":1,"hush4711":1}', "duplicate_key"),
        (b'{"a":[{"b":1,"c":2,"\\u0062":3}]}', "duplicate_key"),
        (b'{"a":NaN}', "non_finite_number"),
        (b'{"a":[Infinity]}', "non_finite_number"),
        (b'{"a":-Infinity}', "non_finite_number"),
        (b'{"a":"\\ud800"}', "lone_surrogate"),
        (b'{"\\udc00":1}', "lone_surrogate"),
        (b'{"a":[{"b":"x\\uDEADx"}]}', "lone_surrogate"),
        (b'{"a":"\\udc00\\ud800"}', "lone_surrogate"),
        (b'{"a":"\\u0000"}', "nul_character"),
        (b'{"a":{"x\\u0000":1}}', "nul_character"),
    ],
)
def test_each_fault_has_its_reason_and_no_message_holds_a_value(body: bytes, reason: str) -> None:
    assert refusal(body) == reason


@pytest.mark.parametrize(
    "token",
    [
        "1" * 41,
        "-" + "1" * 41,
        pytest.param("9" * 100_000, id="100,000 digits"),
        "1e31",
        "1e-31",
        "1e400000000",
        "1E+999999999999999999999",
        "0." + "1" * 31,
        pytest.param("0." + "0" * 100_000, id="100,000 places"),
        "1." + "1" * 40,
        "0e999",
        "1e" + "0" * 100,
    ],
)
def test_numbers_beyond_the_range_are_refused(token: str) -> None:
    assert refusal(f'{{"a":[{token}]}}'.encode()) == "number_out_of_range"


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("1500", 1500),
        ("-1", -1),
        ("-0", 0),
        ("9" * 40, int("9" * 40)),
        ("1500.0", Decimal("1500.0")),
        ("1e3", Decimal("1E+3")),
        ("-0.0", Decimal("-0.0")),
        ("1E30", Decimal("1E+30")),
        ("0." + "1" * 30, Decimal("0." + "1" * 30)),
        ("0.1000000000000000055511151231", Decimal("0.1000000000000000055511151231")),
    ],
)
def test_numbers_are_exact_and_keep_how_they_were_written(token: str, value: int | Decimal) -> None:
    number = parse_object(f'{{"a":{token}}}'.encode())["a"]
    assert type(number) is type(value)
    assert str(number) == str(value)


def test_ordinary_json_passes() -> None:
    body = '{"a":[true,false,null,"",{}],"\u00f1":"\\ud83d\\ude00 \\\\u0000 \\u00e9\\n","":{"b":[]}}'.encode()
    assert parse_object(b" \n" + body + b"\r\n\t") == {
        "a": [True, False, None, "", {}],
        "\u00f1": "\U0001f600 \\u0000 \u00e9\n",
        "": {"b": []},
    }


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_sixteen_levels_pass_and_seventeen_do_not() -> None:
    assert parse_object(nested(16))
    assert refusal(nested(17)) == "too_deep"
    assert parse_object(nested(40), max_depth=40)
    with pytest.raises(InvalidJson):
        parse_object(b'{"a":{}}', max_depth=1)


DEEP = {
    "arrays": nested(100_001),
    "arrays without end": b"[" * 100_000,
    "objects without end": b'{"a":' * 100_000,
    "a bracket in a key": b'{"\\"[":' + b'[{"a":' * 100_000,
    "a backslash at the end of a text": b'{"a":"\\\\",' + nested(20)[1:],
}


@pytest.mark.parametrize("name", DEEP)
def test_a_hundred_thousand_levels_are_refused_and_nothing_else(name: str) -> None:
    assert refusal(DEEP[name]) == "too_deep"


def test_brackets_in_texts_and_side_by_side_are_no_depth() -> None:
    tree: dict[str, JsonValue] = {"a": "[" * 50, '"[{\\': '\\"[[{{', "rows": [{"b": [1]} for _ in range(1000)]}
    assert parse_object(json.dumps(tree).encode()) == tree


def test_equal_numbers_give_equal_bytes() -> None:
    bodies = [b'{"a":1500}', b'{ "a" : 1500.0 }', b'{"a":1.5e3}', b'{"a":15E+2}', b'{"a":1500.000}']
    assert {canonical_bytes(parse_object(body)) for body in bodies} == {b'{"a":15E2}'}
    zeros = [b'{"a":0}', b'{"a":-0}', b'{"a":0.00}', b'{"a":-0e5}']
    assert {canonical_bytes(parse_object(body)) for body in zeros} == {b'{"a":0}'}


def test_order_and_spelling_of_keys_do_not_matter_but_order_of_lists_does() -> None:
    first = parse_object(b'{"b":[1,2],"a":{"y":"\\u00e9","x":null}}')
    second = parse_object('{"a":{"x":null,"y":"\u00e9"},"b":[1,2]}'.encode())
    third = parse_object('{"a":{"x":null,"y":"\u00e9"},"b":[2,1]}'.encode())
    assert canonical_bytes(first) == canonical_bytes(second) == '{"a":{"x":null,"y":"\u00e9"},"b":[1,2]}'.encode()
    assert canonical_bytes(first) != canonical_bytes(third)


def test_different_types_give_different_bytes() -> None:
    values: list[JsonValue] = [
        1,
        "1",
        [1],
        {"1": 1},
        True,
        "true",
        None,
        "null",
        "",
        [],
        {},
        0,
        False,
        Decimal("0.1"),
        "1E-1",
        ["a,b"],
    ]
    values += [["a", "b"], ['a","b'], -1, Decimal("1.01"), 101, {"a": 1, "b": 2}, {'a":1,"b': 2}]
    assert len({canonical_bytes(value) for value in values}) == len(values)


def test_left_out_keys_are_those_of_the_outermost_object_only() -> None:
    tree = parse_object(b'{"idempotency_key":"k","a":{"idempotency_key":"k"}}')
    assert canonical_bytes(tree, without=frozenset({"idempotency_key"})) == b'{"a":{"idempotency_key":"k"}}'
    assert len(tree) == 2


def test_a_huge_power_is_not_written_out() -> None:
    assert canonical_bytes(Decimal("-150E+400000000")) == b"-15E400000001"


@pytest.mark.parametrize(("value", "error"), [(1.5, TypeError), ({1, 2}, TypeError), (Decimal("NaN"), ValueError)])
def test_what_is_not_json_has_no_canonical_form(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"a": CARD}, "a"),
        ({"a": int(CARD)}, "a"),
        ({"a": Decimal(CARD + ".0")}, "a"),
        ({"a": Decimal("4.111111111111111E+15")}, "a"),
        ({"metadata": {"items": [{"x": 1}, {"note": "4111 1111-1111 1111"}]}}, "metadata.items.1.note"),
        ({"metadata": [["x", CARD]]}, "metadata.0.1"),
        ({CARD: 1}, "*"),
        ({"metadata": {"x": {"4111-1111-1111-1111": {}}}}, "metadata.x.*"),
        ({"id": {"number": CARD}}, "id.number"),
        ({"id": [{"number": CARD}]}, "id.0.number"),
        ({"id": [[CARD]]}, "id.0.0"),
        ({"Phone": CARD}, "Phone"),
        ({"phone": {CARD: 1}}, "phone.*"),
        ({"amount": 1, "card": {"number": CARD}}, "card.number"),
    ],
)
def test_a_card_number_is_found_wherever_it_hides(tree: JsonValue, path: str) -> None:
    assert find_card_number(tree) == path


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"phone": CARD, "clabe": CARD, "iban": CARD, "account_hash": CARD, "account_id": CARD, "id": int(CARD)},
        {"customer_id": CARD, "payment_id": CARD, "order_id": CARD, "session_id": CARD, "idempotency_key": CARD},
        {"device": {"fingerprint": CARD}, "metadata": {"order_id": [CARD, int(CARD)]}},
        {"a": "4111111111111112", "b": f"card {CARD}", "c": Decimal(CARD + ".5"), "d": Decimal("1E+30"), "e": 10**39},
        {"a": True, "b": None, "c": Decimal("0.4111111111111111"), "payment_method": {"card_bin": "41111111"}},
    ],
)
def test_what_is_no_card_number_or_exempt_is_left_alone(tree: JsonValue) -> None:
    assert find_card_number(tree) is None


def test_the_vendors_sample_phone_passes_luhn_and_is_exempt() -> None:
    assert find_card_number({"phone": "+5215512345678"}) is None


def safe_text() -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


numbers = st.one_of(
    st.integers(-(10**40) + 1, 10**40 - 1),
    st.builds(lambda digits, power: Decimal(f"{digits}E{power}"), st.integers(-(10**39), 10**39), st.integers(-30, 30)),
)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), safe_text(), numbers),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(safe_text(), inner, max_size=4)),
    max_leaves=15,
)
objects = st.dictionaries(safe_text(), trees, max_size=4)


def write(value: JsonValue, *, ascii_only: bool) -> str:
    """Write a tree as JSON, each number exactly as it is and keys in reverse order."""
    if isinstance(value, dict):
        members = (
            f"{json.dumps(k, ensure_ascii=ascii_only)} : {write(v, ascii_only=ascii_only)}" for k, v in value.items()
        )
        return "{" + " , ".join(reversed(list(members))) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(item, ascii_only=ascii_only) for item in value) + "]"
    if isinstance(value, Decimal):
        _, digits, power = value.as_tuple()
        return f"{'-' * value.is_signed()}{''.join(map(str, digits))}E{power}"
    return json.dumps(value, ensure_ascii=ascii_only)


@settings(max_examples=150, deadline=None)
@given(objects, st.booleans())
def test_what_is_written_is_read_back_with_the_same_fingerprint(tree: dict[str, JsonValue], ascii_only: bool) -> None:
    read = parse_object(write(tree, ascii_only=ascii_only).encode(), max_depth=100)
    assert read == tree
    assert canonical_bytes(read) == canonical_bytes(tree)


@settings(max_examples=150, deadline=None)
@given(trees, trees)
def test_two_trees_have_the_same_bytes_only_when_they_are_equal(first: JsonValue, second: JsonValue) -> None:
    def typed(value: JsonValue) -> object:
        if isinstance(value, dict):
            return ("object", sorted((key, typed(item)) for key, item in value.items()))
        if isinstance(value, list):
            return ("array", [typed(item) for item in value])
        if isinstance(value, bool) or value is None:
            return ("constant", str(value))
        return ("text", value) if isinstance(value, str) else ("number", str(Decimal(value).normalize()))

    if canonical_bytes(first) == canonical_bytes(second):
        assert typed(first) == typed(second)
    elif repr(first) == repr(second):
        pytest.fail("the same tree gave different bytes")


@settings(max_examples=150, deadline=None)
@given(st.integers(-(10**30), 10**30), st.integers(0, 8))
def test_zeros_behind_the_point_do_not_change_the_bytes(number: int, zeros: int) -> None:
    plain = canonical_bytes(number)
    assert canonical_bytes(Decimal(f"{number}.{'0' * (zeros + 1)}")) == plain
    assert canonical_bytes(Decimal(f"{number}{'0' * zeros}E-{zeros}")) == plain


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.from_regex(r'\{"[a\\u0d8"]{0,9}":[\[\]{}0-9eE+.,:"-]{0,30}\}', fullmatch=True).map(str.encode),
    )
)
def test_any_bytes_are_read_or_refused_and_what_is_read_can_be_fingerprinted(body: bytes) -> None:
    try:
        tree = parse_object(body)
    except InvalidJson:
        return
    assert parse_object(canonical_bytes(tree)) == tree
    find_card_number(tree)


@settings(max_examples=150, deadline=None)
@given(objects, st.sampled_from(["a", "note", "card_number"]))
def test_a_planted_card_number_is_always_found(tree: dict[str, JsonValue], key: str) -> None:
    path = find_card_number({**tree, "planted": [{key: CARD}]})
    assert path is not None
    assert CARD not in path
