"""The text of a condition cut into its pieces."""

import re
from dataclasses import dataclass
from enum import StrEnum

from assess.conditions.faults import ConditionFault, Fault


class TokenKind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece: its kind, what it says (a text unquoted), and where it began."""

    kind: TokenKind
    says: str
    at: int


_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"[0-9]+(?P<rest>[0-9A-Za-z_]*)(?P<decimal>\.[0-9]+)?", re.ASCII)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SIGN = re.compile(r"\|\||&&|==|!=|<=|>=|[<>!+\-*/%().,\[\]?:]")
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_UNICODE = re.compile(r"u([0-9A-Fa-f]{4})")


def cut(source: str) -> list[Token]:
    """Return the pieces, the end last; raises ConditionFault."""
    tokens: list[Token] = []
    at = _skip(source, 0)
    while at < len(source):
        token, at = _read(source, at)
        tokens.append(token)
        at = _skip(source, at)
    return [*tokens, Token(TokenKind.END, "", len(source))]


def _skip(source: str, at: int) -> int:
    found = _SPACE.match(source, at)
    return found.end() if found else at


def _read(source: str, at: int) -> tuple[Token, int]:
    if source[at] in "'\"":
        return _read_text(source, at)
    if found := _NUMBER.match(source, at):
        return _check_number(found, at), found.end()
    for kind, form in ((TokenKind.WORD, _WORD), (TokenKind.SIGN, _SIGN)):
        if found := form.match(source, at):
            return Token(kind, found.group(), at), found.end()
    raise ConditionFault(Fault.CHARACTER, at)


def _check_number(found: re.Match[str], at: int) -> Token:
    if found["decimal"]:
        raise ConditionFault(Fault.DECIMAL, at)
    if found["rest"]:
        raise ConditionFault(Fault.CHARACTER, found.start("rest"))
    return Token(TokenKind.NUMBER, found.group(), at)


def _read_text(source: str, start: int) -> tuple[Token, int]:
    quote, at = source[start], start + 1
    parts: list[str] = []
    while at < len(source) and source[at] != "\n":
        character = source[at]
        if character == quote:
            return Token(TokenKind.TEXT, "".join(parts), start), at + 1
        if character == "\\":
            said, at = _read_escape(source, at)
            parts.append(said)
            continue
        if character < " ":
            raise ConditionFault(Fault.CHARACTER, at)
        parts.append(character)
        at += 1
    raise ConditionFault(Fault.TEXT_OPEN, start)


def _read_escape(source: str, at: int) -> tuple[str, int]:
    letter = source[at + 1 : at + 2]
    if letter in _ESCAPES and letter:
        return _ESCAPES[letter], at + 2
    found = _UNICODE.match(source, at + 1)
    if found is None or _is_forbidden(int(found[1], 16)):
        raise ConditionFault(Fault.ESCAPE, at)
    return chr(int(found[1], 16)), found.end()


def _is_forbidden(code: int) -> bool:
    """Say whether PostgreSQL cannot store it or it is half a character."""
    return code == 0 or 0xD800 <= code <= 0xDFFF
