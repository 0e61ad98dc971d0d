"""Nothing that a policy can say lacks its words, and no words are for what is not there."""

from collections.abc import Iterable

import pytest
from django.utils import translation

from assess.custom_rules import PolicyRule, RuleAction, RuleFlow, RuleStage
from assess.policy import Bands, default_policy
from assess.policy_difference import PolicyChange
from assess.signals.payout_high_risk_country import LISTS
from assess.signals.table import SIGNALS
from assess.types import DraftState
from assess.web import policy_words as words
from assess.web.policy_fields import make_parameter_fields
from assess.web.policy_values import show_change, show_parameter
from transactions.types import Flow

KINDS: dict[str, tuple[words.Words, Iterable[str]]] = {
    "flows": (words.FLOWS, Flow),
    "bands": (words.BANDS, Bands.__struct_fields__),
    "signals": (words.SIGNALS, [signal.code for signal in SIGNALS]),
    "risk lists": (words.RISK_LISTS, LISTS),
    "states of drafts": (words.DRAFT_STATES, DraftState),
    "actions of rules": (words.RULE_ACTIONS, RuleAction),
    "stages of rules": (words.RULE_STAGES, RuleStage),
    "flows of rules": (words.RULE_FLOWS, RuleFlow),
    "fields of rules": (words.RULE_FIELDS, [name for name in PolicyRule.__struct_fields__ if name != "id"]),
}
PARAMETERS = [(signal, name) for signal in SIGNALS for name in signal.parameters.__struct_fields__]


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_has_its_words_and_no_other(kind: str) -> None:
    said, known = KINDS[kind]
    assert set(said) == set(known)


def test_no_parameter_lacks_words_and_no_words_lack_a_parameter() -> None:
    used = {
        f"{signal.code}.{name}" if f"{signal.code}.{name}" in words.PARAMETERS else name for signal, name in PARAMETERS
    }
    assert used == set(words.PARAMETERS)


def test_every_parameter_has_a_field() -> None:
    assert [len(make_parameter_fields(signal)) for signal in SIGNALS] == [
        len(signal.parameters.__struct_fields__) for signal in SIGNALS
    ]


def test_every_word_is_said_otherwise_in_english_or_is_the_same_on_purpose() -> None:
    tables = [table for table, _known in KINDS.values()]
    labels = [str(label) for table in tables for label in table.values()]
    labels += [str(each.label) for each in words.PARAMETERS.values()]
    with translation.override("en"):
        english = [str(label) for table in tables for label in table.values()]
        english += [str(each.label) for each in words.PARAMETERS.values()]
    assert [word for word, other in zip(labels, english, strict=True) if word == other] == []


def test_every_default_is_shown_with_its_unit() -> None:
    policy = default_policy()
    shown = {
        f"{signal.code}.{name}": show_parameter(
            signal.code, name, getattr(policy.of(flow).parameters[signal.code], name)
        )
        for signal, name in PARAMETERS
        for flow in signal.flows
    }
    assert shown["high_velocity.payer_limit"] == "5 pagos por hora"
    assert shown["short_session.minimum_ms"] == "3,000 ms"
    assert shown["amount_limit.maximum_minor"] == "\N{EM DASH}"
    assert shown["payout_structuring.limits_minor"] == "$50,000.00 MXN\n$10,000.00 USD"
    assert shown["payout_structuring.near_percent"] == "90 % del límite o más"
    assert shown["payout_high_risk_country.lists"].splitlines()[2] == "GAFI: monitoreo intensificado"


RULE = {
    "id": "0a1b2c3d",
    "name": "Noche",
    "revision": 1,
    "flow": "payout",
    "condition": "payment.amount > 100",
    "action": "score",
    "stage": "shadow",
    "weight": -5,
    "guard_percent": None,
}
CHANGES = [
    (("payout", "bands", "review"), 30, 20, ("Pagos salientes · Revisión desde", "30", "20")),
    (("payin", "weights", "high_velocity"), 35, 20, ("Cobros · Peso de Alta velocidad", "35", "20")),
    (("payin", "disabled", "bot_pattern"), False, True, ("Cobros · Programa automático", "Encendida", "Apagada")),
    (
        ("payout", "parameters", "amount_limit", "maximum_minor"),
        {},
        {"CLP": 5_000},
        ("Pagos salientes · Importe sobre el máximo · Importe máximo que puede pasar", "\N{EM DASH}", "$5,000 CLP"),
    ),
    (
        ("rules", "0a1b2c3d"),
        None,
        RULE,
        ("Regla Noche", "\N{EM DASH}", "Sombra · Suma al puntaje (-5)\npayment.amount > 100"),
    ),
    (("rules", "0a1b2c3d", "stage"), "shadow", "active", ("Regla Noche · Estado", "Sombra", "Activa")),
    (
        ("rules", "0a1b2c3d", "guard_percent"),
        None,
        5,
        ("Regla Noche · Guardia (% de los pagos de una hora)", "\N{EM DASH}", "5"),
    ),
    (
        ("rules",),
        ["0a1b2c3d", "ffffffff"],
        ["ffffffff", "0a1b2c3d"],
        ("Orden de las reglas", "Noche\nffffffff", "ffffffff\nNoche"),
    ),
]


@pytest.mark.parametrize(("path", "before", "after", "said"), CHANGES, ids=lambda value: str(value)[:40])
def test_a_change_is_said_in_words(path: tuple[str, ...], before: object, after: object, said: tuple[str, ...]) -> None:
    shown = show_change(PolicyChange(path=path, before=before, after=after), {"0a1b2c3d": "Noche"})
    assert (shown.label, shown.before, shown.after) == said
