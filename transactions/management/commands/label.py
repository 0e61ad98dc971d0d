"""`manage.py label TRANSACTION_ID --fraud REASON | --legitimate`: what became known of a payment, for history."""

import uuid
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor, make_system_actor
from core.clock import read_clock
from core.errors import AppError
from core.unit_of_work import unit_of_work
from transactions.queries import find_tenant
from transactions.services.label_transaction import label_transaction
from transactions.types import FraudReason, FraudsterSide


class Command(BaseCommand):
    help = "Labels a payment as fraudulent or legitimate. The same label again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("transaction", type=uuid.UUID)
        label = parser.add_mutually_exclusive_group(required=True)
        label.add_argument("--fraud", choices=[reason.value for reason in FraudReason])
        label.add_argument("--legitimate", action="store_true")
        parser.add_argument(
            "--side",
            choices=[side.value for side in FraudsterSide],
            help="whose side the fraudster was on; by default the reason and the flow say it",
        )
        parser.add_argument("--at", help="since when it is known, ISO 8601 with offset; by default now")
        parser.add_argument("--organization", type=uuid.UUID, help="refuse a payment of any other organization")

    def handle(
        self,
        *_args: object,
        transaction: uuid.UUID,
        organization: uuid.UUID | None,
        fraud: str | None,
        side: str | None,
        at: str | None,
        **_options: Any,
    ) -> None:
        now = read_clock()
        try:
            with unit_of_work():
                is_new = label_transaction(
                    actor=_find_actor(transaction, organization),
                    transaction_id=transaction,
                    is_fraudulent=fraud is not None,
                    reason=FraudReason(fraud) if fraud else None,
                    fraudster_side=FraudsterSide(side) if side else None,
                    labelled_at=_read_time(at) if at else now,
                    now=now,
                )
        except AppError as error:
            raise CommandError(error.text) from error
        self.stdout.write("labelled" if is_new else "it has this label already")


def _find_actor(transaction_id: uuid.UUID, organization_id: uuid.UUID | None) -> Actor:
    """Return the system as an actor where the payment is."""
    found = find_tenant(transaction_id=transaction_id)
    if found is None or organization_id not in {None, found[0]}:
        raise CommandError("There is no such payment.")
    return make_system_actor(organization_id=found[0], environment=found[1], name="label")


def _read_time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--at must be an ISO 8601 date-time.") from None
    if at.tzinfo is None:
        raise CommandError("--at must say its offset, such as Z or -06:00.")
    return at
