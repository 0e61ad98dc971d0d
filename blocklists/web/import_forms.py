"""What is asked about a file: which one, how to read it, and what holds for all its rows."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocklists.import_types import FIELDS as FIELD_NAMES
from blocklists.import_types import MAXIMUM_REASON, FileKind, FixedTerms, ImportMode, Layout
from blocklists.reading.detection import read_as
from blocklists.reading.lines import RawRow
from blocklists.types import LAST_YEAR, FlowScope, ListType, Severity
from blocklists.web.import_words import ENCODINGS, FIELDS, FILE_KINDS, MODES, SEPARATORS, SEVERITIES
from blocklists.web.words import FLOWS, TYPES, list_choices
from core.web.forms import DateInput

_NO_COLUMN = ""
_MOST_COLUMNS = 100


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("CSV, NDJSON o una lista con un valor por línea; también en .gz o .zip."),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.ndjson,.jsonl,.netset,.ipset,.gz,.zip,text/*"}),
        allow_empty_file=True,
    )


class TermsForm(forms.Form):
    """How to read the file, and what holds for rows that do not say otherwise."""

    drawn_for = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Clase de archivo"), choices=list(FILE_KINDS.items()))
    encoding = forms.ChoiceField(label=gettext_lazy("Codificación"), choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(
        label=gettext_lazy("Separador"), choices=[(repr(sign), word) for sign, word in SEPARATORS.items()]
    )
    has_header = forms.BooleanField(label=gettext_lazy("La primera fila es el encabezado"), required=False)
    list_type = forms.ChoiceField(
        label=gettext_lazy("Tipo de lista"),
        help_text=gettext_lazy("De las filas que no lo dicen."),
        choices=[("", gettext_lazy("Según la forma de cada valor")), *list_choices(TYPES)],
        required=False,
    )
    flow_scope = forms.ChoiceField(
        label=gettext_lazy("Flujo"),
        choices=[("", gettext_lazy("El de cada tipo")), *list_choices(FLOWS)],
        required=False,
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severidad"), choices=SEVERITIES)
    reason = forms.CharField(label=gettext_lazy("Motivo"), max_length=MAXIMUM_REASON, required=False)
    expires = forms.DateField(
        label=gettext_lazy("Caduca el"),
        help_text=gettext_lazy("Vacío: no caduca."),
        widget=DateInput,
        required=False,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Si hay filas no válidas"), choices=list(MODES.items()), widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, layout: Layout, heads: list[str], now: datetime) -> None:
        super().__init__(data, initial=make_initial(layout))
        self.layout, self.now = layout, now
        columns = [
            (_NO_COLUMN, _("Ninguna")),
            *((str(place), head) for place, head in enumerate(heads[:_MOST_COLUMNS])),
        ]
        for name in FIELD_NAMES:
            field = forms.ChoiceField(label=str(FIELDS[name]), choices=columns, required=False)
            self.fields[f"column_{name}"] = field
            self.initial[f"column_{name}"] = str(layout.columns.get(name, _NO_COLUMN))

    @property
    def reading(self) -> list[Any]:
        """Return the fields of how the file is read."""
        return [self[name] for name in ("kind", "encoding", "separator", "has_header")]

    @property
    def terms(self) -> list[Any]:
        """Return the fields of what holds for all rows."""
        return [self[name] for name in ("list_type", "flow_scope", "severity", "reason", "expires", "mode")]

    @property
    def columns(self) -> list[Any]:
        return [self[f"column_{name}"] for name in FIELD_NAMES]

    def clean(self) -> dict[str, Any]:
        """Demand the column of the value; no two fields from one column."""
        given = super().clean() or {}
        if given.get("kind") == FileKind.CSV:
            if not given.get("column_value"):
                self.add_error("column_value", _("Elija la columna del valor."))
            chosen = [given[f"column_{name}"] for name in FIELD_NAMES if given.get(f"column_{name}")]
            if len(chosen) != len(set(chosen)):
                self.add_error(None, _("Cada columna puede ser un solo campo."))
        expires = given.get("expires")
        if expires and (expires.year > LAST_YEAR or datetime.combine(expires, time(), UTC) <= self.now):
            self.add_error("expires", _("Elija un día futuro."))
        return given

    def read_layout(self) -> Layout:
        """Return how to read the file."""
        given = self.cleaned_data
        columns = {name: int(given[f"column_{name}"]) for name in FIELD_NAMES if given[f"column_{name}"]}
        is_table = given["kind"] == FileKind.CSV
        return Layout(
            kind=FileKind(given["kind"]),
            encoding=given["encoding"],
            separator={repr(sign): sign for sign in SEPARATORS}[given["separator"]],
            has_header=is_table and given["has_header"],
            columns=columns if is_table else {},
            width=self.layout.width if is_table and given["has_header"] else 0,
        )

    def read_terms(self) -> FixedTerms:
        """Return what holds for rows that do not say otherwise."""
        given = self.cleaned_data
        expires = given["expires"]
        return FixedTerms(
            list_type=ListType(given["list_type"]) if given["list_type"] else None,
            flow_scope=FlowScope(given["flow_scope"]) if given["flow_scope"] else None,
            severity=Severity(given["severity"]),
            reason=given["reason"],
            expires_at=datetime.combine(expires, time(), UTC) if expires else None,
        )


def make_initial(layout: Layout) -> dict[str, Any]:
    """Return what the form begins with: what was detected."""
    return {
        "drawn_for": name_reading(layout),
        "kind": layout.kind.value,
        "encoding": layout.encoding,
        "separator": repr(layout.separator),
        "has_header": layout.has_header,
        "severity": Severity.BLOCK.value,
        "mode": ImportMode.VALID_ONLY.value,
    }


def name_reading(layout: Layout) -> str:
    """Return what tells one way of reading a file from another: columns are of one way only."""
    return f"{layout.kind} {layout.encoding} {layout.separator!r} {layout.has_header}"


class ReadingForm(forms.Form):
    """How to read the file, before its columns are known."""

    kind = forms.ChoiceField(choices=list(FILE_KINDS.items()))
    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(choices=[(repr(sign), "") for sign in SEPARATORS])
    has_header = forms.BooleanField(required=False)

    def read(self, rows: list[RawRow], *, otherwise: Layout) -> Layout:
        """Return the layout that was asked for, its columns by its header; what cannot be read is as before."""
        if not self.is_valid():
            return otherwise
        given = self.cleaned_data
        return read_as(
            rows,
            kind=FileKind(given["kind"]),
            encoding=given["encoding"],
            separator={repr(sign): sign for sign in SEPARATORS}[given["separator"]],
            has_header=given["has_header"],
        )
