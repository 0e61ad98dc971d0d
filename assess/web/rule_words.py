"""What the pages of rules call things, and how they say a condition."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.conditions.checking import parse_condition
from assess.conditions.field import Field, Kind
from assess.conditions.fields import FIELDS, find_field
from assess.conditions.sentences import (
    WITHOUT_VALUE,
    Group,
    Join,
    Row,
    RowOperator,
    find_sentences,
)
from assess.custom_rules import RuleAction, RuleFlow
from assess.types import Language, RuleState
from events.web.words import VALUE_WORDS

type Words[K] = Mapping[K, str | Promise]

FLOWS: Words[RuleFlow] = {
    flow: VALUE_WORDS["flow"][flow.value] for flow in (RuleFlow.PAYOUT, RuleFlow.PAYIN, RuleFlow.BOTH)
}
ACTIONS: Words[RuleAction] = {action: VALUE_WORDS["action"][action.value] for action in RuleAction}
STATES: Words[RuleState] = {
    RuleState.DRAFT: gettext_lazy("Borrador"),
    RuleState.SHADOW: gettext_lazy("Sombra"),
    RuleState.ACTIVE: gettext_lazy("Activa"),
    RuleState.RETIRED: gettext_lazy("Retirada"),
}
TONES = {RuleState.ACTIVE: "accent", RuleState.SHADOW: "warning"}
JOINS: Words[Join] = {
    Join.ALL: gettext_lazy("se cumplen todas"),
    Join.ANY: gettext_lazy("se cumple alguna"),
}
_JOINED: Words[Join] = {Join.ALL: gettext_lazy("y"), Join.ANY: gettext_lazy("o")}
OPERATORS: Words[RowOperator] = {
    RowOperator.EQUAL: gettext_lazy("es"),
    RowOperator.NOT_EQUAL: gettext_lazy("no es"),
    RowOperator.MORE: gettext_lazy("es mayor que"),
    RowOperator.AT_LEAST: gettext_lazy("es al menos"),
    RowOperator.LESS: gettext_lazy("es menor que"),
    RowOperator.AT_MOST: gettext_lazy("es a lo más"),
    RowOperator.ONE_OF: gettext_lazy("es uno de"),
    RowOperator.NONE_OF: gettext_lazy("no es ninguno de"),
    RowOperator.STARTS_WITH: gettext_lazy("empieza con"),
    RowOperator.ENDS_WITH: gettext_lazy("termina con"),
    RowOperator.CONTAINS: gettext_lazy("contiene"),
    RowOperator.LACKS: gettext_lazy("no contiene"),
    RowOperator.INCLUDES: gettext_lazy("incluye"),
    RowOperator.EXCLUDES: gettext_lazy("no incluye"),
    RowOperator.IS_TRUE: gettext_lazy("es cierto"),
    RowOperator.IS_FALSE: gettext_lazy("no es cierto"),
    RowOperator.PRESENT: gettext_lazy("viene en el pago"),
    RowOperator.ABSENT: gettext_lazy("no viene en el pago"),
}
KINDS: Words[Kind] = {
    Kind.NUMBER: gettext_lazy("número entero"),
    Kind.TEXT: gettext_lazy("texto"),
    Kind.FLAG: gettext_lazy("sí o no"),
    Kind.TEXTS: gettext_lazy("lista de textos"),
    Kind.NUMBERS: gettext_lazy("lista de números"),
    Kind.ANY: gettext_lazy("lo que mande el cliente"),
}
GROUPS: Mapping[str, str | Promise] = {
    "payment": gettext_lazy("Pago"),
    "device": gettext_lazy("Dispositivo"),
    "behavior": gettext_lazy("Comportamiento"),
    "payer": gettext_lazy("Pagador"),
    "card": gettext_lazy("Tarjeta"),
    "billing": gettext_lazy("Facturación"),
    "beneficiary": gettext_lazy("Beneficiario"),
    "origin": gettext_lazy("Origen"),
    "payout": gettext_lazy("Pago saliente"),
    "history": gettext_lazy("Historia"),
    "pair": gettext_lazy("Origen y beneficiario"),
    "amounts": gettext_lazy("Importes de antes"),
    "lists": gettext_lazy("Listas"),
    "fraud": gettext_lazy("Fraude confirmado"),
    "signals": gettext_lazy("Señales"),
}


def name_field(field: Field, language: Language) -> str:
    """Return what a field is called; amounts say that they are in minor units."""
    meaning = field.meaning[language]
    return _("%(field)s (en centavos)") % {"field": meaning} if field.is_amount else meaning


def list_field_choices(flow: RuleFlow, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that every flow of the rule has, by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in FIELDS.values():
        if flow.flows <= each.flows:
            groups.setdefault(each.name.partition(".")[0], []).append((each.name, name_field(each, language)))
    return [(str(GROUPS[group]), choices) for group, choices in groups.items()]


def say_condition(condition: str, flow: RuleFlow, language: Language) -> list[str] | None:
    """Return the condition in words, a line per group; None when only its text can say it."""
    sentences = find_sentences(parse_condition(condition, flows=flow.flows))
    if sentences is None:
        return None
    lines = [_say_group(group, language) for group in sentences.groups]
    joined = str(_JOINED[sentences.join])
    return [line if n == 0 else f"{joined} {line}" for n, line in enumerate(lines)]


def _say_group(group: Group, language: Language) -> str:
    return f" {_JOINED[group.join]} ".join(_say_row(row, language) for row in group.rows)


def _say_row(row: Row, language: Language) -> str:
    found = find_field(row.field)
    name = name_field(found, language) if found else row.field
    if row.operator in WITHOUT_VALUE:
        return f"{name} {OPERATORS[row.operator]}"
    values = ", ".join(_say_value(value, found) for value in row.values)
    return f"{name} {OPERATORS[row.operator]} {values}"


def _say_value(value: str, field: Field | None) -> str:
    if field is not None and field.kind is Kind.NUMBER:
        return str(number_format(int(value), force_grouping=True))
    return f"“{value}”"
