"""A summary changes no figure: what is counted with one is what is counted from the rows alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.types import Beneficiary, Origin, Payment
from core.environments import Environment
from core.sql import run_statements
from core.unit_of_work import unit_of_work
from tests.assess.history_cases import CHANGES, DAY, HOUR, MICROSECOND, moments_of_judgement
from tests.assess.test_history_recount import (
    World,
    _ask,
    _gather,
    _list_statements,
    _make_deed,
    undone,
    world,
)
from tests.factories.transactions import make_operator
from transactions.activity import Summary, read_summary
from transactions.identities import list_identities
from transactions.models import ActivitySummary
from transactions.recording import make_wish_statement
from transactions.services import sum_up_activity as sum_up
from transactions.services.release_transactions import release_transactions
from transactions.services.sum_up_activity import sum_up_activity
from transactions.types import ByIds, Flow

pytestmark = pytest.mark.django_db
__all__ = ["world"]

ACCOUNTS = ("012180001234567899", "646180111800000004", "002010077777777771")
ORIGINS = ("acct_1", "acct_2", "acct_3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The payouts of a few in the order of time; summaries up to one moment after another, the last of which is
    `until`, made when it had passed; what came later."""

    zone: ZoneInfo
    at: datetime
    until: datetime
    payouts: tuple[tuple[datetime, Payment], ...]
    late: tuple[tuple[datetime, Payment], ...]
    released: frozenset[int]
    earlier: tuple[datetime, ...]


def make_payout(origin: str, account: str, amount_minor: int, currency: str) -> Payment:
    return Payment(
        flow=Flow.PAYOUT,
        amount_minor=amount_minor,
        currency=currency,
        beneficiary=Beneficiary(clabe=account, name="Ana Ruiz"),
        origin=Origin(account_id=origin),
    )


payouts = st.builds(
    make_payout,
    st.sampled_from(ORIGINS[:1] * 5 + ORIGINS),
    st.sampled_from(ACCOUNTS[:1] * 3 + ACCOUNTS),
    st.sampled_from([1, 4_500_000, 4_999_999, 900_000, 10**15]),
    st.sampled_from(["MXN", "MXN", "MXN", "USD"]),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    zone = ZoneInfo(draw(st.sampled_from(list(CHANGES))))
    at = draw(moments_of_judgement(zone))
    until = at - draw(st.integers(1, 1439) | st.integers(1, 70)) * timedelta(minutes=1)
    edges = [at, at - HOUR, at - DAY, until, until - HOUR, until - DAY]
    times = (
        st.sampled_from([edge + step for edge in edges for step in (timedelta(), MICROSECOND, -MICROSECOND)])
        | st.integers(0, 27 * 60).map(lambda minutes: at - timedelta(minutes=minutes))
        | st.integers(0, 32 * 24).map(lambda hours: at - timedelta(hours=hours, seconds=7))
    )
    deeds = st.lists(st.tuples(times, payouts), min_size=8, max_size=24)
    return Story(
        zone=zone,
        at=at,
        until=until,
        payouts=tuple(sorted(draw(deeds), key=lambda deed: deed[0])),
        late=tuple(draw(st.lists(st.tuples(times, payouts), max_size=1))) if draw(st.booleans()) else (),
        released=frozenset(draw(st.sets(st.integers(0, 23), max_size=1))) if draw(st.booleans()) else frozenset(),
        earlier=tuple(
            sorted(until - ago * timedelta(minutes=1) for ago in draw(st.lists(st.integers(1, 1500), max_size=3)))
        ),
    )


def _record(world: World, deeds: Sequence[tuple[datetime, Payment]]) -> list[uuid.UUID]:
    ids = [uuid.uuid4() for _ in deeds]
    for transaction_id, (at, payment) in zip(ids, deeds, strict=True):
        run_statements(_list_statements(_make_deed(payment, at=at), transaction_id, world.bank))
    return ids


def _sum_up(story: Story, world: World, *, until: datetime) -> None:
    asked = make_payout(ORIGINS[0], ACCOUNTS[0], 1, "MXN")
    question = _ask(asked, organization=world.bank, at=story.at, timezone=story.zone.key)
    wish = make_wish_statement(
        organization_id=world.bank.id,
        environment=Environment.SANDBOX,
        identities=list_identities(
            environment=Environment.SANDBOX, flow=Flow.PAYOUT, details=msgspec.to_builtins(asked)
        ),
        currency="MXN",
        timezone=story.zone.key,
        bands=question.bands,
        at=story.at,
        now=story.at,
    )
    run_statements([wish])
    rows = ActivitySummary.objects.for_organization(world.bank.id, Environment.SANDBOX)
    rows.update(closing_until=until)
    with unit_of_work():
        assert [sum_up_activity(summary_id=row.id, now=story.at) for row in rows] == [True, True]


def _read_documents(world: World) -> dict[int, Summary]:
    rows = ActivitySummary.objects.for_organization(world.bank.id, Environment.SANDBOX)
    return {row.kind: read_summary(row.document or "") for row in rows}


def _hold_against_the_rows(story: Story, world: World) -> None:
    """Check that a summary brought up to date again and again is the one that is counted from all rows."""
    added_up = _read_documents(world)
    ActivitySummary.objects.for_organization(world.bank.id, Environment.SANDBOX).update(document=None, until=None)
    _sum_up(story, world, until=story.until)
    for kind, counted in _read_documents(world).items():
        assert msgspec.structs.replace(added_up[kind], counted_at=counted.counted_at) == counted


def _tell(story: Story, world: World) -> None:
    """Let the story happen: what was before the summary's making, the summary, and what came after."""
    made_at = story.until + timedelta(seconds=10)
    before = [deed for deed in story.payouts if deed[0] <= made_at]
    ids = _record(world, before[:-1])
    for until in story.earlier:
        _sum_up(story, world, until=until)
    ids += _record(world, before[-1:])
    _sum_up(story, world, until=story.until)
    _hold_against_the_rows(story, world)
    ids += _record(world, [deed for deed in story.payouts if deed[0] > made_at])
    _record(world, story.late)
    chosen = tuple(ids[number] for number in story.released if number < len(ids))
    if chosen:
        with unit_of_work():
            release_transactions(actor=make_operator(world.bank), selector=ByIds(chosen), now=story.at)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=stories())
def test_a_summary_changes_no_figure(story: Story, world: World) -> None:
    with undone(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(sum_up, "KEPT_FROM", 0)
        _tell(story, world)
        asked = make_payout(ORIGINS[0], ACCOUNTS[0], 4_600_000, "MXN")
        question = _ask(asked, organization=world.bank, at=story.at, timezone=story.zone.key)
        with_summary = _gather(question)
        rows = ActivitySummary.objects.for_organization(world.bank.id, Environment.SANDBOX)
        is_untouched = not story.late and not story.released
        assert not is_untouched or rows.filter(until=story.until).count() == 2
        rows.delete()
        assert with_summary == _gather(question)
