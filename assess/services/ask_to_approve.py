"""Tells the admins who may agree to a proposal that it waits for one of them."""

from datetime import datetime

from django.conf import settings

from accounts.queries import get_organization, list_admins
from assess.models import PolicyDraft
from core.environments import Environment
from core.unit_of_work import service
from mail.services.queue_mail import queue_mail


@service
def ask_to_approve(row: PolicyDraft, *, now: datetime) -> None:
    """Queue a mail to each admin but who wrote or made the proposal; it says nothing of any payment, nor the reason."""
    organization = get_organization(organization_id=row.organization_id)
    for admin in list_admins(organization_id=row.organization_id):
        if admin.id in row.authors:
            continue
        queue_mail(
            recipient=admin.email,
            template="policy_proposed",
            context=_describe(row, organization.name),
            language=admin.preferences.get("language") or organization.language,
            now=now,
        )


def _describe(row: PolicyDraft, organization: str) -> dict[str, object]:
    impact = row.impact or {}
    proposer = row.proposed_by
    return {
        "url": f"{settings.BASE_URL.rstrip('/')}/dashboard/protection/policy/drafts/{row.id}",
        "organization": organization,
        "proposer": (proposer.name or proposer.email) if proposer else "",
        "changed": impact.get("changed", 0),
        "payments": impact.get("payments", 0),
        "is_production": row.environment == Environment.PRODUCTION.value,
    }
