"""JSON without surprises: exact numbers, no duplicate keys, bounded depth.

Parsing follows RFC 8259 and I-JSON (RFC 7493), stricter where a lenient reader would
let two systems see two different requests. Errors never hold a value of the body.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import NoReturn

from core.identifiers.card import looks_like_card

type JsonValue = dict[str, JsonValue] | list[JsonValue] | str | int | Decimal | bool | None

MAX_DEPTH = 16

_MAX_DIGITS = 40
_MAX_POWER = 30
_MAX_NUMBER_LENGTH = 80
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))
_OPENING = frozenset(b"[{")
# The only way a NUL or a surrogate gets past the UTF-8 decoder and the JSON parser.
_SUSPECT_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_BAD_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_CONSTANTS = {None: "null", True: "true", False: "false"}
_CARD_NUMBERS = (Decimal(10**12), Decimal(10**19))

# Keys whose own value may look like a card number and be none (contract, section 2).
_EXEMPT_FROM_CARDS = frozenset(
    {
        "account_hash",
        "account_id",
        "clabe",
        "customer_id",
        "fingerprint",
        "iban",
        "id",
        "idempotency_key",
        "order_id",
        "payment_id",
        "phone",
        "session_id",
    }
)


class InvalidJson(ValueError):
    """A body that cannot be taken.

    ``reason`` is one of ``byte_order_mark``, ``not_utf8``, ``not_json``,
    ``not_an_object``, ``duplicate_key``, ``non_finite_number``,
    ``number_out_of_range``, ``lone_surrogate``, ``nul_character`` and ``too_deep``.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


def parse_object(body: bytes, *, max_depth: int = MAX_DEPTH) -> dict[str, JsonValue]:
    """Return the JSON object in the body.

    A number written as an integer becomes an ``int`` (``-0`` too), any other number
    (``1500.0``, ``1e3``) a ``Decimal`` with exactly the value and places written. As
    digits times a power of ten (``1.50`` is 150 and -2), a number may have 40 digits
    and a power from -30 to 30. ``max_depth`` counts objects and arrays inside each
    other, the outermost included.

    Raises:
        InvalidJson: see its reasons.
    """
    text = _decode(body)
    _require_depth(body, max_depth)
    tree = _parse(text)
    if not isinstance(tree, dict):
        raise InvalidJson("not_an_object", "The body must be a JSON object.")
    if _SUSPECT_ESCAPE.search(body):
        _require_clean_text(tree)
    return tree


