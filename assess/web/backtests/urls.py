"""Pages of backtests."""

from django.urls import path

from assess.web.backtests.comparing import BacktestComparisonPage
from assess.web.backtests.exports import BacktestExportPage
from assess.web.backtests.listing import BacktestsPage, NewBacktestPage
from assess.web.backtests.result import BacktestCellPage, BacktestNamePage, BacktestPage, BacktestPaymentPage

_ROOT = "dashboard/simulation/backtests"
_ONE = f"{_ROOT}/<uuid:backtest_id>"

urlpatterns = [
    path(_ROOT, BacktestsPage.as_view(), name="backtests"),
    path(f"{_ROOT}/new", NewBacktestPage.as_view(), name="backtest_new"),
    path(f"{_ROOT}/compare", BacktestComparisonPage.as_view(), name="backtests_compare"),
    path(_ONE, BacktestPage.as_view(), name="backtest"),
    path(f"{_ONE}/name", BacktestNamePage.as_view(), name="backtest_name"),
    path(f"{_ONE}/export", BacktestExportPage.as_view(), name="backtest_export"),
    path(f"{_ONE}/cells/<str:before>/<str:after>", BacktestCellPage.as_view(), name="backtest_cell"),
    path(f"{_ONE}/payments/<uuid:transaction_id>", BacktestPaymentPage.as_view(), name="backtest_payment"),
]
