"""Filling one migrated database: lists, people, payments, history; then indexes, keys and statistics."""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from bench.dataset import statements
from bench.dataset.bulk import Connection, connect, do_at_once, put_back, run_in_turn, take_off
from bench.dataset.entries import list_entries
from bench.dataset.parties import (
    ENVIRONMENT,
    Row,
    list_accounts,
    list_addresses,
    list_hours,
    list_origins,
    list_payers,
)
from bench.dataset.people import CARRIER_ADDRESSES, CARRIER_SHARE, PAYERS_PER_ADDRESS
from bench.dataset.sizes import MIDDLE_ACCOUNTS, Size
from bench.dataset.slots import Rhythm, count_slots
from transactions.types import IdentityKind

type Say = Callable[[str], None]

LISTS = ("blocklists_blocklistentry",)
HISTORY = ("transactions_transaction", "transactions_identityevent")
_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization whose past is filled in, and the key with which it asked."""

    organization_id: uuid.UUID
    api_key_id: uuid.UUID


def fill(url: str, *, size: Size, bank: Tenant, merchant: Tenant, now: datetime, say: Say) -> None:
    """Fill the database; `now` is when the past ends. The bank pays out, the merchant is paid."""
    with connect(url) as connection:
        connection.execute(b"SELECT setseed(0.42)")
        lists = take_off(connection, LISTS)
        for tenant in (bank, merchant):
            copy(connection, statements.COPY_ENTRIES, list_entry_rows(size.entries, tenant, now))
        say("lists are in")
        _run_script(connection, statements.PARTIES)
        _copy_parties(connection, size, now)
        _draw_payments(connection, size)
        say("people are in, payments are drawn")
        history = take_off(connection, HISTORY)
    _write_history(url, bank, merchant)
    say("history is in; indexes and keys follow")
    put_back(url, lists)
    put_back(url, history)
    run_in_turn(url, [statements.CLEAR, "VACUUM (ANALYZE)"])
    say("indexes, keys and statistics are made")


def copy(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    """Send the rows by COPY; None is NULL."""
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as stream:
        for batch in batched(rows, _LINES):
            stream.write("".join(map(_make_line, batch)))


def _make_line(row: Row) -> str:
    return "\t".join([r"\N" if value is None else str(value).replace("\\", r"\\") for value in row]) + "\n"


def list_entry_rows(count: int, tenant: Tenant, now: datetime) -> Iterator[Row]:
    """Yield the rows of an organization's entries."""
    bits = random.Random(tenant.organization_id.int).getrandbits  # noqa: S311  ids of made-up entries
    made, organization = now.isoformat(), str(tenant.organization_id)
    for entry in list_entries(count):
        fields = (entry.list_type.value, entry.value, entry.flow_scope.value, entry.severity.value)
        yield f"{bits(128):032x}", organization, ENVIRONMENT.value, *fields, "", "import", "t", made, made


def _run_script(connection: Connection, script: str) -> None:
    for statement in script.split(";"):
        connection.execute(statement.encode())


def _copy_parties(connection: Connection, size: Size, now: datetime) -> None:
    copy(connection, "COPY bench_slot FROM STDIN", list_hours(now))
    copy(connection, "COPY bench_origin FROM STDIN", list_origins(size))
    copy(connection, "COPY bench_account FROM STDIN", list_accounts(size))
    copy(connection, "COPY bench_payer FROM STDIN", list_payers(size))
    copy(connection, "COPY bench_address FROM STDIN", list_addresses(size))


def _draw_payments(connection: Connection, size: Size) -> None:
    _draw_corporate_payouts(connection, size)
    run = connection.execute
    business = {"slots": count_slots(Rhythm.BUSINESS), "rhythm": int(Rhythm.BUSINESS)}
    people = {"slots": count_slots(Rhythm.PEOPLE), "rhythm": int(Rhythm.PEOPLE)}
    middle = {"first_origin": size.first_middle_origin, "first_account": size.first_middle_account}
    middle |= {"origins": size.middle_origins, "accounts": MIDDLE_ACCOUNTS, "count": size.middle_payouts}
    run(statements.MIDDLE_PAYOUTS.encode(), middle | business)
    small = {"first_origin": size.first_small_origin, "first_account": size.first_small_account}
    small |= {"origins": size.small_origins, "count": size.small_payouts}
    run(statements.SMALL_PAYOUTS.encode(), small | people)
    payins = {"carrier_share": CARRIER_SHARE, "carriers": CARRIER_ADDRESSES, "payers_per_address": PAYERS_PER_ADDRESS}
    run(statements.PAYINS.encode(), payins | people | {"payers": size.payers, "count": size.payins})
    run(statements.PARTIES_DONE.encode())
    run(statements.ORDERED_PAYOUTS.encode())
    run(statements.ORDERED_PAYINS.encode(), {"rhythm": int(Rhythm.PEOPLE)})
    run(statements.ORDERED_DONE.encode())


def _draw_corporate_payouts(connection: Connection, size: Size) -> None:
    business = {"slots": count_slots(Rhythm.BUSINESS), "rhythm": int(Rhythm.BUSINESS)}
    for origin, corporate in enumerate(size.corporates):
        given = {
            "origin": origin,
            "first": corporate.first_account,
            "employees": corporate.employees,
            "suppliers": corporate.suppliers,
            "count": corporate.payouts,
        }
        connection.execute(statements.CORPORATE_PAYOUTS.encode(), given | business)


def _write_history(url: str, bank: Tenant, merchant: Tenant) -> None:
    """Write the two tables at the same time, each in the order of time."""
    kinds = {f"{kind.name.lower()}_kind": int(kind) for kind in IdentityKind}
    kinds["account_kind"] = int(IdentityKind.BENEFICIARY)

    def write(payouts: str, payins: str) -> None:
        with connect(url) as connection:
            for statement, tenant in ((payouts, bank), (payins, merchant)):
                given = {"organization_id": tenant.organization_id, "api_key_id": tenant.api_key_id}
                connection.execute(statement.encode(), given | kinds)

    do_at_once(
        [
            lambda: write(statements.PAYOUT_EVENTS, statements.PAYIN_EVENTS),
            lambda: write(statements.PAYOUT_TRANSACTIONS, statements.PAYIN_TRANSACTIONS),
        ]
    )
