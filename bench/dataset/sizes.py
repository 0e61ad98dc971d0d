"""How large a data set is, and how its payments spread over those who pay and are paid."""

from dataclasses import dataclass
from functools import cached_property

DAYS = 90
PAYOUT_SHARE = 0.8
CORPORATE_SHARES = (0.40, 0.20, 0.10)
"""Of the payouts: at five million payments 20,000, 10,000 and 5,000 on an ordinary working day."""
MIDDLE_SHARE = 0.15
MIDDLE_A_DAY = 40
MIDDLE_ACCOUNTS = 50
SMALL_PAYMENTS = DAYS // 30
"""What is left of the payouts is of many who pay once a month."""
ACCOUNTS_PER_PAYOUT = 0.02
"""A corporate that pays a million times in the time does so to twenty thousand accounts."""
EMPLOYEE_SHARE = 0.9
PAYMENTS_PER_PAYER = 4


@dataclass(frozen=True, slots=True)
class Corporate:
    """An origin that pays all day: how often in all, its first account's number, its employees, its suppliers."""

    payouts: int
    first_account: int
    employees: int
    suppliers: int

    @property
    def accounts(self) -> int:
        return self.employees + self.suppliers


@dataclass(frozen=True)
class Size:
    """A data set's size in past payments and in list entries (of each organization); the rest follows from it."""

    payments: int
    entries: int

    @property
    def database(self) -> str:
        """The name of the database that holds it, never used but to be copied."""
        return f"base_{self.payments}_{self.entries}"

    @property
    def payouts(self) -> int:
        return round(self.payments * PAYOUT_SHARE)

    @property
    def payins(self) -> int:
        return self.payments - self.payouts

    @cached_property
    def corporates(self) -> tuple[Corporate, ...]:
        """The origins numbered from 0, the largest first."""
        made: list[Corporate] = []
        for share in CORPORATE_SHARES:
            payouts = round(self.payouts * share)
            accounts = max(10, round(payouts * ACCOUNTS_PER_PAYOUT))
            employees = round(accounts * EMPLOYEE_SHARE)
            first = made[-1].first_account + made[-1].accounts if made else 0
            made.append(Corporate(payouts, first, employees, accounts - employees))
        return tuple(made)

    @property
    def middle_payouts(self) -> int:
        return round(self.payouts * MIDDLE_SHARE)

    @property
    def middle_origins(self) -> int:
        return max(1, self.middle_payouts // (DAYS * MIDDLE_A_DAY))

    @property
    def first_middle_origin(self) -> int:
        return len(self.corporates)

    @property
    def first_middle_account(self) -> int:
        last = self.corporates[-1]
        return last.first_account + last.accounts

    @property
    def small_payouts(self) -> int:
        return self.payouts - self.middle_payouts - sum(corporate.payouts for corporate in self.corporates)

    @property
    def small_origins(self) -> int:
        return max(1, self.small_payouts // SMALL_PAYMENTS)

    @property
    def first_small_origin(self) -> int:
        return self.first_middle_origin + self.middle_origins

    @property
    def first_small_account(self) -> int:
        return self.first_middle_account + self.middle_origins * MIDDLE_ACCOUNTS

    @property
    def origins(self) -> int:
        return self.first_small_origin + self.small_origins

    @property
    def accounts(self) -> int:
        """Small origins pay as many accounts as there are of them: neighbours' ones too."""
        return self.first_small_account + self.small_origins

    @property
    def payers(self) -> int:
        return max(2, self.payins // PAYMENTS_PER_PAYER)
