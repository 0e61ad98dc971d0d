"""A simulation in words: what was supposed, and what was looked up about the payment."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assess.suppositions import Supposition
from assess.types import AmountStatistics, Facts, Lookup
from blocklists.types import Severity
from core.web.formats import format_money
from events.web.words import VALUE_WORDS
from transactions.types import Flow, IdentityHistory, IdentityKind

SUPPOSED: dict[Supposition, str | Promise] = {
    Supposition.DOUBLE_AMOUNT: gettext_lazy("El doble del importe"),
    Supposition.HALF_AMOUNT: gettext_lazy("La mitad del importe"),
    Supposition.KNOWN_BENEFICIARY: gettext_lazy("Al beneficiario ya se le pagó antes"),
    Supposition.NIGHT: gettext_lazy("A las 3 a. m., hora en que el origen nunca paga"),
    Supposition.FAN_IN: gettext_lazy("12 orígenes pagaron a la cuenta hoy"),
    Supposition.STRUCTURING: gettext_lazy("3 pagos justo debajo de cada límite hoy"),
    Supposition.VELOCITY: gettext_lazy("100 pagos de cada identidad en la última hora"),
    Supposition.LISTED: gettext_lazy("Está en una lista que bloquea"),
    Supposition.UNLISTED: gettext_lazy("No está en ninguna lista"),
    Supposition.HUMAN: gettext_lazy("Una persona navegó minuto y medio"),
    Supposition.HOME_CARD: gettext_lazy("La tarjeta es del país de facturación"),
}

FLOWS = {flow: VALUE_WORDS["flow"][flow.value] for flow in Flow}

IDENTITIES = {
    IdentityKind.EMAIL: gettext_lazy("Correo"),
    IdentityKind.IP: gettext_lazy("Dirección IP"),
    IdentityKind.DEVICE: gettext_lazy("Dispositivo"),
    IdentityKind.CUSTOMER: gettext_lazy("Cliente"),
    IdentityKind.CARD: gettext_lazy("Tarjeta"),
    IdentityKind.BENEFICIARY: gettext_lazy("Cuenta del beneficiario"),
    IdentityKind.ORIGIN: gettext_lazy("Cuenta de origen"),
    IdentityKind.CARD_HASH: gettext_lazy("Tarjeta (hash)"),
}
_SEVERITIES = {
    Severity.BLOCK: gettext_lazy("bloquea"),
    Severity.FLAG: gettext_lazy("marca"),
    Severity.REVIEW: gettext_lazy("pide revisión"),
}
_LOOKUPS = {
    Lookup.BLOCKLISTS: gettext_lazy("listas"),
    Lookup.HISTORY: gettext_lazy("historia"),
    Lookup.AMOUNTS: gettext_lazy("importes"),
    Lookup.PAIR: gettext_lazy("origen y beneficiario"),
    Lookup.NAMES: gettext_lazy("nombres de la cuenta"),
    Lookup.PRIOR_FRAUD: gettext_lazy("fraudes anteriores"),
}


def list_facts(facts: Facts, *, timezone: str) -> list[tuple[Any, str]]:
    """Return what was looked up, each with its heading; no value of the payment stands in it."""
    return list(_tell(facts, timezone))


def _tell(facts: Facts, timezone: str) -> Iterator[tuple[Any, str]]:
    currency = facts.payment.currency
    yield _("Hora local"), f"{facts.local_hour:02}:00 ({timezone})"
    for history in facts.histories:
        yield IDENTITIES[history.kind], _tell_history(history, currency)
    yield _("Listas"), _tell_lists(facts)
    if facts.pair is not None:
        yield _("Origen y beneficiario"), _tell_pair(facts)
    if facts.near_limit_bands:
        yield _("Cerca de un límite, 24 h"), _tell_near(facts)
    yield _("Importes habituales"), _tell_usual(facts, currency)
    if facts.earlier_names:
        count = len(facts.earlier_names)
        yield (
            _("Nombres anteriores de la cuenta"),
            ngettext("%(count)s nombre", "%(count)s nombres", count) % {"count": count},
        )
    if facts.prior_fraud:
        yield _("Fraude confirmado antes"), ", ".join(str(IDENTITIES[kind]) for kind in facts.prior_fraud)
    if facts.failed_lookups:
        yield _("No se pudo consultar"), ", ".join(str(_LOOKUPS[lookup]) for lookup in facts.failed_lookups)


def _tell_history(history: IdentityHistory, currency: str) -> str:
    if not history.events_30d and not history.events_1h:
        return _("Sin pagos en los últimos 30 días")
    parts = [
        ngettext("%(count)s pago en la última hora", "%(count)s pagos en la última hora", history.events_1h)
        % {"count": history.events_1h},
        _("%(sum)s %(currency)s en 24 h")
        % {"sum": format_money(amount_minor=history.sum_24h_minor, currency=currency), "currency": currency},
        ngettext("%(count)s pago en 30 días", "%(count)s pagos en 30 días", history.events_30d)
        % {"count": history.events_30d},
        *_tell_counterparties(history),
    ]
    return "; ".join(parts)


def _tell_counterparties(history: IdentityHistory) -> Iterator[str]:
    count = history.counterparties_24h
    if history.kind is IdentityKind.BENEFICIARY:
        yield ngettext("%(count)s origen en 24 h", "%(count)s orígenes en 24 h", count) % {"count": count}
    if history.kind is IdentityKind.ORIGIN:
        yield ngettext("%(count)s cuenta en 24 h", "%(count)s cuentas en 24 h", count) % {"count": count}


def _tell_lists(facts: Facts) -> str:
    if not facts.list_hits:
        return _("En ninguna")
    return "; ".join(
        f"{VALUE_WORDS['list_type'][hit.list_type]}: {_SEVERITIES[hit.severity]}" for hit in facts.list_hits
    )


def _tell_pair(facts: Facts) -> str:
    if facts.pair and facts.pair.is_known:
        return _("Ya hubo un pago aprobado o liberado")
    if facts.pair and (facts.pair.is_seen_24h or facts.pair.is_seen_earlier):
        return _("Hubo pagos, ninguno aprobado ni liberado")
    return _("Nunca hubo un pago")


def _tell_near(facts: Facts) -> str:
    counts = [sum(history.near_limit_24h) for history in facts.histories if history.near_limit_24h]
    most = max(counts, default=0)
    return ngettext("%(count)s pago", "%(count)s pagos", most) % {"count": most}


def _tell_usual(facts: Facts, currency: str) -> str:
    if facts.recent_amounts is not None:
        return _tell_statistics(facts.recent_amounts, currency)
    if facts.organization_amounts is not None:
        return _("De la organización: %(text)s") % {"text": _tell_statistics(facts.organization_amounts, currency)}
    return _("Aún no hay con qué comparar")


def _tell_statistics(usual: AmountStatistics, currency: str) -> str:
    amount = format_money(amount_minor=usual.median_doubled // 2, currency=currency)
    return ngettext(
        "mediana de %(amount)s %(currency)s en %(count)s pago",
        "mediana de %(amount)s %(currency)s en %(count)s pagos",
        usual.events,
    ) % {"amount": amount, "currency": currency, "count": usual.events}
