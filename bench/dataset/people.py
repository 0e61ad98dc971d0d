"""Everybody in the data set, made from their number alone: the same in the past as in the calls that ask about it.

What is stored of a past payment is encoded from the hot path's own `Payment`; so are its identities.
"""

from functools import lru_cache
from typing import Any

import msgspec
from stdnum.iso7064 import mod_97_10

from assess.types import Behavior, Beneficiary, Billing, Device, Origin, Payment, PaymentMethod, PayoutDetails
from core.identifiers.clabe import check_digit
from transactions.types import Flow

CARRIER_ADDRESSES = 4
"""Addresses behind which a mobile carrier hides thousands of payers."""
CARRIER_SHARE = 0.05
PAYERS_PER_ADDRESS = 3
_BANKS = ("012", "014", "002", "072", "646")
_PLAZA = "180"
_FIRST = ("Ana", "Luis", "María", "Jorge", "Sofía", "Carlos", "Elena", "Raúl", "Lucía", "Pedro", "Inés", "Óscar")
_LAST = ("Núñez", "García", "López", "Hernández", "Ruiz", "Ortega", "Peña", "Vargas", "Salas", "Ibarra", "Ríos")
_TRADES = ("Comercializadora", "Transportes", "Servicios", "Constructora", "Distribuidora")
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
)
_FOREIGN_EVERY = 20


def make_person(number: int) -> str:
    """Return a person's name."""
    last = _LAST[number // len(_FIRST) % len(_LAST)]
    return f"{_FIRST[number % len(_FIRST)]} {last} {_LAST[number // 132 % len(_LAST)]}"


def make_company(number: int) -> str:
    """Return a company's name with its legal form."""
    return f"{_TRADES[number % len(_TRADES)]} {_LAST[number // 5 % len(_LAST)]} {number % 977}, S.A. de C.V."


def make_clabe(number: int) -> str:
    """Return a CLABE with the right check digit."""
    first = f"{_BANKS[number % len(_BANKS)]}{_PLAZA}{number:011d}"
    return first + check_digit(first)


def make_iban(number: int) -> str:
    """Return a German IBAN with the right check digits."""
    account = f"37040044{number:010d}"
    return f"DE{mod_97_10.calc_check_digits(f'{account}DE')}{account}"


def is_foreign(account: int) -> bool:
    """Say whether the account is an IBAN, paid in euros."""
    return account % _FOREIGN_EVERY == _FOREIGN_EVERY - 1


def name_currency(account: int) -> str:
    """Return the currency in which the account is paid."""
    return "EUR" if is_foreign(account) else "MXN"


def make_account(number: int) -> Beneficiary:
    """Return who is paid: a company at an IBAN, or a person at a CLABE."""
    if is_foreign(number):
        return Beneficiary(
            name=make_company(number), country="DE", iban=make_iban(number), swift_bic="COBADEFFXXX", countries=("DE",)
        )
    return Beneficiary(name=make_person(number), country="MX", clabe=make_clabe(number), countries=("MX",))


def make_origin(number: int) -> Payment:
    """Return a payout without its amount and beneficiary: whose it is and from where it is sent."""
    return Payment(
        flow=Flow.PAYOUT,
        amount_minor=0,
        currency="MXN",
        transaction_type="transfer",
        customer_id=f"cust-{number:08d}",
        device=Device(
            ip=f"189.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", fingerprint=f"fp-o{number:08x}"
        ),
        origin=Origin(account_id=f"acct-{number:08d}", country="MX"),
        payout=PayoutDetails(channel="spei", rail="spei", initiated_by=f"tesoreria.{number % 7}"),
        metadata={"branch": number % 400, "channel": "h2h"},
    )


def make_address(number: int) -> str:
    """Return the address with that number; the first few are a carrier's."""
    return f"187.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def home_address_of(payer: int) -> int:
    """Return the number of the address from which a payer usually pays."""
    return CARRIER_ADDRESSES + payer // PAYERS_PER_ADDRESS


def make_email(payer: int) -> str:
    """Return a payer's address."""
    return f"cliente{payer}@correo{payer % 53}.mx"


def make_payer(number: int) -> Payment:
    """Return a pay-in without its amount and the address it comes from."""
    return Payment(
        flow=Flow.PAYIN,
        amount_minor=0,
        currency="MXN",
        transaction_type="payment",
        email=make_email(number),
        phone=f"+5255{10_000_000 + number % 80_000_000:08d}",
        customer_id=f"buyer-{number:08d}",
        payment_method=PaymentMethod(
            type="card",
            card_bin=f"4{number % 400:03d}12",
            card_last4=f"{number // 400 % 10_000:04d}",
            card_hash=f"hash-{number:012x}",
            card_country="MX",
            card_brand="visa",
        ),
        device=Device(
            fingerprint=f"fp-p{number:08x}", user_agent=_AGENTS[number % len(_AGENTS)], timezone="America/Mexico_City"
        ),
        behavior=Behavior(
            session_duration_ms=20_000 + number % 90_000, mouse_movements=40 + number % 200, keystrokes=30 + number % 90
        ),
        billing=Billing(country="MX", city="Ciudad de México", postal_code=f"{1000 + number % 15_000:05d}"),
    )


@lru_cache(maxsize=1)
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder()


def encode_details(part: dict[str, Any]) -> str:
    """Return a stored payment, or a part of it, as JSON."""
    return _encoder().encode(part).decode()
