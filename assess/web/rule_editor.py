"""The editor of a rule: sentences and text in step, and what it would have met beside it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from assess.conditions.reading import MAXIMUM_BYTES
from assess.custom_rules import RuleFlow
from assess.rule_queries import RuleFacts, get_rule
from assess.services.rules import RuleChanged, add_rule, change_rule
from assess.services.try_rule import try_new_rule
from assess.types import NewRule
from assess.web.proposals import PROPOSE
from assess.web.rule_forms import (
    Draft,
    RuleForm,
    begin_draft,
    make_initial,
    open_draft,
    read_draft,
    show_groups,
)
from assess.web.rule_words import JOINS, list_field_choices, say_condition
from assess.web.rules import RulePages, read_language
from assess.web.trials import show_trial
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error

_FRAGMENTS = frozenset({"condition", "reading", "trial"})


class RuleEditor(RulePages):
    """What writing a new rule and rewriting one share."""

    is_base = True
    permission = PROPOSE

    def show(
        self, form: RuleForm, draft: Draft, rule: RuleFacts | None, *, trial: Any = None, status: int = 200
    ) -> HttpResponse:
        """Return the editor, or the part of it that the script asks for. Raises AnalystsNotHeard."""
        self.require_hearing()
        language = read_language(self)
        context = {
            "form": form,
            "draft": draft,
            "rule": rule,
            "groups": show_groups(draft),
            "joins": [(join.value, word) for join, word in JOINS.items()],
            "choices": list_field_choices(draft.flow, language),
            "said": say_condition(draft.condition, draft.flow, language) if draft.condition else None,
            "trial": trial,
            "most_bytes": MAXIMUM_BYTES,
            "steps": self._list_way(rule),
        }
        fragment = self.request.headers.get("X-Fragment", "")
        name = f"rules/edit.html#{fragment}" if fragment in _FRAGMENTS else "rules/edit.html"
        return self.render(name, context, status=200 if fragment in _FRAGMENTS else status)

    def _list_way(self, rule: RuleFacts | None) -> list[dict[str, Any]]:
        if rule is None:
            return self.list_steps((_("Nueva"), ""))
        return self.list_steps((rule.name, reverse("rule", kwargs={"rule_id": rule.id})), (_("Editar"), ""))

    def answer_form(self, request: HttpRequest, rule: RuleFacts | None) -> HttpResponse:
        """Save, or show the form after what its button asks for."""
        draft = read_draft(request.POST, read_language(self))
        act = request.POST.get("act", "")
        if act not in {"save", "try"}:
            return self.show(RuleForm(initial=_read_head(request)), draft, rule)
        form = RuleForm(request.POST)
        if not form.is_valid() or draft.problem:
            return self.show(form, draft, rule, status=422)
        wanted = form.read_rule(draft.condition)
        try:
            if act == "try":
                return self.show(form, draft, rule, trial=self._try(wanted, rule))
            return self.save(form, wanted, rule)
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return self.show(form, draft, rule, status=422)

    def save(self, form: RuleForm, wanted: NewRule, rule: RuleFacts | None) -> HttpResponse:
        """Keep the rule. Raises ValidationFailed."""
        raise NotImplementedError

    def _try(self, wanted: NewRule, rule: RuleFacts | None) -> Any:
        with unit_of_work():
            tried = try_new_rule(actor=self.actor, rule=wanted, code=rule.code if rule else None, now=self.now)
        return show_trial(tried)


def _read_head(request: HttpRequest) -> dict[str, Any]:
    """Return the head as it was typed, so that adding a row asks nothing of it yet."""
    return {name: request.POST.get(name, "") for name in RuleForm.base_fields}


class NewRulePage(RuleEditor):
    """Writes a rule; it begins as a draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the editor with one empty row."""
        given = request.GET.get("flow")
        flow = RuleFlow(given) if given in set(RuleFlow) else RuleFlow.PAYOUT
        return self.show(RuleForm(initial={"flow": flow.value, "action": "review"}), begin_draft(flow), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the rule, or go on writing."""
        return self.answer_form(request, None)

    def save(self, form: RuleForm, wanted: NewRule, rule: RuleFacts | None) -> HttpResponse:
        """Keep the draft and go to its page. Raises ValidationFailed."""
        with unit_of_work():
            made = add_rule(actor=self.actor, rule=wanted, now=self.now)
        self.say(_("La regla quedó guardada como borrador: todavía no decide nada."))
        return self.redirect("rule", rule_id=made.id)


class RuleEditPage(RuleEditor):
    """Rewrites a rule; what is published stays until the change is published too."""

    def get(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Return the editor with the rule as it is worked on. Raises RuleNotFound."""
        rule = get_rule(**self.actor.scope, rule_id=rule_id)
        return self.show(RuleForm(initial=make_initial(rule)), open_draft(rule), rule)

    def post(self, request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
        """Save the rule, or go on writing. Raises RuleNotFound."""
        return self.answer_form(request, get_rule(**self.actor.scope, rule_id=rule_id))

    def save(self, form: RuleForm, wanted: NewRule, rule: RuleFacts | None) -> HttpResponse:
        """Keep the change and go to the rule's page. Raises ValidationFailed."""
        assert rule is not None  # noqa: S101  this page is of a rule
        revision = form.cleaned_data["revision"] or 0
        try:
            with unit_of_work():
                change_rule(actor=self.actor, rule_id=rule.id, rule=wanted, revision=revision, now=self.now)
        except RuleChanged as stale:
            return self._show_both(rule, stale)
        self.say(_("La regla quedó guardada. Lo publicado sigue igual hasta que publique los cambios."))
        return self.redirect("rule", rule_id=rule.id)

    def _show_both(self, rule: RuleFacts, stale: RuleChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        labels = {name: field.label for name, field in RuleForm.base_fields.items()} | {"condition": _("Condición")}
        rows = [(labels[name], both["theirs"], both["yours"]) for name, both in versions.items()]
        here = reverse("rule_edit", kwargs={"rule_id": rule.id})
        steps = self.list_steps(
            (rule.name, reverse("rule", kwargs={"rule_id": rule.id})), (_("Alguien la cambió antes"), "")
        )
        return self.render("errors/conflict.html", {"rows": rows, "back": here, "steps": steps}, status=409)
