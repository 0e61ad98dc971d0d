"""The components that compute something or hold other content; the rest are plain includes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.money import to_major
from core.web import charts, formats
from core.web import waterfall as waterfalls
from core.web.decisions import DECISIONS

register = template.Library()
_COMPONENTS = "components/"
_ROW_WORDS = {
    waterfalls.RowKind.BASE: _("Base"),
    waterfalls.RowKind.CAPPED: _("El puntaje no pasa de 100"),
    waterfalls.RowKind.FLOORED: _("El puntaje no baja de 0"),
    waterfalls.RowKind.BLOCKED: _("Un bloqueo directo da 100"),
    waterfalls.RowKind.SCORE: _("Puntaje"),
}


@register.inclusion_tag(f"{_COMPONENTS}icon.html")
def icon(name: str) -> dict[str, Any]:
    """Draw an icon of the sprite, hidden from screen readers: the word beside it says the same."""
    return {"name": name}


@register.inclusion_tag(f"{_COMPONENTS}decision.html")
def decision(code: str) -> dict[str, Any]:
    """Show a decision by word, icon and colour.

    Raises:
        KeyError: no such decision.
    """
    return {"decision": DECISIONS[code]}


@register.inclusion_tag(f"{_COMPONENTS}money.html")
def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Show an amount in full.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    return {
        "value": to_major(amount_minor=amount_minor, currency=currency),
        "text": formats.format_money(amount_minor=amount_minor, currency=currency),
        "currency": currency.upper(),
    }


@register.inclusion_tag(f"{_COMPONENTS}moment.html")
def moment(at: datetime, now: datetime, zone: str = formats.DEFAULT_ZONE, exact: bool = False) -> dict[str, Any]:
    """Show how long ago it was; the exact time stands in the tooltip, or beside it with `exact`."""
    return {
        "iso": at.astimezone(UTC).isoformat(timespec="seconds"),
        "relative": formats.format_relative(at, now=now),
        "exact": formats.format_exact(at, zone=zone),
        "is_exact_shown": exact,
    }


@register.inclusion_tag(f"{_COMPONENTS}clabe.html")
def clabe(value: str, masked: bool = True) -> dict[str, Any]:
    """Show an account grouped 3-3-11-1 with its bank; masked unless told otherwise."""
    return {
        "text": formats.format_clabe(value, masked=masked),
        "last": formats.find_last_digits(value) if masked else "",
        "bank": formats.find_bank(value),
    }


@register.inclusion_tag(f"{_COMPONENTS}sparkline.html")
def sparkline(points: Sequence[charts.Point], title: str, label_heading: str, value_heading: str) -> dict[str, Any]:
    """Draw how a figure went, with the same figures as a table."""
    return {
        "points": points,
        "line": charts.draw_line(points),
        "title": title,
        "label_heading": label_heading,
        "value_heading": value_heading,
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
    }


@register.inclusion_tag(f"{_COMPONENTS}spark.html")
def spark(points: Sequence[charts.Point], title: str) -> dict[str, Any]:
    """Draw how a figure went in the height of a line of text; the title says what there is to know of it."""
    return {"line": charts.draw_line(points), "title": title, "width": charts.WIDTH, "height": charts.HEIGHT}


@register.inclusion_tag(f"{_COMPONENTS}bars.html")
def bars(points: Sequence[charts.Point], title: str, label_heading: str, value_heading: str) -> dict[str, Any]:
    """Draw figures side by side, with the same figures as a table."""
    return {
        "bars": charts.draw_bars(points),
        "points": points,
        "title": title,
        "label_heading": label_heading,
        "value_heading": value_heading,
    }


@register.inclusion_tag(f"{_COMPONENTS}waterfall.html")
def waterfall(shown: waterfalls.Waterfall, title: str) -> dict[str, Any]:
    """Draw how the signals add up to the score, with the lines of the decisions and the same figures as a table."""
    rows = waterfalls.draw_rows(shown)
    return {
        "title": title,
        "rows": [(row, row.step.label if row.step else _ROW_WORDS[row.kind]) for row in rows],
        "thresholds": waterfalls.draw_thresholds(shown),
        "decision": shown.decision,
    }


@register.filter
def signed(value: int) -> str:
    """Return a change with its sign, a true minus for less."""
    return f"+{value}" if value >= 0 else f"{formats.MINUS}{-value}"


@register.inclusion_tag(f"{_COMPONENTS}meter.html")
def meter(id: str, label: str, value: int, maximum: int, role: str = "meter") -> dict[str, Any]:  # noqa: A002
    """Show how much of a whole is used (`meter`) or done (`progressbar`)."""
    width = charts.draw_share(value, maximum)
    return {"id": id, "label": label, "value": value, "maximum": maximum, "role": role, "width": width}


@register.inclusion_tag(f"{_COMPONENTS}form_field.html")
def form_field(bound: BoundField, hints: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Draw a field of a form with its label, help and errors; `hints` explain the choices of a group by their value."""
    widget = bound.field.widget
    kind = _find_kind(widget)
    shown: dict[str, Any] = {"bound": bound, "kind": kind, "is_required": bound.field.required}
    if kind == "group":
        told = hints or {}
        shown["options"] = [(each, told.get(str(each.data["value"]), "")) for each in bound.subwidgets]
    else:
        shown["control"] = _draw_control(bound, _list_attributes(widget, kind))
    return shown


