"""Fields that gather looked up: what the parties did before, what lists say, and what the signals found."""

from assess.conditions.field import BOTH, PAYIN, PAYOUT, Field, Kind, Scored, say
from assess.types import Facts, Lookup
from blocklists.types import ListType
from transactions.types import Flow, IdentityKind

_COUNTED: dict[IdentityKind, tuple[str, str, str, frozenset[Flow]]] = {
    IdentityKind.EMAIL: ("email", "the e-mail", "el correo", PAYIN),
    IdentityKind.IP: ("ip", "the IP address", "la IP", BOTH),
    IdentityKind.DEVICE: ("device", "the device", "el dispositivo", BOTH),
    IdentityKind.CUSTOMER: ("customer", "the customer", "el cliente", BOTH),
    IdentityKind.CARD: ("card", "the card", "la tarjeta", PAYIN),
    IdentityKind.BENEFICIARY: ("beneficiary", "the beneficiary account", "la cuenta beneficiaria", PAYOUT),
    IdentityKind.ORIGIN: ("origin", "the origin account", "la cuenta de origen", PAYOUT),
}
_COUNTS = (
    ("payments_1h", "events_1h", "Earlier payments in the last hour", "Pagos previos en la última hora", False),
    ("sum_24h", "sum_24h_minor", "Sum of the last 24 hours", "Suma de las últimas 24 horas", True),
    ("payments_30d", "events_30d", "Payments of the last 30 days", "Pagos de los últimos 30 días", False),
    ("daily_peak", "daily_peak_minor", "Greatest daily sum in 30 days", "Mayor suma diaria en 30 días", True),
)
_PARTNERS = (
    (IdentityKind.ORIGIN, "accounts_24h", "counterparties_24h", "Accounts paid in 24 hours", "Cuentas pagadas en 24 h"),
    (
        IdentityKind.ORIGIN,
        "new_accounts_24h",
        "new_counterparties_24h",
        "New accounts paid in 24 hours",
        "Cuentas nuevas pagadas en 24 h",
    ),
    (
        IdentityKind.BENEFICIARY,
        "origins_24h",
        "counterparties_24h",
        "Origins that paid it in 24 hours",
        "Orígenes que le pagaron en 24 h",
    ),
)


def _counted(kind: IdentityKind, suffix: str, attribute: str, words: tuple[str, str], *, is_amount: bool) -> Field:
    name, english, spanish, flows = _COUNTED[kind]

    def read(facts: Facts, _: Scored) -> int | None:
        history = facts.history(kind)
        return None if history is None else int(getattr(history, attribute))

    return Field(
        name=f"history.{name}_{suffix}",
        kind=Kind.NUMBER,
        meaning=say(f"{words[0]}: {english}", f"{words[1]}: {spanish}"),
        read=read,
        flows=flows,
        needs=Lookup.HISTORY,
        is_amount=is_amount,
    )


def _list_counted() -> tuple[Field, ...]:
    counts = [
        _counted(kind, suffix, attribute, (english, spanish), is_amount=is_amount)
        for kind in _COUNTED
        for suffix, attribute, english, spanish, is_amount in _COUNTS
    ]
    partners = [
        _counted(kind, suffix, attribute, (english, spanish), is_amount=False)
        for kind, suffix, attribute, english, spanish in _PARTNERS
    ]
    return (*counts, *partners)


def _read_list_types(facts: Facts, _: Scored) -> list[str]:
    found = {hit.list_type for hit in facts.list_hits}
    return [list_type.value for list_type in ListType if list_type in found]


HISTORY_FIELDS: tuple[Field, ...] = (
    *_list_counted(),
    Field(
        name="pair.is_known",
        kind=Kind.FLAG,
        meaning=say("The origin has paid this account before", "El origen ya le ha pagado a esta cuenta"),
        read=lambda facts, _: facts.pair.is_known if facts.pair else None,
        flows=PAYOUT,
        needs=Lookup.PAIR,
    ),
    Field(
        name="amounts.median",
        kind=Kind.NUMBER,
        meaning=say("Median of the party's latest amounts", "Mediana de los últimos importes de la parte"),
        read=lambda facts, _: facts.recent_amounts.median_doubled // 2 if facts.recent_amounts else None,
        needs=Lookup.AMOUNTS,
        is_amount=True,
    ),
    Field(
        name="amounts.payments",
        kind=Kind.NUMBER,
        meaning=say("Payments behind that median", "Pagos detrás de esa mediana"),
        read=lambda facts, _: facts.recent_amounts.events if facts.recent_amounts else None,
        needs=Lookup.AMOUNTS,
    ),
    Field(
        name="lists.types",
        kind=Kind.TEXTS,
        meaning=say("Types of list entries that it met", "Tipos de lista con los que coincidió"),
        read=_read_list_types,
        needs=Lookup.BLOCKLISTS,
    ),
    Field(
        name="fraud.is_prior",
        kind=Kind.FLAG,
        meaning=say(
            "A party was the fraudster's side of a confirmed fraud", "Una parte ya cometió un fraude confirmado"
        ),
        read=lambda facts, _: bool(facts.prior_fraud),
        needs=Lookup.PRIOR_FRAUD,
    ),
    Field(
        name="signals.fired",
        kind=Kind.TEXTS,
        meaning=say("Codes of the signals that fired", "Códigos de las señales que se activaron"),
        read=lambda _, scored: list(scored.fired),
    ),
    Field(
        name="signals.score",
        kind=Kind.NUMBER,
        meaning=say("Score of the signals, before any rule", "Puntaje de las señales, antes de las reglas"),
        read=lambda _, scored: scored.total,
    ),
)
