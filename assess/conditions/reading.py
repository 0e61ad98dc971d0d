"""From text to tree: the part of CEL that custom rules may use.

Grammar and precedence are CEL's (https://github.com/google/cel-spec/blob/master/doc/langdef.md), without macros,
conditionals, decimals, maps and calls to anything but the functions below: what is left ends in the time that its
length allows.
"""

from collections.abc import Callable

from assess.conditions.faults import ConditionFault, Fault
from assess.conditions.tokens import Token, TokenKind, cut
from assess.conditions.tree import (
    Binary,
    Call,
    Expression,
    Flag,
    Has,
    Negative,
    Not,
    Number,
    Operator,
    Path,
    Size,
    Test,
    Text,
    Values,
)

MAXIMUM_BYTES = 2_000
MAXIMUM_DEPTH = 24
MAXIMUM_OPERATORS = 200
"""Each may make the tree a level deeper, and whatever walks it goes down by calls."""
MAXIMUM_NUMBER = 2**63 - 1
_NO_NAMES = frozenset({"true", "false", "null", "in"})
"""Words of CEL's own, which name no field; the words that it only reserves do after a point."""
_MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
_RELATIONS = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.AT_MOST,
        Operator.MORE,
        Operator.AT_LEAST,
        Operator.IN,
    }
)


def read_condition(source: str) -> Expression:
    """Return the tree of the text; raises ConditionFault with the place of the first fault."""
    if len(source.encode("utf-8", "surrogatepass")) > MAXIMUM_BYTES:
        raise ConditionFault(Fault.TOO_LONG, 0, maximum=str(MAXIMUM_BYTES))
    if not source.strip():
        raise ConditionFault(Fault.EMPTY, 0)
    return _Reader(cut(source)).read()


