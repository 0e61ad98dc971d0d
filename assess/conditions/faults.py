"""What can be wrong with a condition, and where."""

from enum import StrEnum

from assess.types import Language


class Fault(StrEnum):
    """Why a condition is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    CHARACTER = "character"
    TEXT_OPEN = "text_open"
    ESCAPE = "escape"
    NUMBER = "number"
    DECIMAL = "decimal"
    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    FIELD = "field"
    FIELD_OF_OTHER_FLOW = "field_of_other_flow"
    FUNCTION = "function"
    MACRO = "macro"
    TERNARY = "ternary"
    LIST = "list"
    OPERANDS = "operands"
    NOT_A_CONDITION = "not_a_condition"


_WORDS: dict[Fault, tuple[str, str]] = {
    Fault.EMPTY: ("write a condition", "escriba una condición"),
    Fault.TOO_LONG: ("must have at most {maximum} bytes", "debe tener a lo más {maximum} bytes"),
    Fault.TOO_DEEP: ("has too many parts: make two rules of it", "tiene demasiadas partes: haga dos reglas"),
    Fault.CHARACTER: ("this character means nothing here", "este carácter no significa nada aquí"),
    Fault.TEXT_OPEN: ("this text has no closing quote", "a este texto le falta la comilla de cierre"),
    Fault.ESCAPE: ("this escape is not known", "este escape no se conoce"),
    Fault.NUMBER: ("this number is too large", "este número es demasiado grande"),
    Fault.DECIMAL: (
        "use whole numbers: amounts are in minor units",
        "use números enteros: los importes van en centavos",
    ),
    Fault.EXPECTED: ("{expected} is expected here", "aquí se espera {expected}"),
    Fault.UNEXPECTED: ("this cannot stand here", "esto no puede estar aquí"),
    Fault.FIELD: ("there is no field {name}", "no existe el campo {name}"),
    Fault.FIELD_OF_OTHER_FLOW: (
        "{name} is no field of this flow",
        "{name} no es un campo de este flujo",
    ),
    Fault.FUNCTION: ("this function is not known", "esta función no se conoce"),
    Fault.MACRO: (
        "loops over lists (all, exists, map, filter) are not allowed, as they may run long",
        "los recorridos de listas (all, exists, map, filter) no se permiten: podrían tardar mucho",
    ),
    Fault.TERNARY: ("use && and || instead of ? and :", "use && y || en lugar de ? y :"),
    Fault.LIST: ("a list holds texts, or whole numbers", "una lista lleva textos, o números enteros"),
    Fault.OPERANDS: (
        "{operator} does not go with {left} and {right}",
        "{operator} no va con {left} y {right}",
    ),
    Fault.NOT_A_CONDITION: (
        "the whole must be true or false, and this is {kind}",
        "el conjunto debe ser verdadero o falso, y esto es {kind}",
    ),
}

_KINDS: dict[str, tuple[str, str]] = {
    "number": ("a number", "un número"),
    "text": ("a text", "un texto"),
    "flag": ("true or false", "verdadero o falso"),
    "texts": ("a list of texts", "una lista de textos"),
    "numbers": ("a list of numbers", "una lista de números"),
    "any": ("a value of the client's", "un valor del cliente"),
    "value": ("a value", "un valor"),
    "path": ("the name of a field", "el nombre de un campo"),
}


class ConditionFault(ValueError):
    """A condition that is refused: what is wrong and where, in characters from 0; never the condition itself."""

    def __init__(self, fault: Fault, at: int, **values: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.at = at
        self.values = values

    def describe(self, language: Language) -> str:
        """Return the fault in words, without its place."""
        place = 0 if language is Language.ENGLISH else 1
        values = {name: _KINDS[value][place] if value in _KINDS else value for name, value in self.values.items()}
        return _WORDS[self.fault][place].format_map(values)


def find_position(source: str, at: int) -> tuple[int, int]:
    """Return line and column of a place in the text, both from 1."""
    before = source[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