@register.inclusion_tag(f"{_COMPONENTS}small_field.html")
def small_field(bound: BoundField) -> dict[str, Any]:
    """Draw a control in a cell of a table, whose head says what it is; its label is for who cannot see the head."""
    attributes: dict[str, str | bool] = {"aria-label": str(bound.label)}
    if _find_kind(bound.field.widget) == "line":
        attributes["class"] = "field__control field__control--number"
    return {"bound": bound, "control": bound.as_widget(attrs=attributes)}


def _draw_control(bound: BoundField, attributes: dict[str, Any]) -> SafeString:
    """Return the control; Django draws each option of a select by a template of its own, dear in a long one."""
    widget = bound.field.widget
    if type(widget) is not forms.Select:
        return bound.as_widget(attrs=attributes)
    given = bound.build_widget_attrs(attributes, widget)
    context = widget.get_context(bound.html_name, bound.value(), given | {"id": bound.auto_id})
    return render_to_string(f"{_COMPONENTS}select.html", context)


def _find_kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "text" if isinstance(widget, forms.Textarea) else "line"


def _list_attributes(widget: forms.Widget, kind: str) -> dict[str, Any]:
    """Return the class of the control, which keeps those that the widget was given."""
    if kind in {"hidden", "checkbox"}:
        return {}
    return {"class": " ".join(filter(None, ("field__control", widget.attrs.get("class", ""))))}


@register.inclusion_tag(f"{_COMPONENTS}form_errors.html")
def form_errors(form: BaseForm, focus: bool = True) -> dict[str, Any]:
    """Tell on top of a form what is wrong with it, with a link to each field; the reader is taken there."""
    visible = [form[name] for name in form.errors if name in form.fields and not form[name].is_hidden]
    hidden = [form[name] for name in form.errors if name in form.fields and form[name].is_hidden]
    general = [*form.non_field_errors(), *(error for bound in hidden for error in bound.errors)]
    return {"general": general, "fields": visible, "has_errors": bool(form.errors), "is_focused": focus}


@register.simple_block_tag
def panel(content: str, title: str, id: str = "", flush: bool = False) -> SafeString:  # noqa: A002
    """Frame content under a heading; `flush` lets a table reach the frame."""
    return render_to_string(
        f"{_COMPONENTS}panel.html", {"content": content, "title": title, "id": id, "is_flush": flush}
    )


@register.simple_block_tag
def table(content: str, caption: str) -> SafeString:
    """Hold a table's head and body; the caption names it, and it scrolls by itself when it is too wide."""
    return render_to_string(f"{_COMPONENTS}table.html", {"content": content, "caption": caption})


@register.simple_block_tag
def dialog(content: str, id: str, title: str, confirm: str, danger: bool = False) -> SafeString:  # noqa: A002
    """Make a modal dialog, opened by a button with `command="show-modal"` and this id."""
    given = {"content": content, "id": id, "title": title, "confirm": confirm, "is_dangerous": danger}
    return render_to_string(f"{_COMPONENTS}dialog.html", given)


@register.simple_block_tag
def menu(content: str, id: str, label: str) -> SafeString:  # noqa: A002
    """Make a button that opens a list of links."""
    return render_to_string(f"{_COMPONENTS}menu.html", {"content": content, "id": id, "label": label})