class _Reader:
    """Reads one condition by recursive descent, one method a level of precedence."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._operators = 0

    def read(self) -> Expression:
        found = self._read_or()
        if self._next.says == "?":
            raise ConditionFault(Fault.TERNARY, self._next.at)
        if self._next.kind is not TokenKind.END:
            raise ConditionFault(Fault.UNEXPECTED, self._next.at)
        return found

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._tokens[self._place]
        self._place += token.kind is not TokenKind.END
        return token

    def _is_sign(self, sign: str) -> bool:
        return self._next.kind is TokenKind.SIGN and self._next.says == sign

    def _require(self, sign: str) -> Token:
        if not self._is_sign(sign):
            raise ConditionFault(Fault.EXPECTED, self._next.at, expected=sign)
        return self._take()

    def _read_or(self) -> Expression:
        return self._read_chain(self._read_and, frozenset({Operator.OR}))

    def _read_and(self) -> Expression:
        return self._read_chain(self._read_relation, frozenset({Operator.AND}))

    def _read_relation(self) -> Expression:
        return self._read_chain(self._read_sum, _RELATIONS)

    def _read_sum(self) -> Expression:
        return self._read_chain(self._read_product, frozenset({Operator.PLUS, Operator.MINUS}))

    def _read_product(self) -> Expression:
        return self._read_chain(self._read_unary, frozenset({Operator.TIMES, Operator.DIVIDED, Operator.MODULO}))

    def _read_chain(self, read: Callable[[], Expression], operators: frozenset[Operator]) -> Expression:
        """Read operands of one level, joined from the left."""
        left = read()
        while self._next.kind in {TokenKind.SIGN, TokenKind.WORD} and self._next.says in operators:
            operator = Operator(self._count_operator(self._take()).says)
            left = Binary(operator, left, read(), at=left.at)
        return left

    def _count_operator(self, token: Token) -> Token:
        self._operators += 1
        if self._operators > MAXIMUM_OPERATORS:
            raise ConditionFault(Fault.TOO_DEEP, token.at)
        return token

    def _read_unary(self) -> Expression:
        token = self._next
        if self._is_sign("!"):
            self._take()
            return Not(self._deeper(self._read_unary), at=token.at)
        if self._is_sign("-"):
            self._take()
            return self._negate(self._deeper(self._read_unary), token.at)
        return self._read_tests()

    def _negate(self, of: Expression, at: int) -> Expression:
        return Number(-of.value, at=at) if isinstance(of, Number) and of.value > 0 else Negative(of, at=at)

    def _deeper(self, read: Callable[[], Expression]) -> Expression:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise ConditionFault(Fault.TOO_DEEP, self._next.at)
        found = read()
        self._depth -= 1
        return found

    def _read_tests(self) -> Expression:
        """Read a value and the tests of texts that follow it."""
        found = self._read_value()
        while self._is_sign("."):
            self._count_operator(self._take())
            found = self._read_test(found)
        return found

    def _read_test(self, of: Expression) -> Expression:
        name = self._take()
        if name.says in _MACROS:
            raise ConditionFault(Fault.MACRO, name.at)
        if name.says not in set(Test):
            raise ConditionFault(Fault.FUNCTION, name.at)
        self._require("(")
        argument = self._deeper(self._read_or)
        self._require(")")
        return Call(Test(name.says), of, argument, at=of.at)

    def _read_value(self) -> Expression:
        token = self._take()
        match token.kind:
            case TokenKind.NUMBER:
                return _make_number(token)
            case TokenKind.TEXT:
                return Text(token.says, at=token.at)
            case TokenKind.WORD:
                return self._read_word(token)
            case TokenKind.SIGN if token.says == "(":
                found = self._deeper(self._read_or)
                self._require(")")
                return found
            case TokenKind.SIGN if token.says == "[":
                return self._read_values(token.at)
        raise ConditionFault(Fault.EXPECTED, token.at, expected="value")

    def _read_word(self, token: Token) -> Expression:
        if token.says in {"true", "false"}:
            return Flag(token.says == "true", at=token.at)
        if token.says in {"null", "in"}:
            raise ConditionFault(Fault.UNEXPECTED, token.at)
        if self._is_sign("("):
            return self._read_function(token)
        return self._read_path(token)

    def _read_function(self, name: Token) -> Expression:
        if name.says in _MACROS:
            raise ConditionFault(Fault.MACRO, name.at)
        if name.says not in {"has", "size"}:
            raise ConditionFault(Fault.FUNCTION, name.at)
        self._take()
        argument = self._deeper(self._read_or)
        self._require(")")
        if name.says == "size":
            return Size(argument, at=name.at)
        if not isinstance(argument, Path):
            raise ConditionFault(Fault.EXPECTED, argument.at, expected="path")
        return Has(argument, at=name.at)

    def _read_path(self, first: Token) -> Path:
        """Read `group.name`; a name that a parenthesis follows is a test of what stands before it."""
        names = [first.says]
        while self._is_sign(".") and not self._is_call_ahead():
            self._take()
            name = self._take()
            if name.kind is not TokenKind.WORD or name.says in _NO_NAMES:
                raise ConditionFault(Fault.EXPECTED, name.at, expected="path")
            names.append(name.says)
        return Path(".".join(names), at=first.at)

    def _is_call_ahead(self) -> bool:
        ahead = self._tokens[self._place + 1 : self._place + 3]
        return len(ahead) == 2 and ahead[0].kind is TokenKind.WORD and ahead[1].says == "(" and _is_bare(ahead[1])

    def _read_values(self, at: int) -> Values:
        items: list[Number | Text] = []
        while not self._is_sign("]"):
            if items:
                self._require(",")
            items.append(self._read_item())
        self._take()
        if len({type(item) for item in items}) != 1:
            raise ConditionFault(Fault.LIST, at)
        return Values(tuple(items), at=at)

    def _read_item(self) -> Number | Text:
        place = self._next.at
        item = self._read_unary()
        if not isinstance(item, Number | Text):
            raise ConditionFault(Fault.LIST, place)
        return item


def _is_bare(token: Token) -> bool:
    return token.kind is TokenKind.SIGN


def _make_number(token: Token) -> Number:
    if len(token.says) > len(str(MAXIMUM_NUMBER)) or int(token.says) > MAXIMUM_NUMBER:
        raise ConditionFault(Fault.NUMBER, token.at)
    return Number(int(token.says), at=token.at)
