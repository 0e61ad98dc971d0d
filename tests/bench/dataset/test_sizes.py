"""How a data set's payments spread over people."""

import pytest

from bench.dataset.sizes import Size

LARGE = Size(5_000_000, 1_000_000)


def test_five_million_payments_hold_a_few_corporates_many_middling_and_a_crowd_of_small_payers() -> None:
    assert [corporate.payouts for corporate in LARGE.corporates] == [1_600_000, 800_000, 400_000]
    assert (LARGE.middle_origins, LARGE.small_origins, LARGE.payers) == (166, 200_000, 250_000)


@pytest.mark.parametrize("payments", [100, 300, 10_000, 5_000_000])
def test_all_payments_are_somebodys(payments: int) -> None:
    size = Size(payments, 1)
    payouts = sum(corporate.payouts for corporate in size.corporates) + size.middle_payouts + size.small_payouts
    assert (payouts, payouts + size.payins) == (size.payouts, payments)


@pytest.mark.parametrize("payments", [100, 10_000, 5_000_000])
def test_accounts_are_numbered_without_a_gap_or_an_overlap(payments: int) -> None:
    size = Size(payments, 1)
    ends = [corporate.first_account + corporate.accounts for corporate in size.corporates]
    begins = [corporate.first_account for corporate in size.corporates]
    assert begins == [0, *ends[:-1]]
    assert size.first_middle_account == ends[-1]
    assert size.accounts == size.first_small_account + size.small_origins


def test_a_data_set_is_named_by_its_size() -> None:
    assert Size(300, 200).database == "base_300_200"
