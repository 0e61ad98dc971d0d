"""Every page by everybody who may come to it: the status. A page that is not in the table fails."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.permissions import ROLE_PERMISSIONS
from accounts.web.admission import MemberPage
from accounts.web.sign_in import SIGNED_IN
from core.api.views import PUBLIC
from core.web.views import PageView
from tests.architecture.routing import Route, list_routes
from tests.architecture.world import PEOPLE, World
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

WHO = ("admin", "analyst", "compliance", "viewer", "other_admin", "nobody")
"""Each signed in with a fresh proof of identity; `other_admin` is the stranger's. A POST sends no field."""

TABLE = """
                                                          admin anal compl viewer o_adm nobody
GET     /                                                   302  302   302    302   302    302
GET     /styleguide                                         200  200   200    200   200    200
POST    /styleguide                                         303  303   303    303   303    303
GET     /styleguide/forms                                   200  200   200    200   200    200
GET     /styleguide/waterfall                               200  200   200    200   200    200

GET     /login                                              302  302   302    302   302    200
POST    /login                                              302  302   302    302   302    422
POST    /login/look                                         303  303   303    303   303    303
GET     /login/code                                         302  302   302    302   302    302
POST    /login/code                                         302  302   302    302   302    302
GET     /login/passkey                                      302  302   302    302   302    302
POST    /login/passkey                                      302  302   302    302   302    302
GET     /login/organization                                 200  200   200    200   200    302
POST    /login/organization                                 404  404   404    404   404    302
GET     /login/inactive                                     200  200   200    200   200    200
GET     /login/confirm                                      200  200   200    200   200    302
POST    /login/confirm                                      422  422   422    422   422    302
GET     /login/confirm/code                                 302  302   302    302   302    302
POST    /login/confirm/code                                 302  302   302    302   302    302
GET     /login/confirm/passkey                              302  302   302    302   302    302
POST    /login/confirm/passkey                              302  302   302    302   302    302
GET     /login/sso/oidc/{provider_id}/login                 404  404   404    404   404    404
GET     /login/sso/oidc/{provider_id}/callback              404  404   404    404   404    404
GET     /login/sso/saml/{organization_slug}/login           404  404   404    404   404    404
POST    /login/sso/saml/{organization_slug}/acs             404  404   404    404   404    404
GET     /login/sso/saml/{organization_slug}/acs/finish      404  404   404    404   404    404
GET     /login/sso/saml/{organization_slug}/sls             404  404   404    404   404    404
POST    /login/sso/saml/{organization_slug}/sls             404  404   404    404   404    404
GET     /login/sso/saml/{organization_slug}/metadata        404  404   404    404   404    404
GET     /login/sso/cancelled                                404  404   404    404   404    404
GET     /login/sso/failed                                   404  404   404    404   404    404
GET     /login/sso/unknown                                  404  404   404    404   404    404

GET     /logout                                             200  200   200    200   200    302
POST    /logout                                             302  302   302    302   302    302
GET     /password/reset                                     200  200   200    200   200    200
POST    /password/reset                                     422  422   422    422   422    422
GET     /password/reset/sent                                200  200   200    200   200    200
GET     /password/reset/done                                200  200   200    200   200    200
GET     /password/reset/{uidb36}/{key}                      410  410   410    410   410    410
POST    /password/reset/{uidb36}/{key}                      410  410   410    410   410    410

GET     /dashboard/account                                  200  200   200    200   200    302
POST    /dashboard/account                                  303  303   303    303   303    302
POST    /dashboard/account/keep-alive                       204  204   204    204   204    302
POST    /dashboard/account/side-bar                         303  303   303    303   303    302
GET     /dashboard/account/password                         200  200   200    200   200    302
POST    /dashboard/account/password                         422  422   422    422   422    302
GET     /dashboard/account/sessions                         200  200   200    200   200    302
POST    /dashboard/account/sessions                         302  302   302    302   302    302
GET     /dashboard/account/second-factor                    200  200   200    200   200    302
GET     /dashboard/account/second-factor/totp               200  200   200    200   200    302
POST    /dashboard/account/second-factor/totp               422  422   422    422   422    302
GET     /dashboard/account/second-factor/totp/remove        404  404   404    404   404    302
POST    /dashboard/account/second-factor/totp/remove        404  404   404    404   404    302
GET     /dashboard/account/second-factor/codes              404  404   404    404   404    302
GET     /dashboard/account/second-factor/codes/new          200  200   200    200   200    302
POST    /dashboard/account/second-factor/codes/new          422  422   422    422   422    302
GET     /dashboard/account/second-factor/codes/download     404  404   404    404   404    302
GET     /dashboard/account/second-factor/passkeys           200  200   200    200   200    302
GET     /dashboard/account/second-factor/passkeys/add       200  200   200    200   200    302
POST    /dashboard/account/second-factor/passkeys/add       422  422   422    422   422    302
GET     /dashboard/account/second-factor/passkeys/{pk}/rename  404  404   404    404   404    302
POST    /dashboard/account/second-factor/passkeys/{pk}/rename  404  404   404    404   404    302
GET     /dashboard/account/second-factor/passkeys/{pk}/remove  404  404   404    404   404    302
POST    /dashboard/account/second-factor/passkeys/{pk}/remove  404  404   404    404   404    302
GET     /dashboard/simulation                               200  200   200    403   200    302
POST    /dashboard/simulation                               422  422   422    403   422    302
GET     /dashboard/connections/keys                         200  200   200    403   200    302
GET     /dashboard/connections/keys/new                     200  403   403    403   200    302
POST    /dashboard/connections/keys/new                     303  403   403    403   303    302
POST    /dashboard/connections/keys/sandbox                 303  403   403    403   303    302
GET     /dashboard/connections/keys/{key_id}                200  200   200    403   404    302
GET     /dashboard/connections/keys/{key_id}/edit           200  403   403    403   404    302
POST    /dashboard/connections/keys/{key_id}/edit           422  403   403    403   404    302
GET     /dashboard/connections/keys/{key_id}/rotate         200  403   403    403   404    302
POST    /dashboard/connections/keys/{key_id}/rotate         422  403   403    403   404    302
POST    /dashboard/connections/keys/{key_id}/disable        303  403   403    403   404    302
POST    /dashboard/connections/keys/{key_id}/enable         303  403   403    403   404    302
GET     /dashboard/connections/keys/{key_id}/delete         200  403   403    403   404    302
POST    /dashboard/connections/keys/{key_id}/delete         422  403   403    403   404    302
GET     /dashboard/connections/submerchants                 200  403   403    403   200    302
GET     /dashboard/connections/submerchants/new             303  403   403    403   303    302
POST    /dashboard/connections/submerchants/new             303  403   403    403   303    302
GET     /dashboard/connections/submerchants/{submerchant_id}        303  403   403    403   303    302
POST    /dashboard/connections/submerchants/{submerchant_id}        303  403   403    403   303    302
POST    /dashboard/connections/submerchants/{submerchant_id}/state  303  403   403    403   303    302
GET     /dashboard/protection/rules                         200  200   200    200   200    302
GET     /dashboard/protection/rules/fields                  200  200   200    200   200    302
GET     /dashboard/protection/rules/new                     200  200   403    403   200    302
POST    /dashboard/protection/rules/new                     200  200   403    403   200    302
GET     /dashboard/protection/rules/{rule_id}               200  200   200    200   404    302
GET     /dashboard/protection/rules/{rule_id}/edit          200  200   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/edit          200  200   403    403   404    302
GET     /dashboard/protection/rules/{rule_id}/shadow        200  200   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/shadow        409  409   403    403   404    302
GET     /dashboard/protection/rules/{rule_id}/active        200  200   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/active        409  409   403    403   404    302
GET     /dashboard/protection/rules/{rule_id}/retired       200  200   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/retired       409  409   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/move          400  403   403    403   404    302
GET     /dashboard/protection/rules/{rule_id}/remove        200  200   403    403   404    302
POST    /dashboard/protection/rules/{rule_id}/remove        303  403   403    403   404    302
GET     /dashboard/protection/blocklists                         200  200   200    200   200    302
POST    /dashboard/protection/blocklists/bulk                    303  303   303    403   303    302
POST    /dashboard/protection/blocklists/bulk/apply              303  303   303    403   303    302
GET     /dashboard/protection/blocklists/bulk/{act_id}           404  404   404    403   404    302
POST    /dashboard/protection/blocklists/bulk/{act_id}           404  404   404    403   404    302
POST    /dashboard/protection/blocklists/export                  200  200   200    200   200    302
GET     /dashboard/protection/blocklists/new                     200  200   200    403   200    302
POST    /dashboard/protection/blocklists/new                     422  422   422    403   422    302
POST    /dashboard/protection/blocklists/new/effect              200  200   200    403   200    302
GET     /dashboard/protection/blocklists/{entry_id}              200  200   200    200   404    302
GET     /dashboard/protection/blocklists/{entry_id}/edit         200  200   200    403   404    302
POST    /dashboard/protection/blocklists/{entry_id}/edit         422  422   422    403   404    302
POST    /dashboard/protection/blocklists/{entry_id}/prolong      303  303   303    403   404    302
GET     /dashboard/protection/blocklists/{entry_id}/remove       200  403   403    403   404    302
POST    /dashboard/protection/blocklists/{entry_id}/remove       303  403   403    403   404    302
GET     /dashboard/audit                                    200  403   200    403   200    302
POST    /dashboard/audit/check                              303  403   303    403   303    302
POST    /dashboard/audit/export                             303  403   303    403   303    302
GET     /dashboard/audit/{event_id}                         200  403   200    403   404    302
GET     /dashboard/simulation/backtests                     200  200   200    403   200    302
GET     /dashboard/simulation/backtests/new                 200  200   200    403   200    302
POST    /dashboard/simulation/backtests/new                 422  422   422    403   422    302
GET     /dashboard/simulation/backtests/compare             303  303   303    403   303    302
GET     /dashboard/simulation/backtests/{backtest_id}       200  200   200    403   404    302
POST    /dashboard/simulation/backtests/{backtest_id}/name  422  422   422    403   404    302
POST    /dashboard/simulation/backtests/{backtest_id}/export  400  400   400    403   404    302
GET     /dashboard/simulation/backtests/{backtest_id}/cells/{before}/{after}  200  200   200    403   404    302
GET     /dashboard/simulation/backtests/{backtest_id}/payments/{transaction_id}  200  200   200    403   404    302
GET     /dashboard/protection/blocklists/import                  200  200   200    403   200    302
POST    /dashboard/protection/blocklists/import                  422  422   422    403   422    302
GET     /dashboard/protection/blocklists/import/template         200  200   200    403   200    302
GET     /dashboard/protection/blocklists/import/{batch_id}/preview  200  200   200    403   404    302
POST    /dashboard/protection/blocklists/import/{batch_id}/preview  200  200   200    403   404    302
GET     /dashboard/protection/blocklists/imports                 200  200   200    200   200    302
GET     /dashboard/protection/blocklists/imports/{batch_id}      200  200   200    200   404    302
GET     /dashboard/protection/blocklists/imports/{batch_id}/refused  200  200   200    403   404    302
POST    /dashboard/protection/blocklists/imports/{batch_id}/undo  303  303   303    403   404    302
GET     /dashboard/jobs/{job_id}                            200  200   200    403   404    302
POST    /dashboard/jobs/{job_id}/cancel                     303  303   303    403   404    302
GET     /invite/{token}                                     200  200   200    200   200    200
POST    /invite/{token}                                     403  403   403    403   403    422
GET     /dashboard/team                                     200  200   200    403   200    302
GET     /dashboard/team/invite                              200  403   403    403   200    302
POST    /dashboard/team/invite                              422  403   403    403   422    302
GET     /dashboard/team/invitations                         200  200   200    403   200    302
POST    /dashboard/team/invitations/{invitation_id}/resend  303  403   403    403   404    302
POST    /dashboard/team/invitations/{invitation_id}/revoke  303  403   403    403   404    302
GET     /dashboard/team/roles                               200  200   200    403   200    302
POST    /dashboard/team/review                              200  403   200    403   200    302
GET     /dashboard/team/{membership_id}                     200  200   200    403   404    302
GET     /dashboard/team/{membership_id}/role                200  403   403    403   404    302
POST    /dashboard/team/{membership_id}/role                422  403   403    403   404    302
GET     /dashboard/team/{membership_id}/suspend             200  403   403    403   404    302
POST    /dashboard/team/{membership_id}/suspend             422  403   403    403   404    302
POST    /dashboard/team/{membership_id}/reactivate          303  403   403    403   404    302
GET     /dashboard/team/{membership_id}/remove              200  403   403    403   404    302
POST    /dashboard/team/{membership_id}/remove              422  403   403    403   404    302
GET     /dashboard/settings/company                         200  403   200    403   200    302
GET     /dashboard/settings/company/data                    303  403   303    403   303    302
POST    /dashboard/settings/company/data                    422  403   403    403   422    302
GET     /dashboard/settings/company/access                  303  403   303    403   303    302
POST    /dashboard/settings/company/access                  422  403   403    403   422    302
GET     /dashboard/settings/company/own                     303  403   303    403   303    302
POST    /dashboard/settings/company/own                     422  403   403    403   422    302
GET     /dashboard/settings/company/payin                   303  403   303    403   303    302
POST    /dashboard/settings/company/payin                   422  403   403    403   422    302
GET     /dashboard/settings/company/payout                  303  403   303    403   303    302
POST    /dashboard/settings/company/payout                  422  403   403    403   422    302
GET     /dashboard/settings/company/retention               303  403   303    403   303    302
POST    /dashboard/settings/company/retention               422  403   403    403   422    302
GET     /dashboard/protection/threat-lists                         200  200   200    200   200    302
GET     /dashboard/protection/threat-lists/new                     200  403   403    403   200    302
POST    /dashboard/protection/threat-lists/new                     422  403   403    403   422    302
GET     /dashboard/protection/threat-lists/{code}                  200  200   200    200   404    302
GET     /dashboard/protection/threat-lists/{code}/search           303  303   303    303   303    302
POST    /dashboard/protection/threat-lists/{code}/search           422  422   422    422   404    302
GET     /dashboard/protection/threat-lists/{code}/upload           303  403   403    403   303    302
POST    /dashboard/protection/threat-lists/{code}/upload           422  403   403    403   404    302
POST    /dashboard/protection/threat-lists/{code}/switch           400  403   403    403   404    302
POST    /dashboard/protection/threat-lists/{code}/refresh          303  403   403    403   404    302
POST    /dashboard/protection/threat-lists/{code}/versions/{version_id}  400  403   403    403   404    302
GET     /dashboard/protection/policy                        200  200   200    200   200    302
GET     /dashboard/protection/policy/settings               303  303   303    303   303    302
POST    /dashboard/protection/policy/settings               422  403   403    403   422    302
GET     /dashboard/protection/policy/versions/{version}     200  200   200    200   404    302
POST    /dashboard/protection/policy/versions/{version}/revert  303  303   403    403   404    302
POST    /dashboard/protection/policy/drafts                 303  303   403    403   303    302
GET     /dashboard/protection/policy/drafts/{draft_id}      200  200   200    200   404    302
GET     /dashboard/protection/policy/drafts/{draft_id}/edit/{flow}  200  200   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/edit/{flow}  422  422   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/propose      409  409   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/approve      409  403   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/take-back    409  409   403    403   404    302
GET     /dashboard/protection/policy/drafts/{draft_id}/discard      200  200   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/discard      303  403   403    403   404    302
GET     /dashboard/protection/policy/drafts/{draft_id}/rebase       200  200   403    403   404    302
POST    /dashboard/protection/policy/drafts/{draft_id}/rebase       303  303   403    403   404    302
GET     /dashboard/palette                                  200  200   200    200   200    302
GET     /dashboard/palette/entries                          200  200   200    200   200    302
GET     /dashboard/{rest}                                   404  404   404    404   404    302
POST    /dashboard/environment                              400  400   400    400   400    302
"""

