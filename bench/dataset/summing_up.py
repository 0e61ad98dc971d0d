"""Brings up to date what the application keeps summed up, after the past was written past it, and keeps it so.

Runs `bench.inside` the application. When the application learns to keep another sum, its command is called here.
"""

import time

from django.core.management import call_command

from core.actor import make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from transactions.queries import list_tenants
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.tasks import sum_up_busy

FOLLOW = "follow"
EVERY_SECONDS = 2.0
"""As `clausum/settings.py` has the worker do it."""


def sum_up_history() -> None:
    """Do, for the whole past, what the hot path and the workers would have done payment by payment and day by day."""
    for tenant in list_tenants():
        actor = make_system_actor(
            organization_id=tenant.organization_id, environment=tenant.environment, name="snapshot_amounts"
        )
        with unit_of_work():
            snapshot_amounts_of(actor=actor, timezone=tenant.timezone, until=read_clock(), days=1)
    call_command("sum_up_activity")


def follow() -> None:
    """Do what the worker does for the hot path, until the process is ended."""
    while True:
        began = time.monotonic()
        sum_up_busy()
        time.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - began)))


def main(arguments: list[str]) -> None:
    follow() if FOLLOW in arguments else sum_up_history()
