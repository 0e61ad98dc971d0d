"""`/api/v1/policy`: weights, thresholds and limits per flow, their versions and their drafts."""

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from accounts.api.parameters import make_page_parameters, read_page
from assess.api.policy_bodies import (
    PolicyBody,
    PolicySettingsBody,
    PolicySettingsChange,
    PolicyVersionPage,
    PolicyWithChangesBody,
    describe_policy,
    describe_policy_with_changes,
    describe_settings,
    describe_version,
    read_body,
)
from assess.policies import load_policy
from assess.policy import decode_policy
from assess.policy_queries import get_version, list_versions, load_former
from assess.services.policy_settings import change_policy_settings, read_policy_settings
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_TAG = "Policy"


class PolicyView(SessionView):
    """The policy in force."""

    permission = "policy:read"

    @documented(
        "get_policy",
        summary="Get the policy in force",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyBody},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the version that decides now, with its complete document."""
        policy = load_policy(**self.actor.scope)
        row = get_version(**self.actor.scope, version=policy.version)
        return json_response(describe_policy(row, policy))


class PolicyVersionsView(SessionView):
    """Every version that was published."""

    permission = "policy:read"

    @documented(
        "list_policy_versions",
        summary="List the versions of the policy",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyVersionPage},
        parameters=make_page_parameters("Versions"),
    )
    def get(self, request: Request) -> HttpResponse:
        """List the versions, the newest first."""
        page = read_page(request._request.GET)
        load_policy(**self.actor.scope)
        rows, total = list_versions(**self.actor.scope, limit=page.limit, offset=page.offset)
        data = [describe_version(row) for row in rows]
        return json_response(PolicyVersionPage(data=data, total=total, limit=page.limit, offset=page.offset))


class PolicyVersionView(SessionView):
    """One version."""

    permission = "policy:read"

    @documented(
        "get_policy_version",
        summary="Get a version of the policy and what it changed",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicyWithChangesBody},
    )
    def get(self, request: Request, version: int) -> HttpResponse:
        """Return the version, its document, and every value that differs from the version before it."""
        row = get_version(**self.actor.scope, version=version)
        policy, former = (
            decode_policy(row.document, version=row.version),
            load_former(**self.actor.scope, version=version),
        )
        return json_response(describe_policy_with_changes(row, former, policy))


class PolicySettingsView(SessionView):
    """Who proposes and who approves."""

    permission = {"GET": "policy:read", "PATCH": "policy:write"}

    @documented(
        "get_policy_settings",
        summary="Get who proposes and who approves",
        tag=_TAG,
        credential=MANAGEMENT,
        responses={200: PolicySettingsBody},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the settings."""
        return json_response(describe_settings(read_policy_settings(**self.actor.scope)))

    @documented(
        "change_policy_settings",
        summary="Set who proposes and who approves",
        tag=_TAG,
        credential=MANAGEMENT,
        request=PolicySettingsChange,
        example={"second_person_percent": 5, "are_analysts_heard": True, "revision": 0},
        responses={200: PolicySettingsBody},
        errors=(409,),
    )
    def patch(self, request: Request) -> HttpResponse:
        """Set both; a stale revision is 409."""
        given = read_body(request._request, PolicySettingsChange)
        with unit_of_work():
            row = change_policy_settings(
                actor=self.actor,
                second_person_percent=given.second_person_percent,
                are_analysts_heard=given.are_analysts_heard,
                revision=given.revision,
                now=read_clock(),
            )
        return json_response(describe_settings(row))
