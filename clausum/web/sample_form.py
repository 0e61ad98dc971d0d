"""A form with one field of each kind, for the style guide: as it is first seen, and as it comes back."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.errors import ValidationFailed
from core.web.forms import DateInput, MomentInput, add_error

_SCOPES = [("assess", _("Evaluar pagos")), ("lists", _("Consultar listas")), ("off", _("Borrar listas"))]
_CODE = "curl https://clausum.example/api/v1/health \\\n  -H 'Accept: application/json'"
_QR = SafeString(
    '<svg viewBox="0 0 7 7"><path d="M0 0h7v7H0zM1 1v5h5V1zM2 2h3v3H2z" fill="currentColor" fill-rule="evenodd"/></svg>'
)
_KINDS = [("server", _("De servidor")), ("browser", _("De navegador"))]


class SampleForm(forms.Form):
    """Made up; nothing reads it."""

    name = forms.CharField(label=_("Nombre"), help_text=_("Como aparece en la factura."), max_length=80)
    email = forms.EmailField(label=_("Correo electrónico"))
    password = forms.CharField(label=_("Contraseña"), widget=forms.PasswordInput)
    calls = forms.IntegerField(label=_("Llamadas por minuto"), min_value=1, required=False)
    expires_date = forms.DateField(label=_("Caduca"), widget=DateInput, required=False)
    starts_at = forms.DateTimeField(label=_("Empieza"), widget=MomentInput, required=False)
    country = forms.ChoiceField(label=_("País"), choices=[("MX", "México"), ("CL", "Chile")], required=False)
    fixed = forms.CharField(label=_("Organización"), disabled=True, required=False, initial="Banco Demo")
    addresses = forms.CharField(
        label=_("Direcciones permitidas"), help_text=_("Una por renglón."), widget=forms.Textarea({"rows": 3})
    )
    kind = forms.ChoiceField(label=_("Tipo de clave"), choices=_KINDS, widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(
        label=_("Qué puede hacer"), choices=_SCOPES, widget=forms.CheckboxSelectMultiple, help_text=_("Lo mínimo.")
    )
    is_saved = forms.BooleanField(label=_("Ya la guardé"), help_text=_("No se mostrará otra vez."))


def make_sample_forms() -> dict[str, Any]:
    """Return the form filled in, and the one that came back refused."""
    first = SampleForm(initial={"name": "Ábaco Servicios", "kind": "server", "scopes": ["assess"]}, prefix="fresh")
    refused = SampleForm({"refused-email": "ana@", "refused-calls": "0", "refused-name": "Ábaco"}, prefix="refused")
    add_error(refused, ValidationFailed("…", details={"fields": {"name": [_("Ya hay otra con este nombre.")]}}))
    add_error(refused, ValidationFailed("…"), texts={"…": _("La organización llegó a su límite de claves.")})
    return {
        "fresh": first,
        "refused": refused,
        "sample_code": _CODE,
        "sample_qr": _QR,
        "scope_hints": {"assess": "POST /api/v1/assess", "lists": "GET /api/v1/blocklists"},
    }
