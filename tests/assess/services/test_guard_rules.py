"""A guard and somebody's publication at the same moment."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership
from accounts.types import Role
from assess.custom_rules import RuleStage
from assess.services import publish_policy as publishing
from assess.services.guard_rules import LEAST_HITS, guard_rule
from assess.services.publish_policy import PolicyMoved
from core.actor import Actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from tests.assess.conftest import Caller, make_caller
from tests.factories.accounts import make_actor, make_member
from tests.factories.policies import current_policy, make_rule_row, publish_rule

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@pytest.fixture
def bank(transactional_db: None) -> Caller:
    return make_caller()


@pytest.fixture
def admin(bank: Caller) -> Membership:
    return make_member(organization=bank.organization, role=Role.ADMIN)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def guard(actor: Actor, rule_id: Any) -> bool:
    try:
        with unit_of_work():
            return guard_rule(actor=actor, rule_id=rule_id, now=read_clock())
    finally:
        connection.close()


def wait_for_a_waiter() -> None:
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.01)
    raise AssertionError("the guard waits for nothing")


def test_a_guard_waits_for_a_publication_and_gives_way(
    bank: Caller, admin: Membership, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_rule_row(admin, guard_percent=50)
    publish_rule(admin, row)
    for number in range(LEAST_HITS):
        bank.payout(payment_id=f"p-{number}")
    guarded: list[Future[bool]] = []
    follow = publishing._follow_rules

    def follow_while_the_guard_waits(*given: Any) -> None:
        guarded.append(pool.submit(guard, make_actor(admin), row.id))
        wait_for_a_waiter()
        follow(*given)

    monkeypatch.setattr(publishing, "_follow_rules", follow_while_the_guard_waits)
    publish_rule(admin, row, RuleStage.SHADOW)
    assert [type(each.exception(timeout=10)) for each in guarded] == [PolicyMoved]
    row.refresh_from_db()
    assert (row.state, row.guarded_at, current_policy(admin).version) == ("shadow", None, 3)
