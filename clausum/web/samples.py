"""What the style guide shows in its components: made-up payments, one fixed story."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from clausum.web.navigation import Part
from core.web.charts import Point
from core.web.decisions import DECISIONS
from core.web.waterfall import Step, Threshold, Waterfall

_ACCOUNTS = ("646180115000009034", "012180001234567899", "072180009876543213", "014180655012345679")
_NAMES = ("Ábaco Servicios", "Luz Elena Ortiz", "Transportes del Bajío", "Refacciones Nogal")
_AMOUNTS = ((123_450, "MXN"), (98_700_000, "MXN"), (45_000, "CLP"), (1_234_567, "KWD"))
_MINUTES = (4, 12, 95, 2900)
_PER_HOUR = (12, 15, 14, 18, 22, 19, 25, 31, 28, 26, 34, 41, 38, 36, 44, 40, 35, 29, 31, 24, 20, 18, 15, 13)
_PER_DECISION = {"approve": 612, "review": 84, "challenge": 41, "decline": 23}


def make_samples(*, now: datetime) -> dict[str, Any]:
    """Return the context of the style guide, told as if it were now."""
    return {
        "now": now,
        "decisions": list(DECISIONS),
        "payments": _list_payments(now),
        "story": _tell_story(now),
        "facts": _list_facts(),
        "tabs": _list_tabs(),
        "sample_parts": [
            Part(_("Parte actual"), "folder-open", url="#current"),
            Part(_("Otra parte"), "radar", url="#other"),
        ],
        "sample_place": ("#current", "page"),
        "trail": [{"label": _("Inicio"), "href": "/"}, {"label": _("Expedientes"), "href": "#"}, {"label": "EXP-2041"}],
        "per_hour": [Point(f"{hour:02}:00", count) for hour, count in enumerate(_PER_HOUR)],
        "per_decision": [Point(DECISIONS[code].label, count, code) for code, count in _PER_DECISION.items()],
        "swatches": ("ground", "surface", "edge", "edge-control", "text", "text-quiet", "accent", "focus"),
        "sizes": ("12", "13", "14", "16", "20", "28"),
    }


def _list_payments(now: datetime) -> list[dict[str, Any]]:
    rows = zip(_NAMES, _ACCOUNTS, _AMOUNTS, DECISIONS, _MINUTES, strict=True)
    return [
        {
            "name": name,
            "account": account,
            "amount_minor": amount[0],
            "currency": amount[1],
            "decision": code,
            "at": now - timedelta(minutes=minutes),
            "is_current": code == "review",
        }
        for name, account, amount, code, minutes in rows
    ]


def _tell_story(now: datetime) -> list[dict[str, Any]]:
    return [
        {"text": _("Pago retenido"), "who": _("Política 14"), "at": now - timedelta(minutes=47)},
        {"text": _("Asignado a Ana Ruiz"), "who": "Raúl Peña", "at": now - timedelta(minutes=31)},
        {"text": _("Nota: el cliente no reconoce al beneficiario"), "who": "Ana Ruiz", "at": now},
    ]


def _list_facts() -> list[tuple[str, str]]:
    return [
        (_("Beneficiario"), _NAMES[0]),
        (_("Referencia"), "0004471"),
        (_("Dispositivo"), "9f31c0a2"),
        (_("Canal"), _("Banca móvil")),
    ]


def _list_tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("Abiertos"), "href": "#tabs", "is_current": True, "count": 12},
        {"label": _("Por vencer"), "href": "#tabs", "count": 3},
        {"label": _("Resueltos"), "href": "#tabs"},
    ]


def make_waterfalls() -> list[tuple[str, Waterfall]]:
    """Return a waterfall in each of its states, with its name."""
    first = Step("payout_first_beneficiary", 20, _("Primer pago de este origen a esta cuenta"))
    many = Step("payout_beneficiary_fan_in", 30, _("Orígenes que pagan a esta cuenta en 24 horas: 12"))
    trusted = Step(_("Regla: proveedor conocido"), -15, _("Proveedor con contrato vigente"), href="#waterfall")
    listed = Step("blocklist_clabe", 100, _("CLABE en una lista de bloqueo"))
    lines = (Threshold("review", 30), Threshold("challenge", 50), Threshold("decline", 80))
    return [
        (_("Ninguna señal"), Waterfall((), lines, 0, "approve")),
        (_("Varias señales"), Waterfall((many, first, trusted), lines, 35, "review")),
        (_("Bloqueo directo"), Waterfall((listed, trusted), lines, 100, "decline")),
        (_("Más de 100"), Waterfall((listed, many, first), lines, 100, "decline")),
        (_("Menos de 0"), Waterfall((trusted,), lines, 0, "approve")),
    ]
