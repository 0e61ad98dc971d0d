"""Random pasts for the recount of history: few parties, so that they meet, and times on every boundary."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st

from assess.types import Beneficiary, Device, Origin, Payment, PaymentMethod
from core.environments import Environment
from transactions.types import Decision, Flow, FraudReason, FraudsterSide, Outcome

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Each zone with moments at which its clocks change, or with any moment when they never do: at one at night, at midnight
# itself (Santiago: a day that begins at 01:00; Havana: a midnight that comes twice), by half an hour (Lord Howe), twice
# within weeks (Casablanca). PostgreSQL takes CET for an hour that never changes.
CHANGES = {
    "America/Mexico_City": (datetime(2026, 6, 15, 12, tzinfo=UTC),),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Europe/Madrid": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/Santiago": (datetime(2026, 4, 5, 3, tzinfo=UTC), datetime(2026, 9, 6, 4, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "CET": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 8, 15, 0, tzinfo=UTC),),
    "Africa/Casablanca": (datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)),
}
FOLDED = {
    None: None,
    "Comercializadora Núñez, S.A. de C.V.": "comercializadora nunez",
    "COMERCIALIZADORA NUNEZ": "comercializadora nunez",
    "Ana Ruiz": "ana ruiz",
    "¿?": None,
}


class Fate(StrEnum):
    """What makes a payment count nowhere."""

    SIMULATED = "simulated"
    ADVISORY = "advisory"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One payment of the past, as a client sent it, and what became of it later."""

    payment: Payment
    at: datetime
    is_of_stranger: bool
    environment: Environment
    decision: Decision
    fate: Fate | Outcome | None
    fraud: tuple[FraudReason, FraudsterSide, datetime] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and all that was done before, and after, in no order."""

    zone: ZoneInfo
    at: datetime
    payment: Payment
    deeds: tuple[Deed, ...]
    snapshots: frozenset[tuple[Flow, str, int]]
    most_amounts: int
    most_names: int
    most_events: int
    summaries: dict[int, datetime]
    """After how many deeds the asked-about identities are summed up, and up to when."""


# Few parties, so that they meet.

pick = st.sampled_from
AMOUNTS = [0, 1, 2, 15_000, 899_999, 900_000, 4_499_999, 4_500_000, 4_999_999, 5_000_000, 10**15]
CURRENCIES = ["MXN", "MXN", "MXN", "USD", "CLP"]
payers: dict[str, st.SearchStrategy[Any]] = {
    "amount_minor": pick(AMOUNTS),
    "currency": pick(CURRENCIES),
    "customer_id": pick(["cus_1", "cus_2", None]),
    "device": st.builds(Device, ip=pick(["203.0.113.7", None]), fingerprint=pick(["dev_1", "dev_2", None])),
}
payins = st.builds(
    Payment,
    flow=st.just(Flow.PAYIN),
    email=pick(["ana@x.mx", "eva@x.mx", None]),
    payment_method=st.builds(
        PaymentMethod, card_bin=pick(["411111", None]), card_last4=pick(["1234", "9999"]), card_hash=pick(["h_1", None])
    ),
    **payers,
)
payouts = st.builds(
    Payment,
    flow=st.just(Flow.PAYOUT),
    beneficiary=st.builds(
        Beneficiary,
        id=pick(["b_1", "b_2", None]),
        clabe=pick(["012180001234567899", "646180111800000004", None]),
        iban=pick([None, None, "ES9121000418450200051332"]),
        account_hash=pick([None, None, "h_1"]),
        swift_bic=pick([None, "BBVAMXMM"]),
        name=pick(list(FOLDED)),
    ),
    origin=st.builds(Origin, account_id=pick(["acct_1", "acct_2", "cus_1", None])),
    **payers,
)


def _make_payment(known: Payment, party: Beneficiary, name: str | None, amount_minor: int, currency: str) -> Payment:
    """Return a payment of a known payer, when it is a payout to a known account."""
    beneficiary = msgspec.structs.replace(party, name=name) if known.flow is Flow.PAYOUT else None
    return msgspec.structs.replace(known, beneficiary=beneficiary, amount_minor=amount_minor, currency=currency)


@st.composite
def moments_of_judgement(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Return when the question is asked: up to 33 days after the clocks change, often on the hour or at midnight."""
    change = draw(pick(CHANGES[zone.key]))
    at = change + draw(pick([0, 0, 1, 15, 29, 30, 31])) * DAY + timedelta(minutes=draw(st.integers(-180, 2880)))
    return draw(pick(_surround([at, _begin_hour(at, zone), _begin_day(at, zone), change])))


