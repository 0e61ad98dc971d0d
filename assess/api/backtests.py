"""`/api/v1/simulation/backtests`: a policy tried on the payments of a period."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpResponse
from msgspec import Meta
from rest_framework.request import Request

from accounts.api.admission import SessionView
from assess.backtests.figures import Total, list_cells, measure, measure_queue
from assess.backtests.tally import RuleCount, decode_tally
from assess.models import Backtest
from assess.policy import decode_policy
from assess.queries import get_backtest
from assess.services.request_backtest import MAXIMUM_NAME_LENGTH, request_backtest
from assess.types import BacktestState, Baseline, NewBacktest
from core.api.bodies import decode, read_object
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import format_time, json_response
from core.clock import read_clock
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from transactions.types import Decision

_TAG = "Simulation"
_DAY_SECONDS = 86_400

type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class NewBacktestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A backtest to be run: of a draft, or of a published version. `baseline` is what it is compared with."""

    name: Annotated[str, Meta(min_length=1, max_length=MAXIMUM_NAME_LENGTH)]
    since: datetime
    until: datetime
    draft_id: uuid.UUID | None = None
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    baseline: Baseline = Baseline.STORED


class TotalBody(msgspec.Struct, frozen=True, kw_only=True):
    """Payments, and their money in minor units by currency."""

    payments: int
    money: dict[str, int]


class MoveBody(msgspec.Struct, frozen=True, kw_only=True):
    """Payments of one cell of the matrix, of one currency and label."""

    before: Decision
    after: Decision
    currency: str
    label: str
    payments: int
    amount_minor: int


class RuleBody(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the tried policy: how often it held, by label, and of how many payments that could not be told."""

    id: str
    name: str
    hits: int
    fraud: int
    good: int
    unlabelled: int
    unknown: int


class QueueBody(msgspec.Struct, frozen=True, kw_only=True):
    """Reviews and challenges over the period's days."""

    days: int
    before: int
    after: int


class ResultBody(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `reproduced` of `checked` payments: decided again exactly by the version that decided them."""

    payments: int
    unreadable: int
    other_engine: int
    other_bands: int
    failed_lookups: int
    checked: int
    reproduced: int
    moves: list[MoveBody]
    totals: dict[str, TotalBody]
    queue: QueueBody
    rules: list[RuleBody]


class BacktestBody(msgspec.Struct, frozen=True, kw_only=True):
    """A backtest. Its progress is that of its job; `result` is null until it is done."""

    id: uuid.UUID
    name: str
    state: BacktestState
    draft_id: uuid.UUID | None
    version: int | None
    baseline: Baseline
    baseline_version: int | None
    since: Time
    until: Time
    payments: int
    job_id: uuid.UUID
    created_at: Time
    finished_at: Time | None
    result: ResultBody | None


class BacktestsView(SessionView):
    """The backtests of the session's organization and environment."""

    permission = "simulation:run"

    @documented(
        "request_backtest",
        summary="Try a policy on stored payments",
        tag=_TAG,
        credential=MANAGEMENT,
        request=NewBacktestBody,
        responses={202: BacktestBody},
        errors=(404, 409),
    )
    def post(self, request: Request) -> HttpResponse:
        """Queue it; `/api/v1/jobs/{job_id}` tells how far it has come."""
        body = decode(read_object(request._request), NewBacktestBody)
        wanted = NewBacktest(
            name=body.name,
            draft_id=body.draft_id,
            version=body.version,
            baseline=body.baseline,
            since=_as_utc("since", body.since),
            until=_as_utc("until", body.until),
        )
        with unit_of_work():
            row = request_backtest(
                actor=self.actor, wanted=wanted, timezone=self.session.organization.timezone, now=read_clock()
            )
        return json_response(make_backtest_body(row), status=202)


class BacktestView(SessionView):
    """One backtest."""

    permission = "simulation:run"

    @documented(
        "get_backtest",
        summary="See what came of a backtest",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: BacktestBody},
    )
    def get(self, request: Request, backtest_id: uuid.UUID) -> HttpResponse:
        """Return what was tried and, once it is done, its figures."""
        return json_response(make_backtest_body(get_backtest(**self.actor.scope, backtest_id=backtest_id)))


def _as_utc(field: str, at: datetime) -> datetime:
    """Return the moment; one without an offset is UTC. Raises ValidationFailed."""
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:  # an offset that leads out of the years 1 to 9999
        raise ValidationFailed.of_field(field, "must lie in the years 1 to 9999") from None


def make_backtest_body(row: Backtest) -> BacktestBody:
    """Return the backtest as the API shows it."""
    return BacktestBody(
        id=row.id,
        name=row.name,
        state=BacktestState(row.state),
        draft_id=row.draft_id,
        version=row.version,
        baseline=Baseline.STORED if row.baseline_version is None else Baseline.CURRENT,
        baseline_version=row.baseline_version,
        since=format_time(row.since),
        until=format_time(row.until),
        payments=row.payments,
        job_id=row.job_id,
        created_at=format_time(row.created_at),
        finished_at=format_time(row.finished_at) if row.finished_at else None,
        result=_make_result(row) if row.result is not None else None,
    )


def _make_result(row: Backtest) -> ResultBody:
    tally = decode_tally(row.result)
    figures = measure(tally)
    load = measure_queue(tally, days=-int(-(row.until - row.since).total_seconds() // _DAY_SECONDS))
    return ResultBody(
        payments=tally.payments,
        unreadable=tally.unreadable,
        other_engine=tally.other_engine,
        other_bands=tally.other_bands,
        failed_lookups=tally.failed_lookups,
        checked=tally.checked,
        reproduced=tally.reproduced,
        moves=[msgspec.convert(cell, MoveBody, from_attributes=True) for cell in list_cells(tally)],
        totals={name: _make_total(getattr(figures, name)) for name in figures.__slots__},
        queue=QueueBody(days=load.days, before=load.before, after=load.after),
        rules=_list_rules(row, tally.rules),
    )


def _make_total(total: Total) -> TotalBody:
    return TotalBody(payments=total.payments, money=total.money)


def _list_rules(row: Backtest, counts: dict[str, RuleCount]) -> list[RuleBody]:
    rules: Any = decode_policy(row.document, version=row.version or 0).rules
    return [_make_rule(rule, counts.get(rule.id, RuleCount())) for rule in rules]


def _make_rule(rule: Any, count: RuleCount) -> RuleBody:
    return RuleBody(
        id=rule.id,
        name=rule.name,
        hits=count.hits,
        fraud=count.fraud,
        good=count.good,
        unlabelled=count.unlabelled,
        unknown=count.unknown,
    )
