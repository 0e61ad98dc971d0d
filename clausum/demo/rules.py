"""The demo's rule: one that somebody is trying on live payments before it may bite."""

from datetime import datetime

from accounts.types import Role
from assess.custom_rules import RuleStage
from assess.rule_queries import get_rule
from assess.services.rules import add_rule
from assess.services.stage_rule import prepare_stage, propose_stage
from assess.types import NewRule
from clausum.datasets.rows import PAYOUT
from clausum.demo.authors import make_author
from clausum.demo.cast import Part
from core.actor import Actor
from core.unit_of_work import service

_OF_PAYOUTS = NewRule(
    name="Dispersión grande de noche",
    flow="payout",
    condition="payment.amount >= 1000000 && (payment.hour >= 21 || payment.hour < 7)",
    action="review",
    description="En mayo vaciaron cuentas así; se prueba antes de que decida.",
)
_OF_PAYINS = NewRule(
    name="Cobro grande de noche",
    flow="payin",
    condition="payment.amount >= 200000 && (payment.hour >= 21 || payment.hour < 7)",
    action="score",
    weight=15,
    description="Contracargos de madrugada; se prueba antes de que decida.",
)


@service
def try_rule(*, actor: Actor, part: Part, now: datetime) -> None:
    """Write a rule and put it to shadow, so that the week's payments are asked about it and none is decided by it."""
    author = make_author(actor, part, Role.ADMIN)
    row = add_rule(actor=author, rule=_OF_PAYOUTS if part.row_kind == PAYOUT else _OF_PAYINS, now=now)
    rule = get_rule(**author.scope, rule_id=row.id)
    prepared = prepare_stage(actor=author, rule=rule, stage=RuleStage.SHADOW, now=now)
    propose_stage(actor=author, prepared=prepared, title=row.name, reason="Ver en pagos reales qué haría.", now=now)
