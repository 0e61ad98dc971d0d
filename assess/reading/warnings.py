"""Field warnings: what is told about a field without failing the call (contract §2), in the client's language."""

import re
from dataclasses import dataclass, field

from assess.types import FieldWarning, Language, WarningLevel

MAXIMUM_WARNINGS = 20
_SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}(\.[A-Za-z][A-Za-z0-9_]{0,39}){0,7}")

TEXTS: dict[str, dict[Language, str]] = {
    "recommended": {
        Language.ENGLISH: "This field is recommended.",
        Language.SPANISH: "Se recomienda este campo.",
    },
    "unreadable": {
        Language.ENGLISH: "This value cannot be read and was matched against nothing.",
        Language.SPANISH: "Este valor no se puede leer y no se comparó con nada.",
    },
    "check_digit": {
        Language.ENGLISH: "The check digit is wrong.",
        Language.SPANISH: "El dígito verificador es incorrecto.",
    },
    "unknown_issuer": {
        Language.ENGLISH: "No institution or country has this code.",
        Language.SPANISH: "Ninguna institución o país tiene este código.",
    },
    "countries_conflict": {
        Language.ENGLISH: "The country disagrees with the account's.",
        Language.SPANISH: "El país no coincide con el de la cuenta.",
    },
    "unknown_field": {
        Language.ENGLISH: "This field is unknown and was ignored.",
        Language.SPANISH: "Este campo se desconoce y se ignoró.",
    },
    "session_not_kept": {
        Language.ENGLISH: "No live browser session has this id; a new one was made.",
        Language.SPANISH: "Ninguna sesión vigente del navegador tiene este identificador; se creó otro.",
    },
    "submerchant_unknown": {
        Language.ENGLISH: "No active submerchant has this id.",
        Language.SPANISH: "Ningún subcomercio activo tiene este identificador.",
    },
    "lookup_failed": {
        Language.ENGLISH: "Its look-up failed; this signal was not judged.",
        Language.SPANISH: "Su consulta falló; esta señal no se evaluó.",
    },
}


@dataclass(slots=True)
class Warnings:
    """Collects the warnings of one call; the first of each field and text counts, at most 20 are kept."""

    language: Language
    _found: dict[tuple[str, str], FieldWarning] = field(default_factory=dict)

    def add(self, name: str, level: WarningLevel, text: str) -> None:
        """Note something about a field. A name that is not a plain one is the client's own writing and is not shown."""
        shown = name if _SAFE_NAME.fullmatch(name) else "?"
        message = TEXTS[text][self.language]
        self._found.setdefault((shown, text), FieldWarning(field=shown, level=level, message=message))

    def doubt(self, name: str, text: str = "unreadable") -> None:
        """Note that a value is doubtful."""
        self.add(name, WarningLevel.DOUBTFUL, text)

    def recommend(self, name: str) -> None:
        """Note that a recommended field is missing."""
        self.add(name, WarningLevel.RECOMMENDED, "recommended")

    def listed(self) -> tuple[FieldWarning, ...]:
        """Return the warnings, the gravest kinds first, at most 20."""
        order = [WarningLevel.LOOKUP_FAILED, WarningLevel.DOUBTFUL, WarningLevel.RECOMMENDED, WarningLevel.UNKNOWN]
        found = sorted(self._found.values(), key=lambda warning: order.index(warning.level))
        return tuple(found[:MAXIMUM_WARNINGS])
