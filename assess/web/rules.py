"""`/dashboard/protection/rules`: the rules, one rule, and its way through its stages."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor_names import name_actors
from accounts.web.admission import MemberPage
from assess.custom_rules import MAXIMUM_RULES, RuleStage
from assess.impact import Impact
from assess.models import PolicyDraft
from assess.policies import load_policy
from assess.rule_queries import (
    LIVING,
    RuleFacts,
    RuleNotFound,
    RuleRecord,
    count_rules,
    get_rule,
    list_rules,
    summarize_rules,
)
from assess.services.policy_drafts import needs_second_person, propose_draft, start_draft
from assess.services.publish_policy import NothingToPublish, PolicyMoved
from assess.services.rules import RuleProposed, TooManyRules, make_moved_document, remove_rule
from assess.services.stage_rule import PreparedStage, prepare_stage, propose_stage
from assess.services.try_rule import measure_rule
from assess.types import Language, RuleState
from assess.web.proposals import PROPOSE, WRITE, ProposingPage, tell_draft
from assess.web.revisions import read_revision
from assess.web.rule_forms import StageForm
from assess.web.rule_words import ACTIONS, FLOWS, STATES, TONES, say_condition
from assess.web.trials import show_moves
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from core.web.paging import read_page

_TABS: dict[str, tuple[RuleState, ...]] = {
    "living": LIVING,
    "drafts": (RuleState.DRAFT,),
    "retired": (RuleState.RETIRED,),
}
STAGES: dict[str, RuleStage | None] = {"shadow": RuleStage.SHADOW, "active": RuleStage.ACTIVE, "retired": None}


def read_language(page: MemberPage) -> Language:
    """Return the language that the reader chose."""
    return Language.ENGLISH if page.preferences.language == "en" else Language.SPANISH


class RulePages(ProposingPage):
    """What the pages of rules share."""

    is_base = True
    permission = "rules:read"

    def list_steps(self, *more: tuple[str | Promise, str]) -> list[dict[str, Any]]:
        """Return the way here; each further step is a label and its address, "" for the last."""
        steps: list[dict[str, Any]] = [{"label": _("Protección")}, {"label": _("Reglas"), "href": reverse("rules")}]
        steps += [{"label": label, "href": href} if href else {"label": label} for label, href in more]
        return steps if more else [steps[0], {"label": _("Reglas")}]

    @property
    def zone(self) -> str:
        """The organization's time zone."""
        return self.member.organization.timezone


class RulesPage(RulePages):
    """The rules that are asked of payments, the drafts, and those that were retired."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List one of the three, in the order in which they block."""
        tab = request.GET.get("state", "living")
        tab = tab if tab in _TABS else "living"
        found, pages = read_page(
            request.GET,
            lambda limit, offset: list_rules(**self.actor.scope, states=_TABS[tab], limit=limit, offset=offset),
            kept={"state": tab},
        )
        records = summarize_rules(**self.actor.scope, codes=[rule.code for rule in found], now=self.now)
        counts = count_rules(**self.actor.scope)
        living = sum(counts[state] for state in LIVING)
        context = {
            "rows": [self._show_row(rule, records.get(rule.code, RuleRecord()), living) for rule in found],
            "pages": pages,
            "tabs": _list_tabs(tab, counts),
            "tab": tab,
            "can_propose": self.can_propose,
            "can_write": self.actor.can(WRITE),
            "zone": self.zone,
            "now": self.now,
            "steps": self.list_steps(),
        }
        return self.render("rules/list.html", context)

    def _show_row(self, rule: RuleFacts, record: RuleRecord, living: int) -> dict[str, Any]:
        return {
            "rule": rule,
            "record": record,
            "is_first": rule.position == 0,
            "is_last": rule.position == living - 1,
            "said": say_condition(rule.condition, rule.flow, read_language(self)),
            **show_words(rule),
            **show_record(record),
        }


