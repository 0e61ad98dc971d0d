"""The routes of this app alone."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("transactions.api.urls"))]

handler404 = "core.api.errors.page_not_found"
handler500 = "core.api.errors.server_error"
