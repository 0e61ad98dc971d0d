"""Conditions as rows and groups, for people: field · operator · value, joined by and / or. Text and rows stay in step.

What rows cannot say (arithmetic, a field compared with another, groups within groups) has no sentences and is written
as text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from assess.conditions.field import Kind
from assess.conditions.fields import find_field
from assess.conditions.reading import MAXIMUM_NUMBER
from assess.conditions.tree import (
    Binary,
    Call,
    Expression,
    Flag,
    Has,
    Not,
    Number,
    Operator,
    Path,
    Test,
    Text,
    Values,
)

MAXIMUM_ROWS = 40
MAXIMUM_GROUPS = 10


class Join(StrEnum):
    ALL = "all"
    ANY = "any"


class RowOperator(StrEnum):
    """What a row says of its field."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    MORE = "gt"
    AT_LEAST = "ge"
    LESS = "lt"
    AT_MOST = "le"
    ONE_OF = "in"
    NONE_OF = "not_in"
    STARTS_WITH = "starts"
    ENDS_WITH = "ends"
    CONTAINS = "contains"
    LACKS = "lacks"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    PRESENT = "present"
    ABSENT = "absent"


WITHOUT_VALUE = frozenset({RowOperator.IS_TRUE, RowOperator.IS_FALSE, RowOperator.PRESENT, RowOperator.ABSENT})
WITH_VALUES = frozenset({RowOperator.ONE_OF, RowOperator.NONE_OF})
_PRESENCE = (RowOperator.PRESENT, RowOperator.ABSENT)
_EQUALITY = (RowOperator.EQUAL, RowOperator.NOT_EQUAL)
_ORDER = (RowOperator.MORE, RowOperator.AT_LEAST, RowOperator.LESS, RowOperator.AT_MOST)
_AMONG = (RowOperator.ONE_OF, RowOperator.NONE_OF)
_WITHIN = (RowOperator.STARTS_WITH, RowOperator.ENDS_WITH, RowOperator.CONTAINS, RowOperator.LACKS)
OPERATORS: dict[Kind, tuple[RowOperator, ...]] = {
    Kind.NUMBER: (*_EQUALITY, *_ORDER, *_AMONG, *_PRESENCE),
    Kind.TEXT: (*_EQUALITY, *_AMONG, *_WITHIN, *_PRESENCE),
    Kind.FLAG: (RowOperator.IS_TRUE, RowOperator.IS_FALSE, *_PRESENCE),
    Kind.TEXTS: (RowOperator.INCLUDES, RowOperator.EXCLUDES, *_PRESENCE),
    Kind.ANY: (*_EQUALITY, *_ORDER, *_PRESENCE),
}
_COMPARISONS = {
    RowOperator.EQUAL: Operator.EQUAL,
    RowOperator.NOT_EQUAL: Operator.NOT_EQUAL,
    RowOperator.MORE: Operator.MORE,
    RowOperator.AT_LEAST: Operator.AT_LEAST,
    RowOperator.LESS: Operator.LESS,
    RowOperator.AT_MOST: Operator.AT_MOST,
}
_ROW_OF_COMPARISON = {operator: row for row, operator in _COMPARISONS.items()}
_TESTS = {
    RowOperator.STARTS_WITH: Test.STARTS_WITH,
    RowOperator.ENDS_WITH: Test.ENDS_WITH,
    RowOperator.CONTAINS: Test.CONTAINS,
}
_ROW_OF_TEST = {test: row for row, test in _TESTS.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence. `values` are as they are typed: none, one, or several for the operators that take several."""

    field: str
    operator: RowOperator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    join: Join
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Groups of rows; every group holds rows, and nothing else."""

    join: Join
    groups: tuple[Group, ...]


class RowFault(ValueError):
    """A row that says nothing: which, and what of it (`field`, `operator` or `value`)."""

    def __init__(self, group: int, row: int, part: str) -> None:
        super().__init__(part)
        self.group = group
        self.row = row
        self.part = part


def build_tree(sentences: Sentences) -> Expression:
    """Return the tree of the sentences, which have a row at least; raises RowFault. It is not checked for a flow."""
    groups = [
        _join(group.join, [_build_row(row, g, n) for n, row in enumerate(group.rows)])
        for g, group in enumerate(sentences.groups)
        if group.rows
    ]
    if not groups:
        raise RowFault(0, 0, "field")
    return _join(sentences.join, groups)


def find_sentences(tree: Expression) -> Sentences | None:
    """Return the sentences of a tree, None when rows cannot say it; `build_tree` gives the same tree back."""
    for join in (Join.ALL, Join.ANY):
        if (rows := _find_rows(tree, join)) is not None:
            return Sentences(Join.ALL, (Group(join, rows),))
    for join, inner in ((Join.ALL, Join.ANY), (Join.ANY, Join.ALL)):
        found = [_find_rows(part, inner) for part in _split(tree, join)]
        if all(rows is not None for rows in found):
            return Sentences(join, tuple(Group(inner, rows) for rows in found if rows))
    return None


def _find_rows(tree: Expression, join: Join) -> tuple[Row, ...] | None:
    rows = [_find_true_row(part) for part in _split(tree, join)]
    found = tuple(row for row in rows if row is not None)
    return found if len(found) == len(rows) else None


def _find_true_row(tree: Expression) -> Row | None:
    """Return the row of a tree, None when it has none or its row would be refused or read as another tree."""
    row = _find_row(tree)
    try:
        return row if row is not None and _build_row(row, 0, 0) == tree else None
    except RowFault:
        return None


def _split(tree: Expression, join: Join) -> list[Expression]:
    """Return the operands of a chain that was joined from the left."""
    operator = _operator_of(join)
    parts: list[Expression] = []
    while isinstance(tree, Binary) and tree.operator is operator:
        parts.append(tree.right)
        tree = tree.left
    return [tree, *reversed(parts)]


def _join(join: Join, parts: Iterable[Expression]) -> Expression:
    return reduce(lambda left, right: Binary(_operator_of(join), left, right), parts)


def _operator_of(join: Join) -> Operator:
    return Operator.AND if join is Join.ALL else Operator.OR


def _build_row(row: Row, group: int, place: int) -> Expression:
    found = find_field(row.field)
    if found is None:
        raise RowFault(group, place, "field")
    if row.operator not in OPERATORS[found.kind]:
        raise RowFault(group, place, "operator")
    path = Path(row.field)
    if row.operator in WITHOUT_VALUE:
        return _build_bare(row.operator, path)
    constants = [_read_constant(value, found.kind, group, place) for value in row.values]
    is_ordered = row.operator not in _ORDER or all(isinstance(each, Number) for each in constants)
    if not constants or not is_ordered or (len(constants) > 1 and row.operator not in WITH_VALUES):
        raise RowFault(group, place, "value")
    return _build_valued(row.operator, path, constants)


def _build_bare(operator: RowOperator, path: Path) -> Expression:
    match operator:
        case RowOperator.IS_TRUE:
            return path
        case RowOperator.IS_FALSE:
            return Not(path)
        case RowOperator.PRESENT:
            return Has(path)
        case _:
            return Not(Has(path))


def _build_valued(operator: RowOperator, path: Path, constants: list[Number | Text | Flag]) -> Expression:
    first = constants[0]
    if operator in WITH_VALUES:
        items = tuple(each for each in constants if isinstance(each, Number | Text))
        among = Binary(Operator.IN, path, Values(items))
        return among if operator is RowOperator.ONE_OF else Not(among)
    if operator in {RowOperator.INCLUDES, RowOperator.EXCLUDES}:
        inside = Binary(Operator.IN, first, path)
        return inside if operator is RowOperator.INCLUDES else Not(inside)
    if operator is RowOperator.LACKS:
        return Not(Call(Test.CONTAINS, path, first))
    if operator in _TESTS:
        return Call(_TESTS[operator], path, first)
    return Binary(_COMPARISONS[operator], path, first)


def _read_constant(value: str, kind: Kind, group: int, place: int) -> Number | Text | Flag:
    if kind is Kind.NUMBER:
        return _read_number(value, group, place)
    if kind is Kind.ANY:
        return _read_any(value)
    if not value or "\x00" in value:
        raise RowFault(group, place, "value")
    return Text(value)


def _read_number(value: str, group: int, place: int) -> Number:
    digits = value.removeprefix("-").replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MAXIMUM_NUMBER)):
        raise RowFault(group, place, "value")
    number = int(digits)
    if number > MAXIMUM_NUMBER:
        raise RowFault(group, place, "value")
    return Number(-number if value.startswith("-") else number)


