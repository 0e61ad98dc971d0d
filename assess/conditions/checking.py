"""Whether a tree makes sense: every field exists in the rule's flows, and every operator goes with what it joins."""

from collections.abc import Iterator

from assess.conditions.faults import ConditionFault, Fault
from assess.conditions.field import Kind
from assess.conditions.fields import find_field
from assess.conditions.reading import read_condition
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
    Text,
    Values,
)
from transactions.types import Flow

_LISTS = frozenset({Kind.TEXTS, Kind.NUMBERS})
_ITEMS = {Kind.TEXTS: Kind.TEXT, Kind.NUMBERS: Kind.NUMBER}
_ORDER = frozenset({Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST})
_TEXT = frozenset({Kind.TEXT})
_UNARY: dict[type, tuple[str, frozenset[Kind], Kind]] = {
    Size: ("size", _LISTS | _TEXT, Kind.NUMBER),
    Not: ("!", frozenset({Kind.FLAG}), Kind.FLAG),
    Negative: ("-", frozenset({Kind.NUMBER}), Kind.NUMBER),
}
"""How it is written, what it takes, what it gives."""
_JOINS = frozenset({Operator.AND, Operator.OR})
_EQUALITY = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})


def parse_condition(source: str, *, flows: frozenset[Flow]) -> Expression:
    """Return the tree of a condition that may be asked of payments of these flows; raises ConditionFault."""
    tree = read_condition(source)
    kind = _Checker(flows).find_kind(tree)
    if kind is not Kind.FLAG:
        raise ConditionFault(Fault.NOT_A_CONDITION, tree.at, kind=kind.value)
    return tree


def list_paths(tree: Expression) -> list[Path]:
    """Return every mention of a field, in the order of the text."""
    return list(_walk(tree))


def _walk(tree: Expression) -> Iterator[Path]:
    match tree:
        case Path():
            yield tree
        case Has(path=path):
            yield path
        case Size(of=of) | Not(of=of) | Negative(of=of):
            yield from _walk(of)
        case Call(of=of, argument=argument):
            yield from _walk(of)
            yield from _walk(argument)
        case Binary(left=left, right=right):
            yield from _walk(left)
            yield from _walk(right)


class _Checker:
    def __init__(self, flows: frozenset[Flow]) -> None:
        self._flows = flows

    def find_kind(self, tree: Expression) -> Kind:
        """Return what the tree is when it is evaluated; raises ConditionFault."""
        match tree:
            case Number() | Text() | Flag() | Values():
                return _find_kind_of_constant(tree)
            case Path():
                return self._find_kind_of_field(tree)
            case Has(path=path):
                self._find_kind_of_field(path)
                return Kind.FLAG
            case Size() | Not() | Negative():
                operator, wanted, gives = _UNARY[type(tree)]
                return self._demand(operator, tree.of, wanted, gives, tree.at)
            case Call(test=test, of=of, argument=argument):
                self._demand(test.value, of, _TEXT, Kind.FLAG, tree.at)
                return self._demand(test.value, argument, _TEXT, Kind.FLAG, argument.at)
            case Binary():
                return self._find_kind_of_binary(tree)

    def _find_kind_of_field(self, path: Path) -> Kind:
        found = find_field(path.name)
        if found is None:
            raise ConditionFault(Fault.FIELD, path.at, name=path.name)
        if not self._flows <= found.flows:
            raise ConditionFault(Fault.FIELD_OF_OTHER_FLOW, path.at, name=path.name)
        return found.kind

    def _demand(self, operator: str, of: Expression, wanted: frozenset[Kind], gives: Kind, at: int) -> Kind:
        kind = self.find_kind(of)
        if kind not in wanted | {Kind.ANY}:
            raise ConditionFault(Fault.OPERANDS, at, operator=operator, left=kind.value, right=min(wanted).value)
        return gives

    def _find_kind_of_binary(self, tree: Binary) -> Kind:
        left, right = self.find_kind(tree.left), self.find_kind(tree.right)
        if not _goes(tree.operator, left, right):
            raise ConditionFault(
                Fault.OPERANDS, tree.right.at, operator=tree.operator.value, left=left.value, right=right.value
            )
        return Kind.FLAG if tree.operator in _JOINS | _EQUALITY | _ORDER | {Operator.IN} else Kind.NUMBER


def _find_kind_of_constant(tree: Number | Text | Flag | Values) -> Kind:
    match tree:
        case Number():
            return Kind.NUMBER
        case Text():
            return Kind.TEXT
        case Flag():
            return Kind.FLAG
        case Values(items=items):
            return Kind.TEXTS if isinstance(items[0], Text) else Kind.NUMBERS


def _goes(operator: Operator, left: Kind, right: Kind) -> bool:
    """Say whether the operator joins the two; a client's value may be any of text, number and flag."""
    if operator is Operator.IN:
        return right in _LISTS and left in {_ITEMS[right], Kind.ANY}
    if left in _LISTS or right in _LISTS:
        return False
    if operator in _EQUALITY:
        return left is right or Kind.ANY in {left, right}
    allowed = {Kind.FLAG} if operator in _JOINS else {Kind.NUMBER, Kind.ANY}
    return left in allowed and right in allowed
