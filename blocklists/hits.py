"""What one entry met: the latest payments, and how many on each day."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from blocklists.models import BlocklistHit
from core.environments import Environment
from transactions.recent import RecentPayment, list_payments

SHOWN_DAYS = 30
SHOWN_HITS = 50


@dataclass(frozen=True, slots=True)
class MetPayment:
    """A payment that met the entry, and when."""

    payment: RecentPayment
    at: datetime


def list_met_payments(*, organization_id: uuid.UUID, environment: Environment, entry_id: uuid.UUID) -> list[MetPayment]:
    """Return the last 50 payments that met the entry, the latest first."""
    hits = BlocklistHit.objects.for_organization(organization_id, environment).filter(entry_id=entry_id)
    moments = dict(hits.order_by("-hit_at").values_list("transaction_id", "hit_at")[:SHOWN_HITS])
    found = list_payments(organization_id=organization_id, environment=environment, transaction_ids=[*moments])
    met = [MetPayment(payment, moments[payment.id]) for payment in found]
    return sorted(met, key=lambda each: (each.at, each.payment.id), reverse=True)


def count_hits_of(
    *, organization_id: uuid.UUID, environment: Environment, entry_ids: Sequence[uuid.UUID], since: datetime
) -> int:
    """Return how often any of the entries was met since then."""
    hits = BlocklistHit.objects.for_organization(organization_id, environment)
    return hits.filter(entry_id__in=entry_ids, hit_at__gte=since).count()


def count_hits_by_day(
    *, organization_id: uuid.UUID, environment: Environment, entry_id: uuid.UUID, timezone: str, now: datetime
) -> Sequence[tuple[date, int]]:
    """Return how often the entry was met on each of the last 30 days of the organization's zone, today last."""
    zone = ZoneInfo(timezone)
    first = now.astimezone(zone).date() - timedelta(days=SHOWN_DAYS - 1)
    since = datetime.combine(first, datetime.min.time(), tzinfo=zone)
    hits = BlocklistHit.objects.for_organization(organization_id, environment)
    counted = hits.filter(entry_id=entry_id, hit_at__gte=since).annotate(day=TruncDate("hit_at", tzinfo=zone))
    found = dict(counted.values_list("day").annotate(count=Count("*")))
    days = (first + timedelta(days=number) for number in range(SHOWN_DAYS))
    return [(day, found.get(day, 0)) for day in days]
