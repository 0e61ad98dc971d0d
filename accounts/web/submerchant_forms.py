"""What is asked about submerchants, and which of them are wanted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.submerchant_fields import (
    MAXIMUM_EXTERNAL_ID_LENGTH,
    MAXIMUM_NAME_LENGTH,
    SubmerchantFields,
    normalize_fields,
)
from core.errors import ValidationFailed

_LONGEST_SEARCH = 200
_LARGEST_REVISION = 2**31 - 1


class SubmerchantSearchForm(forms.Form):
    """The filters of the list, all optional."""

    search = forms.CharField(
        label=gettext_lazy("Buscar"),
        help_text=gettext_lazy("Parte del nombre o del identificador externo."),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        max_length=_LONGEST_SEARCH,
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Estado"),
        choices=[
            ("", gettext_lazy("Todos")),
            ("active", gettext_lazy("Activos")),
            ("inactive", gettext_lazy("Inactivos")),
        ],
        required=False,
    )

    @property
    def is_active(self) -> bool | None:
        """Return the state that is wanted, None for any."""
        return {"active": True, "inactive": False}.get(self.cleaned_data["state"])


class SubmerchantForm(forms.Form):
    """What may be changed of a submerchant."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_REVISION, required=False, initial=0
    )
    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=MAXIMUM_NAME_LENGTH)
    country = forms.CharField(
        label=gettext_lazy("País"),
        help_text=gettext_lazy("Dos letras (ISO 3166): MX, CO, CL. Vacío si no se sabe."),
        max_length=2,
        required=False,
    )
    mcc = forms.CharField(
        label=gettext_lazy("Giro (MCC)"),
        help_text=gettext_lazy("Cuatro dígitos (ISO 18245). Vacío si no se sabe."),
        widget=forms.TextInput({"inputmode": "numeric"}),
        max_length=4,
        required=False,
    )

    def clean_name(self) -> str:
        return _require_readable(self.cleaned_data["name"])

    def clean_country(self) -> str | None:
        return self._read("country", _("Escriba las dos letras de un país, como MX."))

    def clean_mcc(self) -> str | None:
        return self._read("mcc", _("Escriba cuatro dígitos."))

    def read_fields(self) -> SubmerchantFields:
        """Return the fields as the service takes them."""
        given = self.cleaned_data
        return {"name": given["name"], "country": given["country"], "mcc": given["mcc"]}

    def _read(self, field: str, refusal: str) -> str | None:
        given: str | None = self.cleaned_data[field] or None
        try:
            normalize_fields({field: given})
        except ValidationFailed:
            raise forms.ValidationError(refusal) from None
        return given


class NewSubmerchantForm(SubmerchantForm):
    """A new one, with the PSP's own name of it, which never changes."""

    external_id = forms.CharField(
        label=gettext_lazy("Identificador externo"),
        help_text=gettext_lazy("Como lo llama usted; es el submerchant_id de sus pagos. No se puede cambiar después."),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
        max_length=MAXIMUM_EXTERNAL_ID_LENGTH,
    )
    field_order = ("external_id", "name", "country", "mcc")

    def clean_external_id(self) -> str:
        return _require_readable(self.cleaned_data["external_id"])

    def tell_duplicate(self) -> None:
        """Say that an active one has this name already."""
        self.add_error("external_id", _("Un subcomercio activo ya tiene este identificador."))


def _require_readable(text: Any) -> str:
    given = str(text)
    if not given.isprintable():
        raise forms.ValidationError(_("Use solo letras, números y signos que se puedan leer."))
    return given