class RulePage(RulePages):
    """One rule: what it says, what it met, and where it may go from here."""

    def get(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Return the page. Raises RuleNotFound."""
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        record = summarize_rules(**self.actor.scope, codes=[rule.code], now=self.now).get(rule.code, RuleRecord())
        people = [rule.created_by] if rule.created_by else []
        names = name_actors(organization_id=self.actor.organization_id, people=people, keys=[])
        context = {
            "rule": rule,
            "record": record,
            "measured": measure_rule(actor=self.actor, rule=rule, now=self.now),
            "said": say_condition(rule.condition, rule.flow, read_language(self)),
            "published": self._find_published(rule),
            "author": names.people.get(rule.created_by) if rule.created_by else None,
            "stages": _list_stages(rule),
            "can_propose": self.can_propose,
            "can_remove": rule.state is RuleState.DRAFT and self._may_remove(rule),
            "zone": self.zone,
            "now": self.now,
            "steps": self.list_steps((rule.name, "")),
            **show_words(rule),
            **show_record(record),
        }
        return self.render("rules/detail.html", context)

    def _find_published(self, rule: RuleFacts) -> Any:
        """Return the published text when it is another than the draft's."""
        if not rule.has_unpublished:
            return None
        with unit_of_work():
            policy = load_policy(**self.actor.scope)
        return next((each for each in policy.rules if each.id == rule.code), None)

    def _may_remove(self, rule: RuleFacts) -> bool:
        return self.actor.can(WRITE) or rule.created_by == self.actor.id


class RuleStagePage(RulePages):
    """Brings a rule to shadow, to life or to retirement: its effect is shown, a reason asked."""

    permission = PROPOSE

    def get(self, request: HttpRequest, rule_id: uuid.UUID, stage: str) -> HttpResponse:
        """Show what would change. Raises RuleNotFound, AnalystsNotHeard."""
        self.require_hearing()
        return self._show(get_rule(**self.actor.scope, rule_id=rule_id), stage, StageForm(zone=self.zone, now=self.now))

    def post(self, request: HttpRequest, rule_id: uuid.UUID, stage: str) -> HttpResponse:
        """Propose it; it is published at once unless somebody else must agree or a later moment was chosen.

        A rule that was rewritten after it was read is shown as it is now. Raises RuleNotFound, AnalystsNotHeard.
        """
        self.require_hearing()
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        form = StageForm(request.POST, zone=self.zone, now=self.now)
        if rule.revision != read_revision(request):
            return self._show(rule, stage, form, status=409, is_stale=True)
        if not form.is_valid():
            return self._show(rule, stage, form, status=422)
        try:
            draft = self._propose(rule, stage, form)
        except TooManyRules:
            return self._show(rule, stage, form, status=422)
        except (PolicyMoved, ValidationFailed) as refusal:
            status = self._tell_refusal(form, refusal)
            return self._show(rule, stage, form, status=status)
        self.say(tell_draft(draft))
        return self.redirect("rule", rule_id=rule.id)

    def _tell_refusal(self, form: StageForm, refusal: PolicyMoved | ValidationFailed) -> int:
        """Put what was refused into the form and return the page's status."""
        if isinstance(refusal, PolicyMoved):
            form.add_error(None, _("Alguien publicó otra versión en este momento. Revise el efecto y confirme."))
            return HTTPStatus.CONFLICT
        if isinstance(refusal, NothingToPublish):
            form.add_error(None, _("Ya está así: nada cambiaría."))
        else:
            add_error(form, refusal)
        return HTTPStatus.UNPROCESSABLE_ENTITY

    def _propose(self, rule: RuleFacts, stage: str, form: StageForm) -> PolicyDraft:
        prepared = self._prepare(rule, stage)
        with unit_of_work():
            return propose_stage(
                actor=self.actor,
                prepared=prepared,
                title=f"{STATES[RuleState(stage)]}: {rule.name}",
                reason=form.cleaned_data["reason"],
                publish_at=form.cleaned_data["publish_at"],
                now=self.now,
            )

    def _prepare(self, rule: RuleFacts, stage: str) -> PreparedStage:
        with unit_of_work():
            return prepare_stage(actor=self.actor, rule=rule, stage=STAGES[stage], now=self.now)

    def _show(
        self, rule: RuleFacts, stage: str, form: StageForm, *, status: int = 200, is_stale: bool = False
    ) -> HttpResponse:
        heading, explanation = _STAGE_WORDS[stage]
        context = {
            "rule": rule,
            "form": form,
            "is_stale": is_stale,
            "heading": heading,
            "explanation": explanation,
            "said": say_condition(rule.condition, rule.flow, read_language(self)),
            **self._show_impact(rule, stage),
            "zone": self.zone,
            "steps": self.list_steps((rule.name, reverse("rule", kwargs={"rule_id": rule.id})), (heading, "")),
            **show_words(rule),
        }
        return self.render("rules/stage.html", context, status=status)

    def _show_impact(self, rule: RuleFacts, stage: str) -> dict[str, Any]:
        """Return what would change; of a rule for which there is no room, how many there may be."""
        try:
            impact = self._prepare(rule, stage).impact
        except TooManyRules:
            return {"most": MAXIMUM_RULES}
        return {
            "impact": impact,
            "moves": show_moves(impact.moves),
            "needs_second": needs_second_person(actor=self.actor, impact=impact),
        }


class RuleMovePage(RulePages):
    """Puts a rule earlier or later in the order in which rules block."""

    permission = WRITE

    def post(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Move it one place (`way`: up or down) and publish the order, or say why it stays where it is.

        Raises RuleNotFound, ValidationFailed.
        """
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        way = {"up": -1, "down": 1}.get(request.POST.get("way", ""))
        if way is None:
            raise ValidationFailed.of_field("way", "must be up or down")
        try:
            with unit_of_work():
                self._publish(rule, way)
        except NothingToPublish:
            self.say(_("La regla ya está en ese extremo: no cambió de lugar."), is_failure=True)
        except RuleNotFound:
            self.say(_("La regla no está vigente: no tiene lugar en el orden."), is_failure=True)
        except PolicyMoved:
            self.say(_("Alguien publicó otra versión en este momento. Vuelva a moverla."), is_failure=True)
        else:
            self.say(_("La regla cambió de lugar."))
        return self.redirect("rules")

    def _publish(self, rule: RuleFacts, way: int) -> None:
        policy = load_policy(**self.actor.scope)
        document = make_moved_document(policy=policy, code=rule.code, steps=way)
        reason = _("Orden de las reglas")
        unchanged = Impact(payments=0, changed=0, moves={})
        draft = start_draft(
            actor=self.actor, title=reason, document=document, base_version=policy.version, now=self.now
        )
        propose_draft(actor=self.actor, draft_id=draft.id, reason=reason, impact=unchanged, now=self.now)


class RuleRemovePage(RulePages):
    """Deletes a rule that was never published."""

    permission = PROPOSE

    def get(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Ask. Raises RuleNotFound."""
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        steps = self.list_steps((rule.name, reverse("rule", kwargs={"rule_id": rule.id})), (_("Borrar"), ""))
        return self.render("rules/remove.html", {"rule": rule, "steps": steps})

    def post(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Delete it. Raises RuleNotFound, RuleInUse, Forbidden."""
        try:
            with unit_of_work():
                remove_rule(actor=self.actor, rule_id=rule_id, now=self.now)
        except RuleProposed:
            self.say(
                _("Un borrador de la política espera publicarse con esta regla: vuélvalo antes a borrador."),
                is_failure=True,
            )
            return self.redirect("rule", rule_id=rule_id)
        self.say(_("El borrador quedó borrado."))
        return self.redirect("rules")


def _list_tabs(current: str, counts: dict[RuleState, int]) -> list[dict[str, Any]]:
    labels = {"living": _("Vigentes"), "drafts": _("Borradores"), "retired": _("Retiradas")}
    return [
        {
            "label": label,
            "href": f"{reverse('rules')}?state={tab}",
            "count": sum(counts[state] for state in _TABS[tab]),
            "is_current": tab == current,
        }
        for tab, label in labels.items()
    ]


def show_words(rule: RuleFacts) -> dict[str, Any]:
    """Return the words of a rule's flow, action and state."""
    return {
        "flow_word": FLOWS[rule.flow],
        "action_word": ACTIONS[rule.action],
        "state_word": STATES[rule.state],
        "tone": TONES.get(rule.state, ""),
    }


def show_record(record: RuleRecord) -> dict[str, Any]:
    """Return what a rule met, in words."""
    return {
        "amounts": [(minor, code) for code, minor in sorted(record.amounts.items())],
        "precision": None if record.precision is None else round(record.precision),
    }


def _list_stages(rule: RuleFacts) -> list[dict[str, Any]]:
    """Return where the rule may go from where it stands; a rewritten one may be published again."""
    words = {
        "shadow": _("Poner en sombra"),
        "active": _("Activar"),
        "retired": _("Retirar"),
    }
    possible = {
        RuleState.DRAFT: ("shadow", "active"),
        RuleState.SHADOW: ("active", "retired"),
        RuleState.ACTIVE: ("shadow", "retired"),
        RuleState.RETIRED: ("shadow", "active"),
    }[rule.state]
    stages = [{"stage": stage, "label": words[stage], "is_first": n == 0} for n, stage in enumerate(possible)]
    if rule.has_unpublished and rule.state.value in STAGES:
        again = {"stage": rule.state.value, "label": _("Publicar los cambios"), "is_first": True}
        stages = [again, *({**each, "is_first": False} for each in stages)]
    return stages


_STAGE_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "shadow": (
        gettext_lazy("Poner en sombra"),
        gettext_lazy("Se evalúa con cada pago y se anota, sin decidir nada: se ve qué haría antes de que muerda."),
    ),
    "active": (gettext_lazy("Activar"), gettext_lazy("Desde el siguiente pago, la regla decide.")),
    "retired": (
        gettext_lazy("Retirar"),
        gettext_lazy("Desde el siguiente pago, la regla ya no se evalúa. Su historia queda."),
    ),
}
