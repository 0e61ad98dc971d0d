"""The shell of every view that answers with a page."""

from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views import View

from core.api.views import PUBLIC
from core.web.errors import render_failure
from core.web.pages import render_page
from core.web.preferences import Preferences, read_preferences


class PageView(View):
    """Base of all page views. A subclass declares `permission`, or fails at import; PUBLIC ones are listed by name.

    Language and look are read here, so that no call of the API pays for them.
    """

    permission: ClassVar[str | None] = None
    http_method_names = ["get", "head", "post"]
    preferences: Preferences

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.permission is None:
            raise TypeError(f"{cls.__module__}.{cls.__qualname__} declares no permission")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the handler in the reader's language; a database that does not answer becomes the maintenance page."""
        self.admit(request)
        self.preferences = read_preferences(request)
        with translation.override(self.preferences.language):
            try:
                return super().dispatch(request, *args, **kwargs)
            except (OperationalError, InterfaceError) as exception:
                return render_failure(request, exception)

    def admit(self, request: HttpRequest) -> None:
        """Check who asks; a page that is not public says how, or lets nobody in."""
        if self.permission != PUBLIC:
            raise TypeError(f"{type(self).__name__} says not who may enter")

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the template as a page for this reader."""
        return render_page(self.request, template, context, status=status, preferences=self.preferences)
