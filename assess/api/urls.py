from django.urls import path

from assess.api.backtests import BacktestsView, BacktestView
from assess.api.views import PayinView, PayoutView, ReleaseView

urlpatterns = [
    path("assess", PayinView.as_view(), name="assess-payin"),
    path("assess/payout", PayoutView.as_view(), name="assess-payout"),
    path("assess/release", ReleaseView.as_view(), name="assess-release"),
    path("simulation/backtests", BacktestsView.as_view(), name="api-backtests"),
    path("simulation/backtests/<uuid:backtest_id>", BacktestView.as_view(), name="api-backtest"),
]
