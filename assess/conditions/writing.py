"""From tree to text: the one way in which a condition is written."""

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

_LEVELS = (
    {Operator.OR},
    {Operator.AND},
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.AT_MOST,
        Operator.MORE,
        Operator.AT_LEAST,
        Operator.IN,
    },
    {Operator.PLUS, Operator.MINUS},
    {Operator.TIMES, Operator.DIVIDED, Operator.MODULO},
)
_LEVEL_OF = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_UNARY = len(_LEVELS)
_VALUE = _UNARY + 1
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def write_condition(tree: Expression) -> str:
    """Return the text that `read_condition` reads as this tree, with no more parentheses than it needs."""
    match tree:
        case Number() | Text() | Flag() | Values():
            return _write_constant(tree)
        case Path(name=name):
            return name
        case Has() | Size() | Call():
            return _write_call(tree)
        case Not(of=of):
            return f"!{_write_within(of, _VALUE)}"
        case Negative(of=of):
            return f"-{_write_within(of, _VALUE)}"
        case Binary():
            return _write_binary(tree)


def _write_constant(tree: Number | Text | Flag | Values) -> str:
    match tree:
        case Number(value=value):
            return str(value)
        case Text(value=value):
            return write_text(value)
        case Flag(value=value):
            return "true" if value else "false"
        case Values(items=items):
            return f"[{', '.join(map(_write_constant, items))}]"


def _write_call(tree: Has | Size | Call) -> str:
    match tree:
        case Has(path=path):
            return f"has({path.name})"
        case Size(of=of):
            return f"size({write_condition(of)})"
        case Call(test=test, of=of, argument=argument):
            return f"{_write_within(of, _VALUE)}.{test}({write_condition(argument)})"


def write_text(value: str) -> str:
    """Return a text in its quotes."""
    written = value.translate(_ESCAPES)
    return "'" + "".join(f"\\u{ord(each):04x}" if each < " " or each == "\x7f" else each for each in written) + "'"


def _write_binary(tree: Binary) -> str:
    level = _LEVEL_OF[tree.operator]
    left = _write_within(tree.left, level)
    right = _write_within(tree.right, level + 1)
    return f"{left} {tree.operator} {right}"


def _write_within(tree: Expression, level: int) -> str:
    """Return the text, in parentheses when it binds less than what stands around it."""
    written = write_condition(tree)
    return written if _level_of(tree) >= level else f"({written})"


def _level_of(tree: Expression) -> int:
    match tree:
        case Binary(operator=operator):
            return _LEVEL_OF[operator]
        case Not() | Negative():
            return _UNARY
        case Number(value=value) if value < 0:
            return _UNARY
        case _:
            return _VALUE
