"""How long a backtest takes, in a database of its own.

`python -m clausum.runner with-postgres -- python -m bench.inside bench.backtest`. The sample's payments are assessed as
the API would, and their rows repeated with new ids and times over the last 30 days until there are enough of them.
"""

import argparse
import cProfile
import pstats
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection

from accounts.queries import find_user
from accounts.types import OrganizationType, Role
from assess.backtests.figures import measure
from assess.backtests.tally import Tally, decode_tally
from assess.policies import load_policy
from assess.policy import encode_policy
from assess.queries import get_backtest
from assess.services.policy_drafts import start_draft
from assess.services.request_backtest import request_backtest
from assess.types import NewBacktest
from clausum.datasets.rows import PAY_IN
from clausum.demo.cast import TIMEZONE
from clausum.demo.credentials import get_key
from clausum.demo.payments import load_payments, read_sample
from clausum.demo.seed import settle_demo
from core.actor import Actor, ActorKind
from core.clock import read_clock
from core.environments import Environment
from core.ids import make_uuid7
from core.unit_of_work import unit_of_work
from jobs.queries import get_job
from jobs.tasks import run_jobs

DAYS = 30
RULES = 20
_CHUNK = 20_000

_COPIES = "CREATE TEMP TABLE copies (place integer, id uuid, at timestamptz)"
_SOURCES = """
CREATE TEMP TABLE sources AS
SELECT t.id, row_number() OVER (ORDER BY t.id) - 1 AS place
FROM transactions_transaction t JOIN assess_assessment a ON a.transaction_id = t.id
WHERE t.organization_id = %(organization)s
"""


def main(arguments: Sequence[str]) -> None:
    """Fill, measure, tell."""
    options = _parse(arguments)
    call_command("migrate", verbosity=0)
    actor = _settle()
    made = _multiply(actor, options.payments)
    _say(f"{made:,} assessments")
    for rules in (None, 0, RULES):
        _measure(actor, rules, profile=options.profile)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.inside bench.backtest")
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true", help="tell where the time goes (and take longer)")
    return parser.parse_args(arguments)


def _settle() -> Actor:
    """Make the demo's bank, with the sample's payouts and pay-ins assessed, and return its administrator."""
    now = read_clock()
    bank = next(
        each.organization
        for each in settle_demo(known=(), now=now)
        if each.organization.organization_type == OrganizationType.BANK.value
    )
    with unit_of_work():
        load_payments(key=get_key(full=bank.keys.secret), payments=read_sample(row_kind=PAY_IN, now=now), now=now)
    admin = find_user(email=next(user.email for user in bank.users if user.role == Role.ADMIN.value))
    return Actor(
        organization_id=uuid.UUID(bank.id),
        environment=Environment.SANDBOX,
        kind=ActorKind.USER,
        id=admin.id if admin else None,
        name="bench",
        permissions=frozenset({"policy:write", "simulation:run"}),
    )


def _multiply(actor: Actor, wanted: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COPIES)
        cursor.execute(_SOURCES, {"organization": actor.organization_id})
        cursor.execute("SELECT count(*) FROM sources")
        sources = cursor.fetchone()[0]
        _say(f"{sources:,} payments assessed one by one")
        moments = _list_moments(wanted - sources, read_clock())
        for begin in range(0, len(moments), _CHUNK):
            part = moments[begin : begin + _CHUNK]
            cursor.executemany(
                "INSERT INTO copies VALUES (%s, %s, %s)",
                [((begin + place) % sources, make_uuid7(at=at), at) for place, at in enumerate(part)],
            )
        for table, key in (("transactions_transaction", "id"), ("assess_assessment", "transaction_id")):
            cursor.execute(_make_copy(cursor, table, key))
        cursor.execute("ANALYZE")
    return int(sources) + len(moments)


def _list_moments(count: int, now: datetime) -> list[datetime]:
    chance = Random(1)  # noqa: S311  no secret
    return sorted(now - timedelta(days=DAYS * chance.random()) for _ in range(count))


def _make_copy(cursor: Any, table: str, key: str) -> str:
    """Return the statement that repeats the table's rows under the ids and times of `copies`."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    )
    names = [name for (name,) in cursor.fetchall()]
    others = {
        key: "c.id",
        "occurred_at": "c.at",
        "is_fraudulent": "CASE WHEN c.place % 7 = 0 THEN c.place % 2 = 0 END",
        "facts": "jsonb_set(r.facts, '{at}', to_jsonb(c.at))",
    }
    values = ", ".join(others.get(name, f"r.{name}") for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM copies c"  # noqa: S608  names of columns
        f" JOIN sources s ON s.place = c.place JOIN {table} r ON r.{key} = s.id"
    )


def _measure(actor: Actor, rules: int | None, *, profile: bool) -> None:
    """Try a draft with so many rules, or the policy in force itself."""
    row = _request(actor, rules)
    watch = cProfile.Profile() if profile else None
    began, cpu = time.monotonic(), time.process_time()
    if watch:
        watch.enable()
    while not get_job(**actor.scope, job_id=row.job_id).state.is_ended:
        run_jobs()
    if watch:
        watch.disable()
    took, spent = time.monotonic() - began, time.process_time() - cpu
    tally = decode_tally(get_backtest(**actor.scope, backtest_id=row.id).result)
    _tell(rules, tally, took, spent)
    if watch:
        pstats.Stats(watch, stream=sys.stdout).sort_stats("tottime").print_stats(35)


def _request(actor: Actor, rules: int | None) -> Any:
    now = read_clock()
    with unit_of_work():
        policy = load_policy(**actor.scope)
        tried: dict[str, Any] = {"version": policy.version}
        if rules is not None:
            document = encode_policy(policy)
            document["payout"]["bands"]["review"] = 20
            document["rules"] = [_make_rule(place) for place in range(rules)]
            draft = start_draft(actor=actor, title="bench", document=document, base_version=policy.version, now=now)
            tried = {"draft_id": draft.id}
        wanted = NewBacktest(name="bench", since=now - timedelta(days=DAYS + 1), until=now, **tried)
        return request_backtest(actor=actor, wanted=wanted, timezone=TIMEZONE, now=now)


def _make_rule(place: int) -> dict[str, object]:
    return {
        "id": f"{place:08x}",
        "name": f"rule {place}",
        "revision": 1,
        "flow": "both",
        "condition": f"payment.amount > {(place + 1) * 100_000} && signals.score >= {place}",
        "action": "score",
        "stage": "active",
        "weight": 5,
    }


def _tell(rules: int | None, tally: Tally, took: float, cpu: float) -> None:
    rate = tally.payments / took
    changed = measure(tally).changed.payments
    what = "the policy in force" if rules is None else f"a draft with {rules} rules"
    _say(f"{what}: {tally.payments:,} payments in {took:.1f} s ({rate:,.0f} a second), {cpu:.1f} s of CPU")
    _say(f"    {changed:,} decided otherwise, {tally.reproduced:,} of {tally.checked:,} reproduced")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