def _decode(body: bytes) -> str:
    """Return the body's text; UTF-8 is the only encoding of JSON on the wire."""
    if body.startswith(_BYTE_ORDER_MARK):
        raise InvalidJson("byte_order_mark", "The body must not begin with a byte order mark.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        position = error.start
    # Raised out here, as the decoder's error holds the body and would travel along.
    raise InvalidJson("not_utf8", f"The body is not UTF-8 (byte {position}).")


def _require_depth(body: bytes, max_depth: int) -> None:
    """Refuse deep nesting before the parser, which recurses on the C stack, meets it."""
    if body.count(b"[") + body.count(b"{") <= max_depth:
        return
    structure = _ESCAPE.sub(b"", body).translate(None, _NOT_STRUCTURE)
    depth = 0
    for character in b"".join(structure.split(b'"')[::2]):
        depth += 1 if character in _OPENING else -1
        if depth > max_depth:
            raise InvalidJson("too_deep", f"The body is nested deeper than {max_depth} levels.")


def _parse(text: str) -> JsonValue:
    try:
        tree: JsonValue = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        position = error.pos
    else:
        return tree
    raise InvalidJson("not_json", f"The body is not valid JSON (character {position}).")


def _to_object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJson("duplicate_key", "An object names the same key twice.")
    return members


def _to_int(token: str) -> int:
    if len(token) - (token[0] == "-") > _MAX_DIGITS:
        raise _out_of_range()
    return int(token)


def _to_decimal(token: str) -> Decimal:
    if len(token) > _MAX_NUMBER_LENGTH:
        raise _out_of_range()
    try:
        number = Decimal(token)
    except InvalidOperation:  # an exponent that Decimal itself cannot hold
        raise _out_of_range() from None
    _, digits, power = number.as_tuple()
    if len(digits) > _MAX_DIGITS or not -_MAX_POWER <= int(power) <= _MAX_POWER:
        raise _out_of_range()
    return number


def _out_of_range() -> InvalidJson:
    return InvalidJson(
        "number_out_of_range",
        f"A number has more than {_MAX_DIGITS} digits or a power of ten beyond {_MAX_POWER}.",
    )


def _refuse_constant(_token: str) -> NoReturn:
    raise InvalidJson("non_finite_number", "NaN and Infinity are not JSON numbers.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_to_object,
    parse_int=_to_int,
    parse_float=_to_decimal,
    parse_constant=_refuse_constant,
)


def _require_clean_text(value: JsonValue) -> None:
    """Refuse NUL and lone surrogates, which PostgreSQL cannot store, in keys and values."""
    match value:
        case str():
            _require_clean_string(value)
        case list():
            for item in value:
                _require_clean_text(item)
        case dict():
            for key, item in value.items():
                _require_clean_string(key)
                _require_clean_text(item)


def _require_clean_string(text: str) -> None:
    found = _BAD_CHARACTER.search(text)
    if found is None:
        return
    if found[0] == "\x00":
        raise InvalidJson("nul_character", "A text holds the character NUL.")
    raise InvalidJson("lone_surrogate", "A text holds half of a surrogate pair.")


def canonical_bytes(value: JsonValue, *, without: frozenset[str] = frozenset()) -> bytes:
    """Return bytes that are equal exactly when two trees are, for a fingerprint.

    Keys are sorted and numbers are written by value (1500, 1500.0 and 1.5e3 alike);
    strings, numbers, booleans and null stay apart. Keys of the outermost object that
    ``without`` names are left out. The tree is one that :func:`parse_object` gives.

    Raises:
        TypeError: a value that JSON does not know (a float is one: it is not exact).
        ValueError: NaN, Infinity or a lone surrogate.
    """
    if without and isinstance(value, dict):
        value = {key: item for key, item in value.items() if key not in without}
    return _canonical(value).encode("utf-8")


def _canonical(value: JsonValue) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, int | Decimal):
        return _canonical_number(value)
    if isinstance(value, dict):
        members = [f"{encode_basestring(key)}:{_canonical(item)}" for key, item in sorted(value.items())]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    raise TypeError(f"JSON has no {type(value).__name__}.")


def _canonical_number(number: int | Decimal) -> str:
    if isinstance(number, int):
        return _shortest(str(int(number)), 0)
    if not number.is_finite():
        raise ValueError("JSON has only finite numbers.")
    sign, digits, power = number.as_tuple()
    return _shortest("-" * sign + "".join(map(str, digits)), int(power))


def _shortest(digits: str, power: int) -> str:
    """Return digits * 10**power in its one form without trailing zeros, such as 15E2.

    A power instead of zeros, so that 1E+400000000 is not written out.
    """
    kept = digits.rstrip("0")
    if kept in {"", "-"}:
        return "0"
    power += len(digits) - len(kept)
    return f"{kept}E{power}" if power else kept


def find_card_number(tree: JsonValue) -> str | None:
    """Return the dotted path of the first value or key that looks like a card number.

    A path names keys and list positions, never a value; a key that is itself a card
    number is written ``*``. A key named in the contract (``phone``, ``clabe``, ...)
    exempts its own value, or the values of its own list, but no object below it.
    """
    path = _find_card(tree, exempt=False)
    return None if path is None else ".".join(reversed(path))


def _find_card(value: JsonValue, *, exempt: bool) -> list[str] | None:
    """Return the path from the card number up to this value, None without one."""
    if isinstance(value, dict):
        return _find_card_in_object(value)
    if isinstance(value, list):
        return _find_card_in_list(value, exempt=exempt)
    return [] if not exempt and _is_card(value) else None


def _find_card_in_object(members: dict[str, JsonValue]) -> list[str] | None:
    for key, item in members.items():
        if looks_like_card(key):
            return ["*"]
        path = _find_card(item, exempt=key in _EXEMPT_FROM_CARDS)
        if path is not None:
            return [*path, key]
    return None


def _find_card_in_list(items: list[JsonValue], *, exempt: bool) -> list[str] | None:
    for position, item in enumerate(items):
        path = _find_card(item, exempt=exempt and not isinstance(item, list))
        if path is not None:
            return [*path, str(position)]
    return None


def _is_card(value: str | int | Decimal | None) -> bool:
    """Tell whether a scalar looks like a card number, 4…1.0 as well as 4…1."""
    if isinstance(value, Decimal):
        low, high = _CARD_NUMBERS
        return low <= value.copy_abs() < high and value == int(value) and looks_like_card(int(value))
    return value is not None and looks_like_card(value)
