"""The pages of the lists."""

from django.urls import path

from blocklists.web import lists

_lists = "dashboard/protection/lists"

urlpatterns = [
    path(_lists, lists.ListsPage.as_view(), name="lists"),
]
