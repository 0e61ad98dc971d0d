"""Routes below `api/v1/`."""

from django.urls import path

from transactions.api.views import OutcomeView, TransactionListView, TransactionView

urlpatterns = [
    path("merchant/transactions", TransactionListView.as_view(), name="merchant-transactions"),
    path("merchant/transactions/<str:transaction_id>", TransactionView.as_view(), name="merchant-transaction"),
    path("merchant/transactions/<str:transaction_id>/outcome", OutcomeView.as_view(), name="merchant-outcome"),
]