def list_edges(at: datetime) -> list[datetime]:
    """Return where the windows of history begin and end, and just beside."""
    return _surround([at, at - HOUR, at - DAY])


def list_turns(zone: ZoneInfo, at: datetime) -> list[datetime]:
    """Return when hours, days and changes of the clock begin, and just beside."""
    hours = [_begin_hour(at, zone) - hours * HOUR for hours in (0, 1, 2, 24, 25)]
    days = [_begin_day(at - days * DAY, zone) for days in (0, 1, 2, 15, 29, 30, 31)]
    changes = [change + quarters * HOUR / 4 for change in CHANGES[zone.key] for quarters in range(-5, 6)]
    return _surround([*hours, *days, *changes])


def _surround(moments: list[datetime]) -> list[datetime]:
    return [moment + step for moment in moments for step in (timedelta(), MICROSECOND, -MICROSECOND)]


def _begin_hour(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _begin_day(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def deeds_of(zone: ZoneInfo, at: datetime, known: list[Payment]) -> st.SearchStrategy[Deed]:
    """Make deeds within 40 days, by and to the known, mostly the bank's own in its sandbox."""
    parties = [payment.beneficiary for payment in known if payment.beneficiary]
    edges, turns = pick(list_edges(at)), pick(list_turns(zone, at))
    times = edges | edges | turns | st.integers(-60, 40 * 1440).map(lambda minutes: at - timedelta(minutes=minutes))
    payments = st.builds(_make_payment, pick(known), pick(parties), pick(list(FOLDED)), pick(AMOUNTS), pick(CURRENCIES))
    worlds = [(False, Environment.SANDBOX)] * 8 + [(True, Environment.SANDBOX), (False, Environment.PRODUCTION)]
    sides = pick([FraudsterSide.PAYER, *FraudsterSide])
    frauds = st.none() | st.none() | st.none() | st.tuples(pick(FraudReason), sides, times)
    return st.builds(
        lambda payment, moment, world, decision, fate, fraud: Deed(
            payment=payment,
            at=moment,
            is_of_stranger=world[0],
            environment=world[1],
            decision=decision,
            fate=fate,
            fraud=fraud,
        ),
        payments,
        times,
        pick(worlds),
        pick([Decision.APPROVE, *Decision]),
        pick([None] * 24 + [*Fate, *Outcome]),
        frauds,
    )


def _ends_of_summaries(at: datetime) -> st.SearchStrategy[datetime]:
    """Make moments up to which is summed up: mostly within the day before the question, now and then out of use."""
    minutes = st.integers(0, 1439) | st.integers(0, 120) | st.integers(-60, 2 * 1440)
    return minutes.map(lambda before: at - timedelta(minutes=before)) | pick(list_edges(at))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(pick(list(CHANGES))))
    at = draw(moments_of_judgement(zone))
    flow = draw(pick([payouts, payins]))
    known = [asked := draw(flow), draw(flow), draw(payouts), draw(payins)]
    return Case(
        zone=zone,
        at=at,
        payment=asked,
        deeds=tuple(draw(st.lists(deeds_of(zone, at, known), min_size=10, max_size=30))),
        snapshots=frozenset(draw(st.sets(st.tuples(pick(Flow), pick(["MXN", "USD"]), st.integers(-1, 4))))),
        most_amounts=draw(pick([3, 200])),
        most_names=draw(pick([1, 20])),
        most_events=draw(pick([1, 3, 256])),
        summaries=draw(st.dictionaries(st.integers(0, 30), _ends_of_summaries(at), max_size=3)),
    )
