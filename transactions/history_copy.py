"""Payments of the past as lines of PostgreSQL's COPY (text format), several times as fast as inserts."""

import uuid
from collections.abc import Iterable, Iterator

import msgspec
from django.db import connection

from core.actor import Actor
from transactions.identities import list_identities
from transactions.ids import make_history_id
from transactions.recording import list_parties
from transactions.types import Decision, HistoryRow, Source

CHUNK_ROWS = 500
"""Lines made before they are sent on: PostgreSQL works on one chunk while the next is made."""

_COPY_TRANSACTIONS = """
COPY transactions_transaction (
    organization_id, environment, source, decision, risk_score, signals, is_advisory, is_simulated,
    id, flow, amount_minor, currency, occurred_at, payment_id, customer_id, details)
FROM STDIN
"""
_COPY_EVENTS = """
COPY transactions_identityevent (
    organization_id, environment, is_approved, transaction_id, occurred_at, amount_minor, currency, kind, identity,
    counterparty, name)
FROM STDIN
"""
_NULL = r"\N"
_encoder = msgspec.json.Encoder(decimal_format="number")


class KeyedRow(msgspec.Struct, frozen=True):
    """A payment of the past under the id that its content gives it."""

    id: uuid.UUID
    row: HistoryRow
    details_json: str


def key_row(row: HistoryRow, *, actor: Actor) -> KeyedRow:
    """Return the row with its id: the same row of the same organization and environment has the same one.

    The content is the payment_id with its flow; without one, everything that the row says.
    """
    details = _encoder.encode(row.details).decode()
    said = f"payment:{row.payment_id}" if row.payment_id else f"{row.amount_minor}:{row.currency}:{details}"
    content = f"{actor.organization_id}\x1f{actor.environment}\x1f{row.flow}\x1f{said}"
    return KeyedRow(make_history_id(at=row.occurred_at, content=content.encode()), row, details)


def copy_history(rows: list[KeyedRow], *, actor: Actor) -> None:
    """Insert the payments, approved, and their history. Raises IntegrityError when one is there already."""
    _copy(_COPY_TRANSACTIONS, _make_transaction_lines(rows, actor))
    _copy(_COPY_EVENTS, _make_event_lines(rows, actor))


def _copy(statement: str, chunks: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in chunks:
            copy.write(chunk)


def _make_transaction_lines(rows: list[KeyedRow], actor: Actor) -> Iterator[str]:
    start = f"{actor.organization_id}\t{actor.environment}\t{Source.HISTORY}\t{Decision.APPROVE}\t0\t{{}}\tf\tf\t"
    for first in range(0, len(rows), CHUNK_ROWS):
        yield "".join([start + _transaction_fields(keyed) for keyed in rows[first : first + CHUNK_ROWS]])


def _transaction_fields(keyed: KeyedRow) -> str:
    row = keyed.row
    return (
        f"{keyed.id}\t{row.flow}\t{row.amount_minor}\t{row.currency}\t{row.occurred_at.isoformat()}"
        f"\t{_text(row.payment_id)}\t{_text(row.customer_id)}\t{_text(keyed.details_json)}\n"
    )


def _make_event_lines(rows: list[KeyedRow], actor: Actor) -> Iterator[str]:
    start = f"{actor.organization_id}\t{actor.environment}\tt\t"
    for first in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[first : first + CHUNK_ROWS]
        yield "".join([start + fields for keyed in chunk for fields in _event_fields(keyed, actor)])


def _event_fields(keyed: KeyedRow, actor: Actor) -> Iterator[str]:
    """Yield what distinguishes each identity's row of the payment."""
    row = keyed.row
    shared = f"{keyed.id}\t{row.occurred_at.isoformat()}\t{row.amount_minor}\t{row.currency}"
    identities = list_identities(environment=actor.environment, flow=row.flow, details=row.details)
    for identity, other, name in list_parties(identities=identities, details=row.details):
        counterparty = other.digest.hex if other else _NULL
        yield f"{shared}\t{identity.kind:d}\t{identity.digest.hex}\t{counterparty}\t{_text(name)}\n"


def _text(value: str | None) -> str:
    """Return the value as COPY reads it."""
    if value is None:
        return _NULL
    if value.isprintable() and "\\" not in value:
        return value
    return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
