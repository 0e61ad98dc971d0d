from django.urls import path

from assess.api.backtests import BacktestsView, BacktestView
from assess.api.rules import RuleStageView, RulesView, RuleView
from assess.api.simulation import SimulatePayinView, SimulatePayoutView
from assess.api.views import PayinView, PayoutView, ReleaseView

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
]
