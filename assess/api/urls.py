from django.urls import path

from assess.api import policy, policy_drafts
from assess.api.backtests import BacktestsView, BacktestView
from assess.api.rules import RuleStageView, RulesView, RuleView
from assess.api.simulation import SimulatePayinView, SimulatePayoutView
from assess.api.views import PayinView, PayoutView, ReleaseView

_draft = "policy/drafts/<uuid:draft_id>"

urlpatterns = [
    path("assess", PayinView.as_view(), name="assess-payin"),
    path("assess/payout", PayoutView.as_view(), name="assess-payout"),
    path("assess/release", ReleaseView.as_view(), name="assess-release"),
    path("simulation/backtests", BacktestsView.as_view(), name="api-backtests"),
    path("simulation/backtests/<uuid:backtest_id>", BacktestView.as_view(), name="api-backtest"),
    path("rules", RulesView.as_view(), name="api-rules"),
    path("rules/<uuid:rule_id>", RuleView.as_view(), name="api-rule"),
    path("rules/<uuid:rule_id>/stage", RuleStageView.as_view(), name="api-rule-stage"),
    path("simulation", SimulatePayinView.as_view(), name="simulation-payin"),
    path("simulation/payout", SimulatePayoutView.as_view(), name="simulation-payout"),
    path("policy", policy.PolicyView.as_view(), name="policy-in-force"),
    path("policy/versions", policy.PolicyVersionsView.as_view(), name="policy-versions"),
    path("policy/versions/<int:version>", policy.PolicyVersionView.as_view(), name="policy-version"),
    path("policy/settings", policy.PolicySettingsView.as_view(), name="policy-settings"),
    path("policy/drafts", policy_drafts.PolicyDraftsView.as_view(), name="policy-drafts"),
    path(_draft, policy_drafts.PolicyDraftView.as_view(), name="policy-draft"),
    path(f"{_draft}/propose", policy_drafts.DraftProposalView.as_view(), name="policy-draft-propose"),
    path(f"{_draft}/approve", policy_drafts.DraftApprovalView.as_view(), name="policy-draft-approve"),
    path(f"{_draft}/take-back", policy_drafts.DraftTakeBackView.as_view(), name="policy-draft-take-back"),
    path(f"{_draft}/discard", policy_drafts.DraftDiscardView.as_view(), name="policy-draft-discard"),
    path(f"{_draft}/rebase", policy_drafts.DraftRebaseView.as_view(), name="policy-draft-rebase"),
]
