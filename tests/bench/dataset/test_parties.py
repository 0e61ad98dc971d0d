"""The people as rows: known by the digests under which the hot path will look for them."""

from datetime import UTC, datetime

import msgspec

from bench.dataset.parties import (
    ENVIRONMENT,
    list_accounts,
    list_addresses,
    list_hours,
    list_origins,
    list_payers,
)
from bench.dataset.people import make_account, make_origin
from bench.dataset.sizes import Size
from transactions.identities import list_identities
from transactions.types import Flow

SIZE = Size(300, 200)


def test_an_origin_and_an_account_are_known_as_a_payout_between_them_will_be() -> None:
    payment = msgspec.structs.replace(make_origin(3), beneficiary=make_account(19))
    account, origin = list_identities(environment=ENVIRONMENT, flow=Flow.PAYOUT, details=msgspec.to_builtins(payment))
    assert list(list_origins(SIZE))[3][1] == origin.digest.hex
    number, digest, name, currency, _ = list(list_accounts(SIZE))[19]
    assert (number, digest, name, currency) == (19, account.digest.hex, "distribuidora hernandez 19", "EUR")


def test_there_is_a_row_for_everybody_who_may_be_drawn() -> None:
    counts = [len(list(rows(SIZE))) for rows in (list_origins, list_accounts, list_payers, list_addresses)]
    assert counts == [SIZE.origins, SIZE.accounts, SIZE.payers, 4 + (SIZE.payers - 1) // 3 + 1]


def test_a_payer_is_known_by_four_things_of_their_own() -> None:
    rows = list(list_payers(SIZE))
    assert len({digest for row in rows for digest in row[1:5]}) == 4 * SIZE.payers


def test_hours_are_written_as_the_database_reads_them() -> None:
    first = next(list_hours(datetime(2026, 5, 3, 2, tzinfo=UTC)))
    assert first == (0, 0, "2026-05-03T01:00:00+00:00")
