"""`/api/v1/rules`: what the pages of rules do (contract §1, §8)."""

import uuid
from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.api.parameters import make_page_parameters, read_page
from assess.api.rule_bodies import (
    RuleIn,
    RuleOut,
    RulesOut,
    StageIn,
    StageOut,
    make_rule_body,
    make_stage_body,
    read_rule,
    read_stage,
)
from assess.custom_rules import RuleStage
from assess.rule_queries import RuleFacts, RuleRecord, get_rule, list_rules, summarize_rules
from assess.services.rules import add_rule, change_rule, remove_rule
from assess.services.stage_rule import prepare_stage, propose_stage, require_revision
from assess.types import RuleState
from core.actor import Actor
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_TAG = "Rules"
_STAGES: dict[str, RuleStage | None] = {"shadow": RuleStage.SHADOW, "active": RuleStage.ACTIVE, "retired": None}
_EXAMPLE = {
    "name": "High amount to a new account",
    "flow": "payout",
    "condition": "payment.amount > 5000000 && !pair.is_known",
    "action": "review",
}


class RulesView(SessionView):
    """All rules of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {"GET": "rules:read", "POST": "rules:propose"}

    @documented(
        "list_rules",
        summary="List rules",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: RulesOut},
        parameters=make_page_parameters("Rules"),
    )
    def get(self, request: Request) -> HttpResponse:
        """List the rules: those in force in the order in which they block, then the drafts, then the retired."""
        page = read_page(request._request.GET)
        rules, total = list_rules(**self.actor.scope, states=list(RuleState), limit=page.limit, offset=page.offset)
        data = _show(self.actor, rules)
        return json_response(RulesOut(data=data, total=total, limit=page.limit, offset=page.offset))

    @documented(
        "add_rule",
        summary="Write a rule",
        tag=_TAG,
        credential=MANAGEMENT,
        request=RuleIn,
        example=_EXAMPLE,
        responses={201: RuleOut},
    )
    def post(self, request: Request) -> HttpResponse:
        """Keep a rule as a draft; a faulty condition is 400 with `line`, `column` and `at` in `details`."""
        wanted, _revision = read_rule(request._request)
        with unit_of_work():
            rule = add_rule(actor=self.actor, rule=wanted, now=read_clock())
        return _answer(self.actor, rule.id, status=201)


class RuleView(SessionView):
    """One rule of the session's organization and environment."""

    permission: ClassVar[dict[str, str]] = {
        "GET": "rules:read",
        "PATCH": "rules:propose",
        "DELETE": "rules:propose",
    }

    @documented("get_rule", summary="Read a rule", tag=_TAG, credential=MANAGEMENT, responses={200: RuleOut})
    def get(self, request: Request, rule_id: uuid.UUID) -> HttpResponse:
        """Read the rule."""
        return _answer(self.actor, rule_id)

    @documented(
        "change_rule",
        summary="Rewrite a rule",
        tag=_TAG,
        credential=MANAGEMENT,
        request=RuleIn,
        responses={200: RuleOut},
        errors=(409,),
    )
    def patch(self, request: Request, rule_id: uuid.UUID) -> HttpResponse:
        """Replace the draft of the rule; what is published stays until it is published too."""
        wanted, revision = read_rule(request._request)
        with unit_of_work():
            change_rule(actor=self.actor, rule_id=rule_id, rule=wanted, revision=revision, now=read_clock())
        return _answer(self.actor, rule_id)

    @documented(
        "remove_rule",
        summary="Delete a rule that was never published",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={204: None},
        errors=(409,),
    )
    def delete(self, request: Request, rule_id: uuid.UUID) -> HttpResponse:
        """Delete the rule; one that was ever published is 409: retire it. So is one that a proposal holds."""
        with unit_of_work():
            remove_rule(actor=self.actor, rule_id=rule_id, now=read_clock())
        return HttpResponse(status=204)


class RuleStageView(SessionView):
    """The way of one rule through its stages."""

    permission: ClassVar[dict[str, str]] = {"POST": "rules:propose"}

    @documented(
        "stage_rule",
        summary="Bring a rule to shadow, to life or to retirement",
        tag=_TAG,
        credential=MANAGEMENT,
        request=StageIn,
        example={"stage": "shadow", "reason": "See what it would do", "revision": 1},
        responses={200: StageOut},
        errors=(409,),
    )
    def post(self, request: Request, rule_id: uuid.UUID) -> HttpResponse:
        """Propose it; published at once unless another person must agree or a later moment was given.

        A rule that was rewritten after `revision` is 409, with the one it has now in `details.revision`.
        """
        wanted, now = read_stage(request._request), read_clock()
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        require_revision(rule, wanted.revision)
        with unit_of_work():
            prepared = prepare_stage(actor=self.actor, rule=rule, stage=_STAGES[wanted.stage], now=now)
        with unit_of_work():
            draft = propose_stage(
                actor=self.actor,
                prepared=prepared,
                title=f"{wanted.stage}: {rule.name}",
                reason=wanted.reason,
                publish_at=wanted.publish_at,
                now=now,
            )
        return json_response(make_stage_body(draft))


def _answer(actor: Actor, rule_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    rule = get_rule(**actor.scope, rule_id=rule_id)
    return json_response(_show(actor, [rule])[0], status=status)


def _show(actor: Actor, rules: list[RuleFacts]) -> list[RuleOut]:
    records = summarize_rules(**actor.scope, codes=[rule.code for rule in rules], now=read_clock())
    return [make_rule_body(rule, records.get(rule.code, RuleRecord())) for rule in rules]
