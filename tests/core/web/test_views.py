"""The shell of the page views."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.web.views import PageView


class SecretView(PageView):
    """Names a permission, and no way to check it."""

    permission = "team:write"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")


def test_a_page_that_names_a_permission_and_does_not_check_it_lets_nobody_in(rf: RequestFactory) -> None:
    with pytest.raises(TypeError, match="SecretView says not who may enter"):
        SecretView.as_view()(rf.get("/secret"))