def _read_any(value: str) -> Number | Text | Flag:
    """Return a value as a client may have sent it: true, false, a whole number, else a text."""
    if value in {"true", "false"}:
        return Flag(value == "true")
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdigit() and str(int(digits)) == digits and int(digits) <= MAXIMUM_NUMBER:
        return Number(int(value))
    return Text(value.replace("\x00", ""))


def _find_row(tree: Expression) -> Row | None:
    match tree:
        case Path(name=name) if _is_kind(name, Kind.FLAG):
            return Row(name, RowOperator.IS_TRUE)
        case Has(path=path):
            return Row(path.name, RowOperator.PRESENT)
        case Call(test=test, of=Path(name=name), argument=Text(value=value)):
            return Row(name, _ROW_OF_TEST[test], (value,))
        case Binary():
            return _find_row_of_binary(tree)
        case Not(of=of):
            return _turn(_find_row(of))
    return None


def _find_row_of_binary(tree: Binary) -> Row | None:
    match tree:
        case Binary(operator=Operator.IN, left=Path(name=name), right=Values(items=items)):
            return Row(name, RowOperator.ONE_OF, tuple(map(_write_constant, items)))
        case Binary(operator=Operator.IN, left=Text(value=value), right=Path(name=name)):
            return Row(name, RowOperator.INCLUDES, (value,))
        case Binary(operator=operator, left=Path(name=name), right=(Number() | Text() | Flag()) as constant) if (
            operator in _ROW_OF_COMPARISON and _is_told_alike(name, constant)
        ):
            return Row(name, _ROW_OF_COMPARISON[operator], (_write_constant(constant),))
    return None


_OPPOSITES = {
    RowOperator.IS_TRUE: RowOperator.IS_FALSE,
    RowOperator.PRESENT: RowOperator.ABSENT,
    RowOperator.CONTAINS: RowOperator.LACKS,
    RowOperator.ONE_OF: RowOperator.NONE_OF,
    RowOperator.INCLUDES: RowOperator.EXCLUDES,
}


def _turn(row: Row | None) -> Row | None:
    if row is None or row.operator not in _OPPOSITES:
        return None
    return Row(row.field, _OPPOSITES[row.operator], row.values)


def _is_kind(name: str, kind: Kind) -> bool:
    found = find_field(name)
    return found is not None and found.kind is kind


def _is_told_alike(name: str, constant: Number | Text | Flag) -> bool:
    """Say whether the row, read again, means the same: `true` may be a text of a client's value."""
    if not _is_kind(name, Kind.ANY):
        return not isinstance(constant, Flag)
    return _read_any(_write_constant(constant)) == constant


def _write_constant(constant: Number | Text | Flag) -> str:
    if isinstance(constant, Flag):
        return "true" if constant.value else "false"
    return str(constant.value)
