"""A condition as a tree. Every node knows where in the text it began, which equality leaves out."""

from dataclasses import dataclass, field
from enum import StrEnum


class Operator(StrEnum):
    """The operators between two operands, as they are written."""

    OR = "||"
    AND = "&&"
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "in"
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDED = "/"
    MODULO = "%"


class Test(StrEnum):
    """The methods of a text, each with one text as its argument."""

    __test__ = False  # pytest would collect the name

    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Node:
    """What every node has: the place, in characters from 0, where its text began."""

    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: int


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Flag(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Values(Node):
    """A list of constants."""

    items: tuple[Number | Text, ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A field, `group.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Has(Node):
    """Whether the payment has a field."""

    path: Path


@dataclass(frozen=True, slots=True)
class Size(Node):
    """How long a text or a list is."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Not(Node):
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Negative(Node):
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A test of a text: `beneficiary.name.startsWith('A')`."""

    test: Test
    of: "Expression"
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: Operator
    left: "Expression"
    right: "Expression"


type Expression = Number | Text | Flag | Values | Path | Has | Size | Not | Negative | Call | Binary
