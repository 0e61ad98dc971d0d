"""What is asked about a rule: its head in a form, its condition in rows and groups or as text."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.conditions.checking import parse_condition
from assess.conditions.faults import ConditionFault, find_position
from assess.conditions.field import Kind
from assess.conditions.fields import find_field
from assess.conditions.sentences import (
    MAXIMUM_GROUPS,
    MAXIMUM_ROWS,
    OPERATORS,
    WITH_VALUES,
    WITHOUT_VALUE,
    Group,
    Join,
    Row,
    RowFault,
    RowOperator,
    Sentences,
    build_tree,
    find_sentences,
)
from assess.conditions.writing import write_condition
from assess.custom_rules import MAXIMUM_WEIGHT, RuleAction, RuleFlow
from assess.rule_queries import RuleFacts
from assess.services.rules import MAXIMUM_DESCRIPTION_LENGTH, MAXIMUM_NAME_LENGTH
from assess.types import Language, NewRule
from assess.web.rule_words import ACTIONS, FLOWS
from assess.web.rule_words import OPERATORS as OPERATOR_WORDS
from core.web.forms import MomentInput

FIRST_ROW = Row("payment.amount", RowOperator.MORE, ("",))
_LONGEST_VALUE = 1_000
_LONGEST_PLACE = 3


class RuleForm(forms.Form):
    """The head of a rule."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False, initial=0)
    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        help_text=gettext_lazy("Se ve en la respuesta de la API como la razón. No escriba datos de personas."),
        max_length=MAXIMUM_NAME_LENGTH,
    )
    description = forms.CharField(
        label=gettext_lazy("Para qué"),
        widget=forms.Textarea({"rows": 2}),
        max_length=MAXIMUM_DESCRIPTION_LENGTH,
        required=False,
    )
    flow = forms.ChoiceField(label=gettext_lazy("Flujo"), choices=[(each.value, FLOWS[each]) for each in FLOWS])
    action = forms.ChoiceField(
        label=gettext_lazy("Qué hace"), choices=[(each.value, ACTIONS[each]) for each in RuleAction]
    )
    weight = forms.IntegerField(
        label=gettext_lazy("Peso"),
        help_text=gettext_lazy("De -100 a 100; solo cuenta si suma al puntaje."),
        min_value=-MAXIMUM_WEIGHT,
        max_value=MAXIMUM_WEIGHT,
        required=False,
    )
    guard_percent = forms.IntegerField(
        label=gettext_lazy("Guardia (% de los pagos de una hora)"),
        help_text=gettext_lazy("Si la regla coincide con más, regresa sola a sombra. Vacío: sin guardia."),
        min_value=1,
        max_value=100,
        required=False,
    )

    def clean_name(self) -> str:
        """Refuse what nobody sees, such as a no-break space."""
        given: str = self.cleaned_data["name"]
        if not given.isprintable():
            raise forms.ValidationError(
                _("El nombre tiene un carácter que no se ve, como un espacio duro: escríbalo de nuevo.")
            )
        return given

    def read_rule(self, condition: str) -> NewRule:
        """Return the rule as the services take it."""
        given = self.cleaned_data
        return NewRule(
            name=given["name"],
            description=given["description"],
            flow=given["flow"],
            condition=condition,
            action=given["action"],
            weight=given["weight"] or 0,
            guard_percent=given["guard_percent"],
        )


class StageForm(forms.Form):
    """Why a rule is brought to another stage, and when."""

    reason = forms.CharField(label=gettext_lazy("Motivo"), max_length=1_000, widget=forms.Textarea({"rows": 2}))
    publish_at = forms.DateTimeField(
        label=gettext_lazy("Publicar el"),
        help_text=gettext_lazy("Vacío: en cuanto se confirme."),
        widget=MomentInput,
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, zone: str, now: datetime) -> None:
        super().__init__(data)
        self._zone, self._now = ZoneInfo(zone), now

    def clean_publish_at(self) -> datetime | None:
        """Return the moment, which was typed in the organization's time zone."""
        given: datetime | None = self.cleaned_data["publish_at"]
        if given is None:
            return None
        moment = given.replace(tzinfo=self._zone)
        if moment <= self._now:
            raise forms.ValidationError(_("Elija un momento que aún no pase."))
        return moment