PUBLIC_PAGES = {
    "/invite/{token}": "the token is the proof",
    "/login": "whoever signs in has not yet",
    "/login/look": "language and theme, a cookie of the reader's own",
    "/login/code": "between password and second factor",
    "/login/passkey": "signs in by itself",
    **dict.fromkeys(
        [
            "/login/sso/oidc/{provider_id}/login",
            "/login/sso/oidc/{provider_id}/callback",
            "/login/sso/saml/{organization_slug}/login",
            "/login/sso/saml/{organization_slug}/acs",
            "/login/sso/saml/{organization_slug}/acs/finish",
            "/login/sso/saml/{organization_slug}/sls",
            "/login/sso/saml/{organization_slug}/metadata",
            "/login/sso/cancelled",
            "/login/sso/failed",
            "/login/sso/unknown",
        ],
        "the identity provider's answer is the proof",
    ),
    "/login/inactive": "says that there is no access",
    "/logout": "a session that is over may be ended again",
    "/password/reset": "whoever forgot theirs cannot sign in",
    "/password/reset/sent": "says that a mail is on its way",
    "/password/reset/done": "says that it is new",
    "/password/reset/{uidb36}/{key}": "the key is the proof",
    "/styleguide": "the design, for whoever builds with it",
    "/styleguide/forms": "the design of forms",
    "/styleguide/waterfall": "the design of a chart",
}

