"""What every page's frame shows: who is signed in, where they work, and where they may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.functional import Promise

from accounts.words import ROLE_LABELS
from clausum.web.navigation import find_place, list_parts
from core.web.preferences import read_preferences


@dataclass(frozen=True)
class ShownMember:
    """Who is signed in, as the frame shows them."""

    email: str
    name: str
    role_label: str | Promise
    organization_name: str
    has_other_organizations: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor: the frame's variables; without a member there is neither navigation nor world."""
    context: dict[str, Any] = {"preferences": read_preferences(request), "member": None}
    if hasattr(request, "session"):
        context["messages"] = get_messages(request)
    facts, actor = getattr(request, "member", None), getattr(request, "actor", None)
    if facts is None or actor is None:
        return context
    parts = list_parts(actor=actor, modules=facts.organization.modules)
    return context | {
        "member": ShownMember(
            facts.email, facts.name, ROLE_LABELS[facts.role], facts.organization_name, facts.organizations > 1
        ),
        "navigation": parts,
        "place": find_place(parts, request.path),
        "environment": actor.environment.value,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
    }