def make_initial(rule: RuleFacts) -> dict[str, Any]:
    """Return the rule as the form shows it."""
    return {
        "revision": rule.revision,
        "name": rule.name,
        "description": rule.description,
        "flow": rule.flow.value,
        "action": rule.action.value,
        "weight": rule.weight,
        "guard_percent": rule.guard_percent,
    }


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a condition, in words; where, when it is in a row."""

    text: str
    group: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A condition while it is written: in rows (`is_text` false) or as text, and what is wrong with it."""

    flow: RuleFlow
    sentences: Sentences
    text: str
    is_text: bool
    problem: Problem | None = None

    @property
    def condition(self) -> str:
        """The canonical text, or "" while something is wrong."""
        return "" if self.problem else self.text


def begin_draft(flow: RuleFlow = RuleFlow.PAYOUT) -> Draft:
    """Return the draft of a new rule: one empty row."""
    sentences = Sentences(Join.ALL, (Group(Join.ALL, (FIRST_ROW,)),))
    return Draft(flow=flow, sentences=sentences, text="", is_text=False)


def open_draft(rule: RuleFacts) -> Draft:
    """Return the draft of a rule that is there: in rows where they can say it."""
    found = find_sentences(parse_condition(rule.condition, flows=rule.flow.flows))
    empty = Sentences(Join.ALL, ())
    return Draft(flow=rule.flow, sentences=found or empty, text=rule.condition, is_text=found is None)


def read_draft(data: QueryDict, language: Language) -> Draft:
    """Return the draft that was sent, after the act that its button names, checked.

    Acts: `row:<group>`, `group`, `drop:<group>:<row>`, `text` and `rows` (say it the other way).
    """
    given = data.get("flow", "")
    flow = RuleFlow(given) if given in set(RuleFlow) else RuleFlow.PAYOUT
    act = data.get("act", "")
    if data.get("mode") == "text":
        draft = _check_text(Draft(flow, Sentences(Join.ALL, ()), data.get("condition", ""), is_text=True), language)
        return replace(draft, is_text=False) if act == "rows" and draft.sentences.groups else draft
    sentences = _apply(_read_sentences(data), act)
    draft = _check_rows(Draft(flow, sentences, "", is_text=False), language)
    return replace(draft, is_text=True) if act == "text" and draft.problem is None else draft


def _check_text(draft: Draft, language: Language) -> Draft:
    try:
        tree = parse_condition(draft.text, flows=draft.flow.flows)
    except ConditionFault as fault:
        return replace(draft, problem=Problem(_place(fault, draft.text, language)))
    found = find_sentences(tree)
    return replace(draft, text=write_condition(tree), sentences=found or draft.sentences)


def _check_rows(draft: Draft, language: Language) -> Draft:
    try:
        text = write_condition(build_tree(draft.sentences))
        parse_condition(text, flows=draft.flow.flows)
    except RowFault as fault:
        return replace(draft, problem=Problem(_say_row_fault(fault), fault.group, fault.row))
    except ConditionFault as fault:
        return replace(draft, problem=Problem(fault.describe(language)))
    return replace(draft, text=text)


def _place(fault: ConditionFault, source: str, language: Language) -> str:
    line, column = find_position(source, fault.at)
    where = _("Línea %(line)s, columna %(column)s") % {"line": line, "column": column}
    return f"{where}: {fault.describe(language)}."


def _say_row_fault(fault: RowFault) -> str:
    if fault.part == "field":
        return _("Elija un campo.")
    if fault.part == "operator":
        return _("Ese operador no va con este campo: elija otro.")
    return _("Escriba un valor que vaya con el campo: números enteros (los importes en centavos) o texto.")


