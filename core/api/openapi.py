"""What a view method says of itself for the recorded OpenAPI; `core.api.schema` turns it into the document.

Schemas come from the very msgspec structs that read and write the bodies, so neither can drift from the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.api.openapi_parts import RATE_HEADERS

type Kind = Any
"""A msgspec struct, or any other type that msgspec can describe."""

ATTRIBUTE = "documentation"


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong. `details.fields` names each wrong field; no value of the request is ever repeated."""

    code: Annotated[str, Meta(pattern="^[A-Z_]+$")]
    message: str
    details: dict[str, Any]


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """Every refusal and every failure, on every path under /api/."""

    error: ErrorDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the query string or one request header."""

    name: str
    kind: Kind
    description: str
    place: Literal["query", "header"] = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Who may call: the security schemes of which one suffices, and what that credential brings to every operation."""

    schemes: tuple[str | None, ...]
    errors: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """All that the OpenAPI says of one operation beyond its docstring."""

    name: str
    summary: str
    tag: str
    credential: Credential
    request: Kind | None
    responses: Mapping[int, Kind | None]
    parameters: tuple[Parameter, ...]
    errors: tuple[int, ...]
    headers: tuple[str, ...]
    is_body_required: bool
    example: Mapping[str, object] | None
    media_types: tuple[str, ...]


def documented[F: Callable[..., Any]](  # noqa: PLR0913  each is said by name
    name: str,
    *,
    summary: str,
    tag: str,
    credential: Credential,
    responses: Mapping[int, Kind | None],
    request: Kind | None = None,
    parameters: tuple[Parameter, ...] = (),
    errors: tuple[int, ...] = (),
    headers: tuple[str, ...] = (),
    is_body_required: bool = True,
    example: Mapping[str, object] | None = None,
    media_types: tuple[str, ...] = ("application/json",),
) -> Callable[[F], F]:
    """Describe a view method: `name` is its operationId, None in `responses` an answer without a body.

    What follows from the rest need not be said: the credential's own errors; 400, 413 and 415 of a body; 400 of
    parameters; 404 of a path that names an object; 500 and 503 of everything.
    """
    documentation = Documentation(
        name=name,
        summary=summary,
        tag=tag,
        credential=credential,
        request=request,
        responses=responses,
        parameters=parameters,
        errors=errors,
        headers=headers,
        is_body_required=is_body_required,
        example=example,
        media_types=media_types,
    )

    def describe(method: F) -> F:
        setattr(method, ATTRIBUTE, documentation)
        return method

    return describe


def undocumented[F: Callable[..., Any]](method: F) -> F:
    """Leave a method out of the document: a page, or the document itself."""
    setattr(method, ATTRIBUTE, None)
    return method


type EnvironmentName = Literal["sandbox", "production"]

ENVIRONMENT = Parameter(
    name="environment",
    kind=EnvironmentName,
    description="Which of the two worlds to work in; the organization's default when absent.",
)
IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    kind=Annotated[str, Meta(min_length=1, max_length=256, pattern="^[!-~]+$")],
    description="Makes a repeated call return the first one's answer; kept 24 hours at least.",
    place="header",
)
AS_OF = Parameter(
    name="X-Clausum-As-Of",
    kind=Annotated[str, Meta(extra_json_schema={"format": "date-time"})],
    description="Judges as if at that past moment, for replaying history. Sandbox secret keys only, when the"
    " organization allows it.",
    place="header",
)
ACCEPT_LANGUAGE = Parameter(
    name="Accept-Language",
    kind=Annotated[str, Meta(examples=["es-MX", "en"])],
    description="The language of descriptions and warnings: es-MX or en (default).",
    place="header",
)
REQUEST_ID = Parameter(
    name="X-Request-Id",
    kind=str,
    description="Your own id of this request, kept when it has 8 to 64 characters of A-Z a-z 0-9 _ -, else replaced.",
    place="header",
)

ANYBODY = Credential(schemes=())
PARTNER = Credential(
    schemes=("secretKey", "keyInQuery"),
    errors=(401, 403, 429),
    headers=(*RATE_HEADERS, "Deprecation"),
)
BROWSER_OR_PARTNER = Credential(
    schemes=("secretKey", "publishableKey", "keyInQuery"),
    errors=(401, 403, 429),
    headers=(*RATE_HEADERS, "Deprecation"),
)
ANYBODY_OR_PARTNER = Credential(
    schemes=(None, "secretKey"),
    errors=(401, 403, 429),
    headers=RATE_HEADERS,
)
MANAGEMENT = Credential(schemes=("accessToken",), errors=(400, 401, 403, 429), parameters=(ENVIRONMENT,))
PARTNER_OR_MANAGEMENT = Credential(
    schemes=("secretKey", "keyInQuery", "accessToken"),
    errors=(400, 401, 403, 429),
    parameters=(ENVIRONMENT,),
    headers=(*RATE_HEADERS, "Deprecation"),
)
