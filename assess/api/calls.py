"""What both assess endpoints do with a request before it becomes a command."""

import re
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, QueryDict
from msgspec import Meta

from accounts.types import KeyFacts, KeyType, OrganizationFacts
from assess.idempotency import make_claim
from assess.judging import AssessCommand
from assess.reading.bodies import read_body
from assess.services.simulate_payment import make_simulation
from assess.types import Language
from core.actor import Actor
from core.api.bodies import read_object
from core.api.openapi import Parameter
from core.clock import read_clock
from core.environments import Environment
from core.errors import AppError, Forbidden, ValidationFailed
from transactions.types import Flow

MAXIMUM_KEY_LENGTH = 256
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
POLICY_VERSION = Parameter(
    name="policy_version",
    kind=Annotated[int, Meta(ge=1, le=999_999_999)],
    description="Judge under this version of the policy instead of the one in force.",
)
_LANGUAGE_RANGE = re.compile(r"\s*([A-Za-z*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


class AssessMaintenance(AppError):
    status = 503
    code = "ASSESS_MAINTENANCE"
    message = "Assessments of this flow are switched off for maintenance; apply your fail policy."

    def __init__(self, *, flow: Flow) -> None:
        super().__init__(details={"flow": flow.value}, headers={"Retry-After": "30"})


def refuse_in_maintenance(key: KeyFacts, flow: Flow) -> None:
    """Raise AssessMaintenance while the flow is switched off, globally or for the organization."""
    organization = key.organization
    if organization.maintenance_payin if flow is Flow.PAYIN else organization.maintenance_payout:
        raise AssessMaintenance(flow=flow)


def read_command(request: HttpRequest, *, flow: Flow, key: KeyFacts, actor: Actor, started_ms: float) -> AssessCommand:
    """Return what the call asks; raises ValidationFailed and its kin for a body or header that cannot stand."""
    now = read_clock()
    at = _read_as_of(request, key, now)
    header_key = _read_idempotency_header(request)
    tree = read_object(request)
    body = read_body(tree, flow=flow, segment=key.organization.organization_type, language=read_language(request))
    if header_key is None and body.idempotency_key is not None:
        _check_key(body.idempotency_key, "idempotency_key")
    claim, echoed_key = make_claim(flow=flow, key_type=key.key_type, tree=tree, header=header_key)
    return AssessCommand(
        actor=actor,
        organization=key.organization,
        payment=body.payment,
        warnings=body.warnings,
        language=body.warnings.language,
        claim=claim,
        echoed_key=echoed_key,
        session_id=body.session_id,
        submerchant_id=body.submerchant_id,
        at=at,
        now=now,
        started_ms=started_ms,
        is_advisory=key.key_type is KeyType.PUBLISHABLE,
    )


def read_simulation(
    request: HttpRequest, *, flow: Flow, organization: OrganizationFacts, actor: Actor, started_ms: float
) -> AssessCommand:
    """Return what a simulation asks, as `read_command` does; its key is echoed, and claims nothing."""
    version = read_policy_version(request.GET)
    header_key = _read_idempotency_header(request)
    body = read_body(
        read_object(request), flow=flow, segment=organization.organization_type, language=read_language(request)
    )
    if header_key is None and body.idempotency_key is not None:
        header_key = _check_key(body.idempotency_key, "idempotency_key")
    return make_simulation(
        body,
        actor=actor,
        organization=organization,
        echoed_key=header_key,
        policy_version=version,
        now=read_clock(),
        started_ms=started_ms,
    )


def read_policy_version(query: QueryDict) -> int | None:
    """Return the version that the query names; raises ValidationFailed for what is no version's number."""
    given = query.get("policy_version")
    if given is not None and not _VERSION.fullmatch(given):
        raise ValidationFailed.of_field("policy_version", "must be a whole number from 1 to 999999999")
    return int(given) if given is not None else None


def _read_idempotency_header(request: HttpRequest) -> str | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    return _check_key(given, "Idempotency-Key")


def _check_key(given: str, place: str) -> str:
    is_usable = given.isascii() and given.isprintable() and 0 < len(given.strip()) <= MAXIMUM_KEY_LENGTH
    if not is_usable:
        raise ValidationFailed.of_field(place, "must have 1 to 256 printable ASCII characters")
    return given.strip()


def _read_as_of(request: HttpRequest, key: KeyFacts, now: datetime) -> datetime:
    """Return X-Clausum-As-Of, else now; only a sandbox secret key of an organization that allows it may send one."""
    given = request.headers.get("X-Clausum-As-Of")
    if given is None:
        return now
    allowed = key.environment is Environment.SANDBOX and key.key_type is KeyType.SECRET
    if not (allowed and key.organization.allows_as_of):
        raise Forbidden("This key may not judge at another time.", details={"reason": "as_of_not_allowed"})
    at = _parse_time(given)
    if at is None or at > now:
        raise ValidationFailed.of_field("X-Clausum-As-Of", "must be an ISO 8601 time with offset, not in the future")
    return at


def _parse_time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    is_usable = at.tzinfo is not None and at.year >= 1971
    return at if is_usable else None


def read_language(request: HttpRequest) -> Language:
    """Return the best of es-MX and en for Accept-Language (RFC 9110 §12.5.4); en when it says nothing of either."""
    best, best_quality = Language.ENGLISH, 0.0
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        found = _LANGUAGE_RANGE.fullmatch(part)
        quality = float(found[2] or 1) if found else 0.0
        primary = found[1].lower().partition("-")[0] if found else ""
        language = {"es": Language.SPANISH, "en": Language.ENGLISH, "*": Language.ENGLISH}.get(primary)
        if language and quality > best_quality:
            best, best_quality = language, quality
    return best
