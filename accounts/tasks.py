"""What the worker does for accounts."""

import structlog
from celery import shared_task

from accounts.queries import list_expiring_keys
from accounts.rules.key_warnings import DAY, WARNED_DAYS
from accounts.services import purge_expired as services
from accounts.services.warn_of_expiry import warn_of_expiry
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_log = structlog.get_logger(__name__)


@shared_task(name="accounts.tasks.purge_expired")
def purge_expired() -> None:
    """Remove rows whose time is over; harmless when run twice."""
    with unit_of_work():
        services.purge_expired(now=read_clock())


@shared_task(name="accounts.tasks.warn_of_expiring_keys")
def warn_of_expiring_keys() -> None:
    """Warn of keys that are about to expire, once for each warning; one that fails does not hold up the others."""
    now = read_clock()
    for organization_id, key_id in list_expiring_keys(after=now, until=now + max(WARNED_DAYS) * DAY):
        try:
            with unit_of_work():
                warn_of_expiry(organization_id=organization_id, key_id=key_id, now=now)
        except Exception as error:  # noqa: BLE001  whatever it is, its text may hold an address
            _log.error("expiry_not_warned_of", key_id=str(key_id), error=type(error).__name__)
