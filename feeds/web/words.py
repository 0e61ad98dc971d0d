"""What lists are called on pages, in plain words: kinds, states, reasons and faults."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feeds.types import FeedHealth, FeedKind, ReviewReason, VersionState

type Text = str | Promise

KIND_WORDS: Mapping[FeedKind, Text] = MappingProxyType(
    {
        FeedKind.IP_THREAT: _("Direcciones IP de amenazas"),
        FeedKind.DISPOSABLE_DOMAIN: _("Dominios de correo desechables"),
        FeedKind.SUSPICIOUS_TLD: _("Dominios de nivel superior sospechosos"),
        FeedKind.RISK_COUNTRY: _("Países de riesgo"),
        FeedKind.GENERIC_INITIATOR: _("Iniciadores genéricos"),
    }
)
HEALTH_WORDS: Mapping[FeedHealth, Text] = MappingProxyType(
    {
        FeedHealth.TO_REVIEW: _("Por revisar"),
        FeedHealth.STALE: _("Vencida"),
        FeedHealth.FAILING: _("No se pudo actualizar"),
        FeedHealth.WAITING: _("En espera"),
        FeedHealth.CURRENT: _("Al día"),
    }
)
HEALTH_TONES: Mapping[FeedHealth, str] = MappingProxyType(
    {
        FeedHealth.TO_REVIEW: "warning",
        FeedHealth.STALE: "danger",
        FeedHealth.FAILING: "warning",
        FeedHealth.CURRENT: "accent",
    }
)
STATE_WORDS: Mapping[VersionState, Text] = MappingProxyType(
    {
        VersionState.WAITING: _("En espera"),
        VersionState.IN_FORCE: _("En vigor"),
        VersionState.TO_REVIEW: _("Por revisar"),
        VersionState.SUPERSEDED: _("Reemplazada"),
        VersionState.DISCARDED: _("Descartada"),
    }
)
STATE_TONES: Mapping[VersionState, str] = MappingProxyType(
    {VersionState.IN_FORCE: "accent", VersionState.TO_REVIEW: "warning"}
)
REASON_WORDS: Mapping[ReviewReason, Text] = MappingProxyType(
    {
        ReviewReason.EMPTY: _("No trae ningún valor que se pueda usar."),
        ReviewReason.SHRUNK: _("Perdió más de la mitad de sus valores."),
        ReviewReason.UNREADABLE: _("La mayor parte de sus líneas no se puede leer."),
        ReviewReason.GROWN: _("Tiene más del triple de valores que la anterior."),
        ReviewReason.BROAD: _("Agrega redes con más de una de cada 64 direcciones."),
    }
)
REFUSAL_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "unreadable": _("ilegibles"),
        "too_wide": _("redes demasiado amplias"),
        "internal": _("redes privadas"),
    }
)
FAULT_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "address": _("La dirección no es pública."),
        "unreachable": _("El servidor no respondió, o su certificado no es válido."),
        "status": _("El servidor no entregó el archivo."),
        "redirect": _("El servidor envió a otra dirección; escriba la definitiva."),
        "too_large": _("El archivo pasa de 50 MB."),
        "too_slow": _("El servidor tardó demasiado."),
        "encoded": _("El archivo viene comprimido."),
        "nothing": _("El archivo está vacío."),
        "archive": _("El archivo está comprimido; se necesita texto."),
        "markup": _("Es una página web, no una lista."),
        "binary": _("No es un archivo de texto."),
        "too_many_entries": _("La lista pasa de 2 millones de valores."),
    }
)
BUILTIN_TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "fatf_call_for_action_countermeasures": _("GAFI: llamado a la acción, contramedidas"),
        "fatf_call_for_action_enhanced": _("GAFI: llamado a la acción, debida diligencia reforzada"),
        "fatf_increased_monitoring": _("GAFI: monitoreo intensificado"),
        "eu_high_risk_third_countries": _("UE: terceros países de alto riesgo"),
        "eu_tax_non_cooperative_annex_1": _("UE: no cooperadores fiscales, anexo I"),
        "disposable_domains": _("Dominios de correo desechables"),
        "suspicious_tlds": _("Dominios de nivel superior sospechosos"),
        "generic_initiators": _("Iniciadores genéricos"),
    }
)
REFUSALS_OF_FORMS: Mapping[str, Text] = MappingProxyType(
    {
        "must be a public https address without credentials": _(
            "Escriba una dirección https pública, sin usuario ni contraseña."
        ),
        "needs a url": _("Solo una lista con dirección se actualiza sola."),
        "must be text of at most 120 readable characters": _("Use hasta 120 letras, números y signos legibles."),
        "must be text of at most 200 readable characters": _("Use hasta 200 letras, números y signos legibles."),
        "there are 50 lists already": _("Ya hay 50 listas, que es el máximo."),
        "The organization has not contracted this module.": _(
            "No contratado: este tipo pide el módulo de Inteligencia."
        ),
    }
)