def _read_sentences(data: QueryDict) -> Sentences:
    groups = [_read_group(data, g) for g in range(MAXIMUM_GROUPS) if f"g{g}-join" in data]
    return Sentences(_read_join(data, "join"), tuple(groups))


def _read_group(data: QueryDict, g: int) -> Group:
    rows = [_read_row(data, f"g{g}r{r}") for r in range(MAXIMUM_ROWS) if f"g{g}r{r}-field" in data]
    return Group(_read_join(data, f"g{g}-join"), tuple(rows))


def _read_join(data: QueryDict, name: str) -> Join:
    return Join.ANY if data.get(name) == Join.ANY else Join.ALL


def _read_row(data: QueryDict, prefix: str) -> Row:
    given = data.get(f"{prefix}-operator", "")
    operator = RowOperator(given) if given in set(RowOperator) else RowOperator.EQUAL
    text = data.get(f"{prefix}-value", "")[:_LONGEST_VALUE]
    values = tuple(part.strip() for part in text.split(",")) if operator in WITH_VALUES else (text.strip(),)
    name = data.get(f"{prefix}-field", "")
    if name == "metadata":
        name = f"metadata.{data.get(f'{prefix}-key', '').strip()}"
    return Row(name, operator, () if operator in WITHOUT_VALUE else values)


def _apply(sentences: Sentences, act: str) -> Sentences:
    name, _, place = act.partition(":")
    groups = list(sentences.groups)
    if name == "group" and len(groups) < MAXIMUM_GROUPS:
        groups.append(Group(Join.ALL, (FIRST_ROW,)))
    elif name == "row" and _is_place(place, groups):
        rows = groups[int(place)].rows
        groups[int(place)] = replace(groups[int(place)], rows=(*rows, FIRST_ROW)[:MAXIMUM_ROWS])
    elif name == "drop":
        groups = _drop(groups, place)
    return replace(sentences, groups=tuple(groups) or (Group(Join.ALL, (FIRST_ROW,)),))


def _is_place(place: str, rows: Any) -> bool:
    return place.isascii() and place.isdigit() and len(place) <= _LONGEST_PLACE and int(place) < len(rows)


def _drop(groups: list[Group], place: str) -> list[Group]:
    group, _, row = place.partition(":")
    if not _is_place(group, groups) or not _is_place(row, groups[int(group)].rows):
        return groups
    kept = tuple(each for n, each in enumerate(groups[int(group)].rows) if n != int(row))
    return [
        replace(each, rows=kept) if n == int(group) else each
        for n, each in enumerate(groups)
        if n != int(group) or kept
    ]


def show_groups(draft: Draft) -> list[dict[str, Any]]:
    """Return the groups and rows as the template draws them."""
    return [
        {
            "prefix": f"g{g}",
            "number": g + 1,
            "join": group.join.value,
            "rows": [_show_row(row, g, r, draft.problem) for r, row in enumerate(group.rows)],
        }
        for g, group in enumerate(draft.sentences.groups)
    ]


def _show_row(row: Row, g: int, r: int, problem: Problem | None) -> dict[str, Any]:
    found = find_field(row.field)
    kind = found.kind if found else Kind.TEXT
    is_own = row.field.startswith("metadata.")
    return {
        "prefix": f"g{g}r{r}",
        "place": f"{g}:{r}",
        "number": r + 1,
        "field": "metadata" if is_own else row.field,
        "key": row.field.removeprefix("metadata.") if is_own else "",
        "is_own": is_own,
        "operator": row.operator.value,
        "operators": [(each.value, OPERATOR_WORDS[each]) for each in OPERATORS[kind]],
        "value": ", ".join(row.values),
        "has_value": row.operator not in WITHOUT_VALUE,
        "is_number": kind is Kind.NUMBER and row.operator not in WITH_VALUES,
        "problem": problem.text if problem and (problem.group, problem.row) == (g, r) else "",
    }
