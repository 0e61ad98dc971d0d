"""The frauds of the sample, one function per scenario; all fall into its last week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from clausum.datasets.rows import Row
from clausum.datasets.sampling.dice import Dice
from clausum.datasets.sampling.everyday import MERCHANTS, World
from clausum.datasets.sampling.parties import Registry, make_payer, name_thing
from clausum.datasets.sampling.payments import local, make_payin_row, make_payout_row

FAN_IN_ORIGINS = 14
CARDS_TESTED = 14
SCRIPT = "python-requests/2.32.5"


def list_frauds(world: World, registry: Registry, dice: Dice) -> Iterator[Row]:
    """Yield the payments of every scenario, and the ordinary ones that a scenario needs, in no order."""
    yield from _take_over_account(world, registry)
    yield from _collect_at_mule(registry, dice)
    yield from _split_below_limit(registry, dice)
    yield from _test_cards(registry, dice)
    yield from _swap_invoice_account(world, registry)
    yield from _pay_newcomers(world, registry)


def _take_over_account(world: World, registry: Registry) -> Iterator[Row]:
    """A person's account is emptied at night to an account never paid before."""
    victim, mule = world.people[0].payer, registry.make_account("Persona Muestra")
    for clock, pesos in (("03:12", 28_500), ("03:15", 31_900), ("03:21", 19_900)):
        yield make_payout_row(
            at=local(33, clock), amount_minor=pesos * 100, payer=victim, account=mule, scenario="account_takeover"
        )


def _collect_at_mule(registry: Registry, dice: Dice) -> Iterator[Row]:
    """Many payers who never met send to one account within the day; each had paid somebody before."""
    mule = registry.make_account("Persona Muestra")
    for number in range(1, FAN_IN_ORIGINS + 1):
        payer = make_payer("v", number)
        yield make_payout_row(
            at=local(dice.between(3, 25), "12:00") + timedelta(minutes=dice.between(0, 300)),
            amount_minor=dice.between(300, 2_500) * 100,
            payer=payer,
            account=registry.make_account("Persona Muestra"),
        )
        yield make_payout_row(
            at=local(35, "12:00") + timedelta(minutes=34 * number),
            amount_minor=dice.between(2_000, 6_000) * 100,
            payer=payer,
            account=mule,
            scenario="fan_in_mule",
        )


def _split_below_limit(registry: Registry, dice: Dice) -> Iterator[Row]:
    """One payer cuts a sum into parts just below MXN 50,000.00; it had a small, quiet business before."""
    payer, receiver = make_payer("e", 9), registry.make_account("Comercializadora Muestra SA de CV")
    supplier = registry.make_account("Proveedor Muestra SA de CV")
    for day in range(2, 36, 7):
        at = local(day, "13:00") + timedelta(minutes=dice.between(0, 120))
        yield make_payout_row(at=at, amount_minor=dice.near(900_000, percent=10), payer=payer, account=supplier)
    for clock, pesos in (("10:05", 48_500), ("11:40", 49_200), ("14:10", 47_900), ("16:55", 49_800), ("17:30", 48_900)):
        yield make_payout_row(
            at=local(36, clock), amount_minor=pesos * 100, payer=payer, account=receiver, scenario="structuring"
        )


def _test_cards(registry: Registry, dice: Dice) -> Iterator[Row]:
    """A script tries stolen cards with small amounts, from one address and one device."""
    tester = replace(
        registry.make_shopper(), ip="203.0.113.77", device_id=name_thing("device", "tester"), user_agent=SCRIPT
    )
    for number in range(1, CARDS_TESTED + 1):
        guise = replace(tester, customer_id=f"cus-t{number:02}", email=f"compras.{number:02}@example.com")
        yield make_payin_row(
            at=local(37, "02:30") + timedelta(seconds=40 * number),
            amount_minor=dice.between(10, 35) * 100,
            shopper=guise,
            card=registry.make_card(),
            merchant=MERCHANTS[1],
            scenario="card_testing",
        )


def _swap_invoice_account(world: World, registry: Registry) -> Iterator[Row]:
    """A supplier well known by its id and name is paid at a new CLABE, which somebody else wrote on the invoice."""
    company = world.companies[1]
    supplier = replace(company.suppliers[0], clabe=registry.make_clabe())
    for day, clock, pesos in ((38, "11:05", 42_600), (39, "10:20", 44_100)):
        yield make_payout_row(
            at=local(day, clock),
            amount_minor=pesos * 100,
            payer=company.payer,
            account=supplier,
            scenario="invoice_fraud",
        )


def _pay_newcomers(world: World, registry: Registry) -> Iterator[Row]:
    """Honest first payments, which look a little like fraud."""
    for day, payer, name, pesos in (
        (34, world.companies[2].payer, "Proveedor Muestra SA de CV", 12_400),
        (36, world.people[3].payer, "Persona Muestra", 1_500),
        (38, world.people[5].payer, "Persona Muestra", 900),
    ):
        account = registry.make_account(name)
        yield make_payout_row(at=local(day, "12:15"), amount_minor=pesos * 100, payer=payer, account=account)
