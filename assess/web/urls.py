"""Routes of the pages of assess."""

from django.urls import path

from assess.web import policy, policy_drafts
from assess.web.rule_editor import NewRulePage, RuleEditPage
from assess.web.rule_fields import RuleFieldsPage
from assess.web.rules import RuleMovePage, RulePage, RuleRemovePage, RulesPage, RuleStagePage
from assess.web.simulation import SimulationPage

_POLICY = "dashboard/protection/policy"
_VERSION, _DRAFT = f"{_POLICY}/versions/<int:version>", f"{_POLICY}/drafts/<uuid:draft_id>"
_RULES = "dashboard/protection/rules"

urlpatterns = [
    path(_POLICY, policy.PolicyPage.as_view(), name="policy"),
    path(f"{_POLICY}/settings", policy.PolicySettingsPage.as_view(), name="policy_settings"),
    path(_VERSION, policy.VersionPage.as_view(), name="policy_version"),
    path(f"{_VERSION}/revert", policy.RevertPage.as_view(), name="policy_revert"),
    path(f"{_POLICY}/drafts", policy.NewDraftPage.as_view(), name="policy_draft_new"),
    path(_DRAFT, policy_drafts.DraftPage.as_view(), name="policy_draft"),
    path(f"{_DRAFT}/edit/<str:flow>", policy_drafts.EditPage.as_view(), name="policy_draft_edit"),
    path(f"{_DRAFT}/propose", policy_drafts.ProposePage.as_view(), name="policy_draft_propose"),
    path(f"{_DRAFT}/approve", policy_drafts.ApprovePage.as_view(), name="policy_draft_approve"),
    path(f"{_DRAFT}/take-back", policy_drafts.TakeBackPage.as_view(), name="policy_draft_take_back"),
    path(f"{_DRAFT}/discard", policy_drafts.DiscardPage.as_view(), name="policy_draft_discard"),
    path(f"{_DRAFT}/rebase", policy_drafts.RebasePage.as_view(), name="policy_draft_rebase"),
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
