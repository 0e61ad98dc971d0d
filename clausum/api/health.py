"""Liveness and readiness (contract §1): ready is 503 only when an assessment could not be served."""

from datetime import timedelta
from typing import Literal

import msgspec
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from rest_framework.request import Request

from accounts.throttling import RateLimitStoreUnavailable, check_rate_store
from core.api.openapi import ANYBODY, documented
from core.api.responses import json_response
from core.api.views import PUBLIC, PublicView
from core.clock import read_clock
from core.sql import Statement, read_again_if_lost
from events.queries import get_worker_age

WORKER_SILENT_AFTER = timedelta(seconds=60)

_TAG = "Health"

type Word = Literal["ok", "unavailable"]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """This process answers."""

    status: Literal["ok"]


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """What an assessment needs (database, rate store), and what it can do without for a while (worker)."""

    database: Word
    rate_store: Word
    worker: Word


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """`degraded`: assessments are served, something else is amiss. `unavailable`: they are not."""

    status: Literal["ok", "degraded", "unavailable"]
    checks: Checks


class HealthView(PublicView):
    """`/api/v1/health`"""

    permission = PUBLIC

    @documented("get_health", summary="Liveness", tag=_TAG, credential=ANYBODY, responses={200: Health})
    def get(self, request: Request) -> HttpResponse:
        """Say that this process answers."""
        return json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


class ReadyView(PublicView):
    """`/api/v1/health/ready`"""

    permission = PUBLIC

    @documented(
        "get_readiness",
        summary="Readiness",
        tag=_TAG,
        credential=ANYBODY,
        responses={200: Readiness, 503: Readiness},
        headers=("Retry-After",),
    )
    def get(self, request: Request) -> HttpResponse:
        """Say whether an assessment would be served, and what else is amiss."""
        checks = {"database": _has_database(), "rate_store": _has_rate_store()}
        checks["worker"] = checks["database"] and _has_worker()
        is_ready = checks["database"] and checks["rate_store"]
        status = "ok" if all(checks.values()) else "degraded" if is_ready else "unavailable"
        words = {name: "ok" if is_up else "unavailable" for name, is_up in checks.items()}
        return json_response(
            {"status": status, "checks": words},
            status=200 if is_ready else 503,
            headers={"Cache-Control": "no-store"} | ({} if is_ready else {"Retry-After": "5"}),
        )


def _has_database() -> bool:
    try:
        return bool(read_again_if_lost(Statement("SELECT 1", {})))
    except (DatabaseError, InterfaceError):
        return False


def _has_rate_store() -> bool:
    try:
        check_rate_store()
    except RateLimitStoreUnavailable:
        return False
    return True


def _has_worker() -> bool:
    age = get_worker_age(now=read_clock())
    return age is not None and age < WORKER_SILENT_AFTER
