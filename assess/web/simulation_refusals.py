"""What the API says of a body that cannot stand, in the reader's words."""

import re
from typing import Any

from django.utils.translation import gettext_lazy

_MESSAGES = {
    "is not an active ISO 4217 currency": gettext_lazy("No es una moneda vigente (ISO 4217)."),
    "needs one of country, name, clabe, iban, account_hash": gettext_lazy(
        "Dé al menos uno: país, nombre, CLABE, IBAN o cuenta."
    ),
    "looks like a card number": gettext_lazy("Parece un número de tarjeta; no se acepta."),
    "must name an active submerchant": gettext_lazy("Diga de qué subcomercio activo es el pago."),
    "must be a JSON number": gettext_lazy("Debe ser un número de JSON, sin comillas."),
    "is no version of your policy": gettext_lazy("No es una versión de su política."),
    "This field is required.": gettext_lazy("Falta este campo."),
    "The amount must not be negative.": gettext_lazy("El importe no puede ser negativo."),
    "The amount must be at most 10^15 minor units.": gettext_lazy("El importe es demasiado grande."),
    "A CLABE has 18 digits.": gettext_lazy("Una CLABE tiene 18 dígitos."),
    "An IBAN has two letters, two digits and 11 to 30 letters or digits.": gettext_lazy(
        "Un IBAN tiene dos letras, dos dígitos y de 11 a 30 letras o dígitos."
    ),
    "The IBAN has not the length or structure of its country.": gettext_lazy(
        "El IBAN no tiene el largo o la forma de su país."
    ),
    "A BIC has 8 or 11 characters: party, country, location, branch.": gettext_lazy(
        "Un BIC tiene 8 u 11 caracteres: entidad, país, plaza, sucursal."
    ),
    "This value is not one of those allowed.": gettext_lazy("No es uno de los valores permitidos."),
    "has more than 8 KiB when serialized": gettext_lazy("Ocupa más de 8 KiB."),
}
_PATTERNS = (
    (re.compile(r"The currency has (\d) decimal places\."), gettext_lazy("La moneda tiene %s decimales.")),
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), gettext_lazy("Se esperaba %s y llegó %s.")),
    (
        re.compile(r"In minor units the amount must be written as an integer, .*", re.DOTALL),
        gettext_lazy('Sin "amount_unit": "major", el importe es un entero en unidades menores (centavos).'),
    ),
)


def translate(said: Any) -> list[str]:
    """Return the API's messages in the reader's words; one that has none is shown as the API says it."""
    messages = said if isinstance(said, list | tuple) else [said]
    return [_translate(str(message)) for message in messages]


def _translate(message: str) -> str:
    if message in _MESSAGES:
        return str(_MESSAGES[message])
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return str(words) % found.groups() if found.groups() else str(words)
    return message
