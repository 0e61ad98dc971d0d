"""The shell of every view that answers with a page."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.csp import csp_override

from core.api.views import PUBLIC
from core.errors import AppError
from core.web.errors import render_app_error, render_error_page, render_failure
from core.web.pages import PAGE_CSP, finish_page, render_page
from core.web.preferences import Preferences, read_preferences


@method_decorator(csp_override(PAGE_CSP), name="dispatch")
class PageView(View):
    """Base of all page views. A subclass declares `permission`, or fails at import; PUBLIC ones are listed by name.

    `permission` is one `resource:action`, or one per method. Language and look are read here, so that no call of the
    API pays for them.
    """

    permission: ClassVar[str | dict[str, str] | None] = None
    is_base: ClassVar[bool] = True
    http_method_names = ["get", "head", "post"]
    preferences: Preferences

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("is_base"):
            return
        cls.is_base = False
        if cls.permission is None:
            raise TypeError(f"{cls.__module__}.{cls.__qualname__} declares no permission")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the handler in the reader's language.

        A refusal becomes its page; a database that does not answer becomes the maintenance page.
        """
        if not self._serves(request.method or ""):
            return self._refuse_method(request)
        try:
            return self.answer(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as exception:
            return render_failure(request, exception)

    def _refuse_method(self, request: HttpRequest) -> HttpResponseBase:
        """Return 405, as a page for whoever came by a link or by going back."""
        refusal = self.http_method_not_allowed(request)
        if request.method not in {"GET", "HEAD"}:
            return refusal
        page = render_error_page(request, 405)
        page["Allow"] = refusal["Allow"]
        return page

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Admit the reader, run the handler and finish its page, all in the reader's language."""
        with translation.override(None):
            self.use(read_preferences(request))
            try:
                response = self.admit(request) or super().dispatch(request, *args, **kwargs)
            except AppError as error:
                return render_app_error(request, error)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            return finish_page(response, self.preferences)

    def use(self, preferences: Preferences) -> None:
        """Go by these preferences from here to the end of `answer`, in templates too."""
        self.preferences = preferences
        translation.activate(preferences.language)
        self.request.preferences = preferences  # type: ignore[attr-defined]

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """Check who asks, and return where to send them instead, if anywhere; a page that is not public says how."""
        if self.permission != PUBLIC:
            raise TypeError(f"{type(self).__name__} says not who may enter")
        return None

    def permission_for(self, method: str | None) -> str:
        """Return the permission that this method needs; HEAD needs what GET does."""
        if isinstance(self.permission, dict):
            return self.permission["GET" if method == "HEAD" else (method or "")]
        return self.permission or ""

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the template as a page for this reader."""
        return render_page(self.request, template, context, status=status, preferences=self.preferences)

    def redirect(self, name: str, **kwargs: Any) -> HttpResponse:
        """Send the reader on to the page of that name with a GET, as after every change (RFC 9110 §15.4.4)."""
        return HttpResponseRedirect(reverse(name, kwargs=kwargs), status=303)

    def go_back(self, fallback: str) -> HttpResponse:
        """Send the reader back to the page of ours that the form names in `next`, else to the page of that name."""
        back = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return HttpResponseRedirect(back if is_ours else reverse(fallback), status=303)

    def say(self, text: str | Promise, *, is_failure: bool = False) -> None:
        """Tell the result on the next page that the reader sees."""
        messages.add_message(self.request, messages.ERROR if is_failure else messages.SUCCESS, str(text))

    def _serves(self, method: str) -> bool:
        return method.lower() in self.http_method_names and hasattr(self, method.lower())
