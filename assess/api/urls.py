from django.urls import path

from assess.api.views import PayinView, PayoutView, ReleaseView

urlpatterns = [
    path("assess", PayinView.as_view(), name="assess-payin"),
    path("assess/payout", PayoutView.as_view(), name="assess-payout"),
    path("assess/release", ReleaseView.as_view(), name="assess-release"),
]