SHOWING_TO_THE_INVITED = {"/invite/{token}"}
"""Whoever has the token sees whom it invites, and to which organization."""


def _read_table() -> dict[tuple[str, str], list[int]]:
    rows = [line.split() for line in TABLE.splitlines() if line and not line.startswith(" ")]
    table = {(row[0], row[1]): [int(status) for status in row[2:]] for row in rows}
    assert len(table) == len(rows), "a route stands in the table twice"
    return table


ROWS = _read_table()


def _pages() -> list[Route]:
    return [route for route in list_routes() if issubclass(route.view, PageView)]


def test_the_table_has_every_page_and_no_other() -> None:
    assert set(ROWS) == {(method, route.path) for route in _pages() for method in route.methods}


@pytest.mark.parametrize(("method", "path"), ROWS, ids=lambda value: value)
def test_everybody_gets_what_the_table_says(method: str, path: str) -> None:
    found = {who: _call(method, path, who) for who in WHO}
    assert found == dict(zip(WHO, ROWS[method, path], strict=True))


def _call(method: str, path: str, who: str) -> int:
    """Make the call in a world of its own and return the status; a refusal and a stranger change nothing."""
    world = World()
    before = world.owned()
    response = make_browser(world, who).generic(method, world.path(path))
    if response.status_code >= 400 or who in {"other_admin", "nobody"}:
        assert world.owned() == before, who
    if who in {"other_admin", "nobody"} and path not in SHOWING_TO_THE_INVITED:
        told = response.getvalue().decode()
        assert [name for name in world.names() if name in told] == [], who
    status: int = response.status_code
    return status


