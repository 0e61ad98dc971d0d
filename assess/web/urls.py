"""Routes of the pages of assess."""

from django.urls import path

from assess.web.rule_editor import NewRulePage, RuleEditPage
from assess.web.rule_fields import RuleFieldsPage
from assess.web.rules import RuleMovePage, RulePage, RuleRemovePage, RulesPage, RuleStagePage
from assess.web.simulation import SimulationPage

_RULES = "dashboard/protection/rules"

urlpatterns = [
    path(_RULES, RulesPage.as_view(), name="rules"),
    path(f"{_RULES}/new", NewRulePage.as_view(), name="rule_new"),
    path(f"{_RULES}/fields", RuleFieldsPage.as_view(), name="rule_fields"),
    path(f"{_RULES}/<uuid:rule_id>", RulePage.as_view(), name="rule"),
    path(f"{_RULES}/<uuid:rule_id>/edit", RuleEditPage.as_view(), name="rule_edit"),
    path(f"{_RULES}/<uuid:rule_id>/move", RuleMovePage.as_view(), name="rule_move"),
    path(f"{_RULES}/<uuid:rule_id>/remove", RuleRemovePage.as_view(), name="rule_remove"),
    path(f"{_RULES}/<uuid:rule_id>/shadow", RuleStagePage.as_view(), {"stage": "shadow"}, name="rule_shadow"),
    path(f"{_RULES}/<uuid:rule_id>/active", RuleStagePage.as_view(), {"stage": "active"}, name="rule_active"),
    path(f"{_RULES}/<uuid:rule_id>/retired", RuleStagePage.as_view(), {"stage": "retired"}, name="rule_retired"),
    path("dashboard/simulation", SimulationPage.as_view(), name="simulation"),
]
