"""The shell of every API view, which refuses in the contract's order (§1)."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import MethodNotAllowed

PUBLIC = "public"


class ApiView(APIView):
    """Base of all API views. A subclass that serves a method declares `permission`, or fails at import.

    `permission` is one `resource:action`, or one per method; PUBLIC routes are listed by name in the route table test.
    """

    permission: ClassVar[str | dict[str, str] | None] = None
    is_base: ClassVar[bool] = True

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("is_base"):
            return
        cls.is_base = False
        if cls.permission is None:
            raise TypeError(f"{cls.__module__}.{cls.__qualname__} declares no permission")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse in the contract's order before any handler runs."""
        self.answer_headers: dict[str, str] = {}
        method = (request.method or "").lower()
        if method not in self.http_method_names or not callable(getattr(self, method, None)):
            raise MethodNotAllowed(headers={"Allow": ", ".join(self.allowed_methods)})
        self.admit(request)

    def admit(self, request: Request) -> None:
        """Check the credential and all that hangs on it; raises the refusal."""
        raise TypeError(f"{type(self).__name__} says not who may enter")

    def permission_for(self, method: str | None) -> str:
        """Return the permission that this method needs; HEAD needs what GET does."""
        if isinstance(self.permission, dict):
            return self.permission["GET" if method == "HEAD" else (method or "")]
        return self.permission or ""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Always JSON, whatever Accept says."""
        return JSONRenderer(), "application/json"

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Add what the admission learnt (rate limit headers and the like) to every answer, errors included."""
        for name, value in getattr(self, "answer_headers", {}).items():
            response.headers.setdefault(name, value)
        return response


class PublicView(ApiView):
    """A view that anybody may call."""

    is_base = True

    def admit(self, request: Request) -> None:
        return None