def make_browser(world: World, who: str) -> Any:
    """Return the browser of that column of the table."""
    if who == "nobody":
        return Client()
    member: Membership = (
        make_member(organization=world.stranger)
        if who == "other_admin"
        else make_member(organization=world.bank, role=PEOPLE[who])
    )
    return sign_in_as(member)


@pytest.mark.parametrize("path", sorted({path for method, path in ROWS if method == "GET"}))
def test_head_is_what_get_is_without_a_body(path: str) -> None:
    world = World()
    answers = [make_browser(world, who).head(world.path(path)) for who in WHO]
    assert [answer.status_code for answer in answers] == ROWS["GET", path]
    assert all(b"".join(answer) == b"" for answer in answers)


@pytest.mark.parametrize("path", sorted({path for _, path in ROWS}))
def test_another_method_is_405_before_anybody_is_asked_who_they_are(path: str) -> None:
    world = World()
    served = {method for method, served_path in ROWS if served_path == path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - served:
        assert Client().generic(method, world.path(path)).status_code == 405, method


def test_pages_without_a_sign_in_are_listed_here_by_name() -> None:
    public = {route.path for route in _pages() if route.view.permission == PUBLIC}
    assert public == set(PUBLIC_PAGES)


def test_every_other_page_asks_for_a_permission_that_somebody_holds() -> None:
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    for route in _pages():
        asked = route.view.permission
        if asked in (PUBLIC, SIGNED_IN):
            continue
        assert issubclass(route.view, MemberPage), route.path
        assert set(asked.values() if isinstance(asked, dict) else [asked]) <= held, route.path


def test_no_page_is_kept_by_a_cache_or_shown_in_a_frame() -> None:
    world = World()
    browser = make_browser(world, "admin")
    for method, path in ROWS:
        if method == "GET":
            response = browser.get(world.path(path))
            assert response["Cache-Control"] == "no-store", path
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"], path
