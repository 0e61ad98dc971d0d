"""The lists in words: what each code is called, and what an entry does to a payment."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from blocklists.types import BulkAct, EntryState, ListType, Severity
from core.web.formats import HIDDEN
from events.web.words import VALUE_WORDS

type Words = dict[str, str | Promise]

TYPES: Words = dict(VALUE_WORDS["list_type"])
"""Accounts of payouts first, as the events' words have them."""
SEVERITIES: Words = dict(VALUE_WORDS["severity"])
FLOWS: Words = dict(VALUE_WORDS["flow_scope"])
SOURCES: Words = dict(VALUE_WORDS["source"])
EFFECTS: Words = {
    Severity.BLOCK.value: _("Rechaza el pago."),
    Severity.FLAG.value: _("Suma riesgo; el puntaje total decide."),
    Severity.REVIEW.value: _("Suma poco riesgo, y el pago se revisa como mínimo."),
}
STATES: Words = {
    EntryState.IN_FORCE.value: _("Vigente"),
    EntryState.OFF.value: _("Desactivada"),
    EntryState.EXPIRED.value: _("Vencida"),
    EntryState.EXPIRING.value: _("Vence en 30 días"),
    EntryState.REVIEW.value: _("Por revisar"),
}
TONES = {Severity.BLOCK: "danger", Severity.FLAG: "warning", Severity.REVIEW: ""}
STATE_TONES = {EntryState.IN_FORCE: "accent", EntryState.OFF: "", EntryState.EXPIRED: "warning"}
ACTS: Words = {
    BulkAct.OFF.value: _("Desactivar"),
    BulkAct.ON.value: _("Activar"),
    BulkAct.BLOCK.value: _("Cambiar a bloqueo"),
    BulkAct.FLAG.value: _("Cambiar a marca"),
    BulkAct.REVIEW.value: _("Cambiar a revisión"),
    BulkAct.PROLONG.value: _("Prorrogar 90 días"),
    BulkAct.EXPIRY.value: _("Poner vencimiento"),
}
HINTS: Words = {
    ListType.CLABE.value: _("18 dígitos, con o sin espacios."),
    ListType.IBAN.value: _("Con o sin espacios."),
    ListType.ACCOUNT_HASH.value: _("La huella que usted envía en los pagos."),
    ListType.SWIFT_BIC.value: _("8 u 11 caracteres."),
    ListType.BENEFICIARY_ID.value: _("El identificador que usted envía en los pagos."),
    ListType.EMAIL.value: _("persona@ejemplo.com"),
    ListType.EMAIL_DOMAIN.value: _("ejemplo.com; también valen sus subdominios."),
    ListType.IP_ADDRESS.value: _("203.0.113.7 o 2001:db8::1"),
    ListType.IP_RANGE.value: _("203.0.113.0/24"),
    ListType.CARD_BIN.value: _("De 6 a 8 dígitos."),
    ListType.COUNTRY.value: _("Dos letras (ISO 3166): MX, CO, CL."),
    ListType.PHONE.value: _("Con + y lada del país: +52 55 1234 5678."),
}
_GROUP = 4


def show_value(list_type: ListType, value: str) -> str:
    """Return the value as people read it: an IBAN in groups of four, anything else as it is kept."""
    if list_type is ListType.IBAN:
        return " ".join(value[place : place + _GROUP] for place in range(0, len(value), _GROUP))
    return value


def list_choices(words: Words) -> list[tuple[str, str | Promise]]:
    """Return codes and words as a field takes them."""
    return list(words.items())


_SHOWN_END = 4
_OF_NOBODY = frozenset(
    {ListType.COUNTRY, ListType.EMAIL_DOMAIN, ListType.CARD_BIN, ListType.SWIFT_BIC, ListType.IP_RANGE}
)
"""Types whose values are of no single person."""


def mask_value(list_type: ListType, value: str) -> str:
    """Return the value as whoever may not have whole personal data takes it out: its end, or an address's domain."""
    if list_type in _OF_NOBODY:
        return value
    if list_type is ListType.EMAIL:
        return f"{HIDDEN * _SHOWN_END}@{value.rpartition('@')[2]}"
    return HIDDEN * _SHOWN_END + (value[-_SHOWN_END:] if len(value) > 2 * _SHOWN_END else "")
