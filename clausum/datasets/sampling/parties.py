"""The parties of the sample. Nobody in it exists: numbered names, `@example.com`, addresses and numbers for examples.

Reserved for that: example.com (RFC 2606), 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 (RFC 5737), telephone
numbers +1 202 555 0100 to 0199 (North American Numbering Plan).
"""

import hashlib
from dataclasses import dataclass

from clausum.datasets.sampling.dice import Dice
from core.identifiers import clabe

BANKS = ("002", "012", "014", "021", "044", "058", "072", "646", "722")
PLAZA = "180"
CARDS = (("411111", "visa"), ("424242", "visa"), ("555555", "mastercard"), ("520082", "mastercard"))
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One that is paid."""

    id: str
    name: str
    clabe: str


@dataclass(frozen=True, slots=True)
class Payer:
    """One that pays from an account of the bank; `email` is the person who orders it."""

    account_id: str
    customer_id: str
    email: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card as a merchant may keep it."""

    bin: str
    last4: str
    fingerprint: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Shopper:
    """One that pays a merchant by card."""

    customer_id: str
    email: str
    phone: str
    card: Card
    device_id: str
    ip: str
    user_agent: str


class Registry:
    """Makes parties, each with a number of its own."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._accounts = 0
        self._shoppers = 0

    def make_clabe(self) -> str:
        """Return a CLABE of a real bank code whose check digit is right."""
        first17 = self._dice.pick(BANKS) + PLAZA + self._dice.digits(11)
        return first17 + clabe.check_digit(first17)

    def make_account(self, name: str) -> Account:
        self._accounts += 1
        return Account(f"ben-{self._accounts:03}", f"{name} {self._accounts:03}", self.make_clabe())

    def make_card(self) -> Card:
        card_bin, scheme = self._dice.pick(CARDS)
        last4 = self._dice.digits(4)
        return Card(card_bin, last4, name_thing("card", card_bin, last4, self._dice.digits(8)), scheme)

    def make_shopper(self) -> Shopper:
        self._shoppers += 1
        number = self._shoppers
        return Shopper(
            customer_id=f"cus-c{number:02}",
            email=f"cliente.{number:02}@example.com",
            phone=f"+120255501{number:02}",
            card=self.make_card(),
            device_id=name_thing("device", str(number)),
            ip=f"198.51.100.{number}",
            user_agent=self._dice.pick(BROWSERS),
        )


def make_payer(kind: str, number: int) -> Payer:
    """Return the payer of that number: kind `e` orders by its treasury, others by themselves."""
    who = "tesoreria" if kind == "e" else "persona"
    return Payer(f"acc-{kind}{number:02}", f"cus-{kind}{number:02}", f"{who}.{kind}{number:02}@example.com")


def name_thing(*parts: str) -> str:
    """Return 24 hexadecimal digits that stand for a card or a device."""
    return hashlib.sha256(":".join(parts).encode()).hexdigest()[:24]
