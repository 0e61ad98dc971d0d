"""What the sample's parties ordinarily pay: wages, suppliers, rent, transfers among people, purchases by card."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from clausum.datasets.rows import Row
from clausum.datasets.sampling.dice import Dice
from clausum.datasets.sampling.parties import Account, Payer, Registry, Shopper, make_payer
from clausum.datasets.sampling.payments import DAYS, local, make_payin_row, make_payout_row

MERCHANTS = (("mer-super", "grocery"), ("mer-libros", "books"), ("mer-viajes", "travel"))
PAYDAYS = (14, 29)
RENT_DAYS = (0, 30)
COMPANIES, EMPLOYEES, SUPPLIERS = 5, 6, 3
PEOPLE, CONTACTS = 7, 3
SHOPPERS = 18


@dataclass(frozen=True, slots=True)
class Company:
    """A payer with the accounts it pays regularly."""

    payer: Payer
    employees: tuple[Account, ...]
    suppliers: tuple[Account, ...]
    landlord: Account


@dataclass(frozen=True, slots=True)
class Person:
    payer: Payer
    contacts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everybody who pays in the ordinary course."""

    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    shoppers: tuple[Shopper, ...]


def make_world(registry: Registry) -> World:
    """Return the parties of the sample."""
    return World(
        companies=tuple(_make_company(registry, number) for number in range(1, COMPANIES + 1)),
        people=tuple(
            Person(make_payer("p", number), tuple(registry.make_account("Persona Muestra") for _ in range(CONTACTS)))
            for number in range(1, PEOPLE + 1)
        ),
        shoppers=tuple(registry.make_shopper() for _ in range(SHOPPERS)),
    )


def _make_company(registry: Registry, number: int) -> Company:
    return Company(
        payer=make_payer("e", number),
        employees=tuple(registry.make_account("Persona Muestra") for _ in range(EMPLOYEES)),
        suppliers=tuple(registry.make_account("Proveedor Muestra SA de CV") for _ in range(SUPPLIERS)),
        landlord=registry.make_account("Arrendadora Muestra SA de CV"),
    )


def list_everyday(world: World, dice: Dice) -> Iterator[Row]:
    """Yield what happens without any fraud, in no order."""
    for company in world.companies:
        yield from _list_wages(company, dice)
        yield from _list_supplies(company, dice)
        yield from _list_rent(company, dice)
    busiest, *others = world.people
    yield from _list_transfers(busiest, dice, pesos=(400, 3_500), longest_pause=3)
    for person in others:
        yield from _list_transfers(person, dice, pesos=(1_500, 9_000), longest_pause=9)
    for shopper in world.shoppers:
        yield from _list_purchases(shopper, dice)


def _list_wages(company: Company, dice: Dice) -> Iterator[Row]:
    for account in company.employees:
        wage = dice.between(8_000, 18_000) * 100
        for day in PAYDAYS:
            yield _pay(company.payer, account, at=_some_time(dice, day, "10:00", minutes=40), amount_minor=wage)


def _list_supplies(company: Company, dice: Dice) -> Iterator[Row]:
    """Yield a weekly invoice per supplier, below 90 % of MXN 50,000.00, where structuring begins."""
    for account in company.suppliers:
        usual = dice.between(6_000, 38_000) * 100
        for day in range(dice.between(0, 4), DAYS, 7):
            at = _some_time(dice, day, "11:00", minutes=360)
            yield _pay(company.payer, account, at=at, amount_minor=dice.near(usual, percent=12))


def _list_rent(company: Company, dice: Dice) -> Iterator[Row]:
    rent = dice.between(18_000, 36_000) * 100
    for day in RENT_DAYS:
        yield _pay(company.payer, company.landlord, at=_some_time(dice, day, "09:00", minutes=60), amount_minor=rent)


def _list_transfers(person: Person, dice: Dice, *, pesos: tuple[int, int], longest_pause: int) -> Iterator[Row]:
    for account in person.contacts:
        usual = dice.between(*pesos) * 100
        day = dice.between(0, 3)
        while day < DAYS:
            at = _some_time(dice, day, "09:00", minutes=720)
            yield _pay(person.payer, account, at=at, amount_minor=dice.near(usual, percent=30))
            day += dice.between(2, longest_pause)


def _list_purchases(shopper: Shopper, dice: Dice) -> Iterator[Row]:
    usual = dice.between(250, 3_200) * 100
    day = dice.between(0, 5)
    while day < DAYS:
        yield make_payin_row(
            at=_some_time(dice, day, "08:00", minutes=840),
            amount_minor=dice.near(usual, percent=40),
            shopper=shopper,
            card=shopper.card,
            merchant=dice.pick(MERCHANTS),
        )
        day += dice.between(4, 10)


def _pay(payer: Payer, account: Account, *, at: datetime, amount_minor: int) -> Row:
    return make_payout_row(at=at, amount_minor=amount_minor, payer=payer, account=account)


def _some_time(dice: Dice, day: int, clock: str, *, minutes: int) -> datetime:
    """Return a moment of that day, at most so many minutes after the clock time."""
    return local(day, clock) + timedelta(seconds=dice.between(0, minutes * 60))
