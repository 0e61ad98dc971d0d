"""What is asked about a list of the organization's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import DateInput
from feeds.rules.content import ContentRefused, require_list
from feeds.rules.new_feed import LEAST_HOURS, LONGEST_TEXT, LONGEST_TITLE, LONGEST_URL, MOST_DAYS, MOST_HOURS
from feeds.types import MAXIMUM_BYTES, MAXIMUM_VALUE_LENGTH, FeedKind, NewFeed
from feeds.web.words import FAULT_WORDS, KIND_WORDS


class FileForm(forms.Form):
    """A file of a list, and the day that it is of."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("Texto o CSV de hasta 50 MB: un valor por línea, o en la primera columna."),
        widget=forms.ClearableFileInput({"accept": ".txt,.csv,.netset,.ipset,.list,.conf,text/plain,text/csv"}),
    )
    as_of = forms.DateField(
        label=gettext_lazy("Con fecha del"),
        help_text=gettext_lazy("El día de su contenido. Vacío es hoy."),
        widget=DateInput(),
        required=False,
    )

    def clean_file(self) -> bytes | None:
        """Return the file's bytes, None when there is none."""
        given: Any = self.cleaned_data["file"]
        if given is None:
            return None
        if given.size > MAXIMUM_BYTES:
            raise forms.ValidationError(str(FAULT_WORDS["too_large"]))
        content: bytes = given.read()
        try:
            require_list(content)
        except ContentRefused as refused:
            raise forms.ValidationError(str(FAULT_WORDS[refused.fault])) from None
        return content


class NewFeedForm(FileForm):
    """A new list: from an address, from a file, or empty until a file comes."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Qué contiene"), choices=[(kind.value, words) for kind, words in KIND_WORDS.items()]
    )
    title = forms.CharField(
        label=gettext_lazy("Nombre"),
        help_text=gettext_lazy("Así la nombran las señales y las respuestas de la API."),
        max_length=LONGEST_TITLE,
    )
    url = forms.CharField(
        label=gettext_lazy("Dirección"),
        help_text=gettext_lazy("https, pública. Vacía si usted sube los archivos."),
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        max_length=LONGEST_URL,
        required=False,
    )
    schedule_hours = forms.IntegerField(
        label=gettext_lazy("Actualizar cada (horas)"), min_value=LEAST_HOURS, max_value=MOST_HOURS, required=False
    )
    stale_after_days = forms.IntegerField(
        label=gettext_lazy("Avisar si pasa de (días)"), min_value=1, max_value=MOST_DAYS, required=False
    )
    source = forms.CharField(label=gettext_lazy("Fuente"), max_length=LONGEST_TEXT, required=False)
    licence = forms.CharField(label=gettext_lazy("Licencia"), max_length=LONGEST_TITLE, required=False)
    field_order = (
        "kind", "title", "url", "schedule_hours", "file", "as_of", "stale_after_days", "source", "licence",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("url") and given.get("file"):
            self.add_error("file", _("Elija uno: una dirección o un archivo."))
        return given

    def read_feed(self) -> NewFeed:
        """Return the list as the service takes it."""
        given = self.cleaned_data
        return NewFeed(
            kind=FeedKind(given["kind"]),
            title=given["title"],
            source=given["source"],
            url=given["url"],
            licence=given["licence"],
            schedule_hours=given["schedule_hours"],
            stale_after_days=given["stale_after_days"],
        )


class ValueForm(forms.Form):
    """A value to look for."""

    value = forms.CharField(
        label=gettext_lazy("Valor"),
        help_text=gettext_lazy("En cualquier forma. De una dirección IP se buscan también sus redes."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        max_length=MAXIMUM_VALUE_LENGTH,
    )
