"""Imports in words."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from blocklists.import_jobs import FAILURES
from blocklists.import_types import BatchState, FileKind, ImportMode, RowCode
from blocklists.web.words import EFFECTS
from blocklists.web.words import SEVERITIES as SHORT

type Text = str | Promise

SEVERITIES: list[tuple[str, Text]] = [(code, format_lazy("{}. {}", SHORT[code], EFFECTS[code])) for code in SHORT]
MODES: dict[ImportMode, Text] = {
    ImportMode.VALID_ONLY: _("Solo las filas válidas"),
    ImportMode.ALL_OR_NOTHING: _("Todo o nada"),
}
FILE_KINDS: dict[FileKind, Text] = {
    FileKind.CSV: _("Tabla (CSV)"),
    FileKind.NDJSON: _("NDJSON, un objeto por línea"),
    FileKind.PLAIN: _("Lista, un valor por línea"),
}
SEPARATORS: dict[str, Text] = {
    ",": _("Coma"),
    ";": _("Punto y coma"),
    "\t": _("Tabulador"),
    "|": _("Barra vertical"),
}
ENCODINGS: dict[str, Text] = {"utf-8": "UTF-8", "cp1252": "Windows-1252 (Latin-1)"}
FIELDS: dict[str, Text] = {
    "list_type": _("Tipo de lista"),
    "value": _("Valor"),
    "flow_scope": _("Flujo"),
    "severity": _("Severidad"),
    "reason": _("Motivo"),
    "expires_at": _("Caduca"),
}
STATES: dict[BatchState, tuple[Text, str]] = {
    BatchState.DRAFT: (_("Sin confirmar"), ""),
    BatchState.RUNNING: (_("En curso"), "accent"),
    BatchState.DONE: (_("Vigente"), "accent"),
    BatchState.FAILED: (_("Falló"), "danger"),
    BatchState.CANCELLED: (_("Cancelada"), ""),
    BatchState.UNDOING: (_("Deshaciendo"), "warning"),
    BatchState.UNDONE: (_("Deshecha"), ""),
}
CODES: dict[RowCode, Text] = {
    RowCode.MISSING_VALUE: _("La fila no tiene valor."),
    RowCode.INVALID_VALUE: _("El valor no tiene la forma de su tipo de lista."),
    RowCode.MISSING_LIST_TYPE: _("La fila no dice su tipo de lista, y el valor no lo muestra."),
    RowCode.UNKNOWN_LIST_TYPE: _("Ese tipo de lista no existe."),
    RowCode.UNKNOWN_SEVERITY: _("La severidad es block, flag o review."),
    RowCode.UNKNOWN_FLOW_SCOPE: _("El flujo es payin, payout o both."),
    RowCode.INVALID_EXPIRY: _("Caduca debe ser una fecha futura, como 2027-01-31."),
    RowCode.REASON_TOO_LONG: _("El motivo tiene más de 2,000 caracteres."),
    RowCode.TOO_MANY_COLUMNS: _("La fila tiene más columnas que el encabezado."),
    RowCode.ROW_TOO_LONG: _("La fila tiene más de 64 KiB o de 20 líneas."),
    RowCode.UNCLOSED_QUOTE: _("Unas comillas quedaron sin cerrar."),
    RowCode.INVALID_JSON: _("La línea no es un objeto JSON con los campos de una entrada."),
    RowCode.UNREADABLE: _("La fila tiene caracteres que no se pueden leer o de control."),
    RowCode.OWN: _("Es de su propia organización: agréguela sola, en Listas, si de verdad quiere detenerla."),
}
REFUSALS: dict[str, Text] = {
    "EMPTY": FAILURES["EMPTY"],
    "TOO_MANY_ROWS": FAILURES["TOO_MANY_ROWS"],
    "TOO_LARGE": _("El archivo es más grande de lo que se puede importar."),
    "BOMB": _("El archivo comprimido crece demasiado al abrirse. Súbalo sin comprimir."),
    "PACKED_BADLY": _("El archivo comprimido está dañado o incompleto."),
    "ZIP_OF_SEVERAL": _("El ZIP debe tener exactamente un archivo."),
    "ZIP_METHOD": _("El ZIP debe estar sin comprimir o comprimido con Deflate, el método usual. Súbalo así o sin ZIP."),
    "NOT_TEXT": _("El archivo no es texto. Guarde la hoja de cálculo como CSV."),
}
