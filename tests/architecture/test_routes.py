"""Every route by every credential: the status (contract §1). A route that is not in the table fails."""

from typing import Any

import pytest
from django.test import Client

from core.api.views import PUBLIC
from core.web.views import PageView
from tests.architecture.routing import is_api, list_operations, list_routes
from tests.architecture.world import World
from tests.factories.accounts import bearer, session_token

pytestmark = pytest.mark.django_db

WHO = ("secret", "publishable", "ingest", "live", "admin", "analyst", "compliance", "viewer", "other_key",
       "other_admin", "nobody")  # fmt: skip
"""`live` is a production key of the same bank, whose objects are in the sandbox; `other_…` are the stranger's."""

TABLE = """
                                                                secret publ ingest live  admin anal compl viewer  o_key o_adm  nobody
GET     /api/docs                                                  200  200    200  200    200  200   200    200    200   200     200
GET     /api/schema                                                200  200    200  200    200  200   200    200    200   200     200
GET     /api/v1/health                                             200  200    200  200    200  200   200    200    200   200     200
GET     /api/v1/health/ready                                       200  200    200  200    200  200   200    200    200   200     200

GET     /api/v1/assess                                             200  200    401  200    401  401   401    401    200   401     200
OPTIONS /api/v1/assess                                             204  204    204  204    204  204   204    204    204   204     204
POST    /api/v1/assess                                             200  200    401  200    401  401   401    401    200   401     401
GET     /api/v1/assess/payout                                      200  403    401  200    401  401   401    401    200   401     200
POST    /api/v1/assess/payout                                      200  403    401  200    401  401   401    401    200   401     401
POST    /api/v1/assess/release                                     200  403    401  404    401  401   401    401    404   401     401

GET     /api/v1/merchant/transactions                              200  403    401  200    401  401   401    401    200   401     401
GET     /api/v1/merchant/transactions/{transaction_id}             200  403    401  404    401  401   401    401    404   401     401
POST    /api/v1/merchant/transactions/{transaction_id}/outcome     200  403    401  404    401  401   401    401    404   401     401

POST    /api/v1/auth/token                                         200  200    200  200    200  200   200    200    200   200     200
DELETE  /api/v1/auth/token                                         401  401    401  401    204  204   204    204    401   204     401

GET     /api/v1/blocklists                                         401  401    401  401    200  200   200    200    401   200     401
GET     /api/v1/rules                                              401  401    401  401    200  200   200    200    401   200     401
POST    /api/v1/rules                                              401  401    401  401    201  201   403    403    401   201     401
GET     /api/v1/rules/{rule_id}                                    401  401    401  401    200  200   200    200    401   404     401
PATCH   /api/v1/rules/{rule_id}                                    401  401    401  401    200  200   403    403    401   404     401
DELETE  /api/v1/rules/{rule_id}                                    401  401    401  401    204  403   403    403    401   404     401
POST    /api/v1/rules/{rule_id}/stage                              401  401    401  401    200  200   403    403    401   404     401
POST    /api/v1/blocklists                                         401  401    401  401    201  201   201    403    401   201     401
PATCH   /api/v1/blocklists                                         401  401    401  401    200  200   200    403    401   404     401
DELETE  /api/v1/blocklists                                         401  401    401  401    204  403   403    403    401   404     401
PATCH   /api/v1/blocklists/{entry_id}                              401  401    401  401    200  200   200    403    401   404     401
DELETE  /api/v1/blocklists/{entry_id}                              401  401    401  401    204  403   403    403    401   404     401
POST    /api/v1/blocklists/import                                  401  401    401  401    202  202   202    403    401   202     401
GET     /api/v1/blocklists/import/{batch_id}                       401  401    401  401    200  200   200    200    401   404     401
POST    /api/v1/blocklists/import/{batch_id}/undo                  401  401    401  401    409  403   403    403    401   404     401

GET     /api/v1/jobs/{job_id}                                      401  401    401  401    200  200   200    403    401   404     401
POST    /api/v1/jobs/{job_id}/cancel                               401  401    401  401    200  200   200    403    401   404     401

POST    /api/v1/simulation/backtests                               401  401    401  401    202  202   202    403    401   400     401
GET     /api/v1/simulation/backtests/{backtest_id}                 401  401    401  401    200  200   200    403    401   404     401
GET     /api/v1/feeds                                              401  401    401  401    200  200   200    200    401   200     401
POST    /api/v1/feeds                                              401  401    401  401    201  403   403    403    401   201     401
GET     /api/v1/feeds/{code}                                       401  401    401  401    200  200   200    200    401   404     401
PATCH   /api/v1/feeds/{code}                                       401  401    401  401    200  403   403    403    401   404     401
POST    /api/v1/feeds/{code}/refresh                               401  401    401  401    202  403   403    403    401   404     401

GET     /api/v1/keys                                               401  401    401  401    200  200   200    403    401   200     401
POST    /api/v1/keys                                               401  401    401  401    201  403   403    403    401   201     401
GET     /api/v1/keys/{key_id}                                      401  401    401  401    200  200   200    403    401   404     401
PATCH   /api/v1/keys/{key_id}                                      401  401    401  401    200  403   403    403    401   404     401
POST    /api/v1/keys/{key_id}/revoke                               401  401    401  401    200  403   403    403    401   404     401
GET     /api/v1/submerchants                                       200  403    401  200    200  403   403    403    200   200     401
POST    /api/v1/submerchants                                       201  403    401  201    201  403   403    403    201   201     401
GET     /api/v1/submerchants/{submerchant_id}                      200  403    401  404    200  403   403    403    404   404     401
PATCH   /api/v1/submerchants/{submerchant_id}                      200  403    401  404    200  403   403    403    404   404     401
DELETE  /api/v1/submerchants/{submerchant_id}                      204  403    401  404    204  403   403    403    404   404     401

POST    /api/v1/simulation                                         401  401    401  401    200  200   200    403    401   200     401
POST    /api/v1/simulation/payout                                  401  401    401  401    200  200   200    403    401   200     401

GET     /api/v1/policy                                             401  401    401  401    200  200   200    200    401   200     401
GET     /api/v1/policy/versions                                    401  401    401  401    200  200   200    200    401   200     401
GET     /api/v1/policy/versions/{version}                          401  401    401  401    200  200   200    200    401   404     401
GET     /api/v1/policy/settings                                    401  401    401  401    200  200   200    200    401   200     401
PATCH   /api/v1/policy/settings                                    401  401    401  401    200  403   403    403    401   200     401
GET     /api/v1/policy/drafts                                      401  401    401  401    200  200   200    200    401   200     401
POST    /api/v1/policy/drafts                                      401  401    401  401    201  201   403    403    401   201     401
GET     /api/v1/policy/drafts/{draft_id}                           401  401    401  401    200  200   200    200    401   404     401
PATCH   /api/v1/policy/drafts/{draft_id}                           401  401    401  401    200  200   403    403    401   404     401
POST    /api/v1/policy/drafts/{draft_id}/propose                   401  401    401  401    200  200   403    403    401   404     401
POST    /api/v1/policy/drafts/{draft_id}/approve                   401  401    401  401    409  403   403    403    401   404     401
POST    /api/v1/policy/drafts/{draft_id}/take-back                 401  401    401  401    409  409   403    403    401   404     401
POST    /api/v1/policy/drafts/{draft_id}/discard                   401  401    401  401    200  403   403    403    401   404     401
POST    /api/v1/policy/drafts/{draft_id}/rebase                    401  401    401  401    200  200   403    403    401   404     401
GET     /api/v1/team/members                                       401  401    401  401    200  200   200    403    401   200     401
GET     /api/v1/team/members/{membership_id}                       401  401    401  401    200  200   200    403    401   404     401
PATCH   /api/v1/team/members/{membership_id}                       401  401    401  401    200  403   403    403    401   404     401
DELETE  /api/v1/team/members/{membership_id}                       401  401    401  401    204  403   403    403    401   404     401
GET     /api/v1/team/invitations                                   401  401    401  401    200  200   200    403    401   200     401
POST    /api/v1/team/invitations                                   401  401    401  401    201  403   403    403    401   201     401
POST    /api/v1/team/invitations/{invitation_id}/resend            401  401    401  401    200  403   403    403    401   404     401
POST    /api/v1/team/invitations/{invitation_id}/revoke            401  401    401  401    200  403   403    403    401   404     401

POST    /api/v1/keys/{key_id}/rotate                               401  401    401  401    201  403   403    403    401   404     401
"""

PUBLIC_ROUTES = {"/api/docs", "/api/schema", "/api/v1/health", "/api/v1/health/ready"}
OPEN_TO_ALL = {("POST", "/api/v1/auth/token"): "whoever asks for a token has none yet"}
OPEN_BY_METHOD = {
    ("GET", "/api/v1/assess"): "the catalog",
    ("GET", "/api/v1/assess/payout"): "the catalog",
    ("OPTIONS", "/api/v1/assess"): "a browser's preflight carries no credential",
}


def _read_table() -> dict[tuple[str, str], list[int]]:
    rows = [line.split() for line in TABLE.splitlines() if line and not line.startswith(" ")]
    table = {(row[0], row[1]): [int(status) for status in row[2:]] for row in rows}
    assert len(table) == len(rows), "a route stands in the table twice"
    return table


ROWS = _read_table()


def test_the_table_has_every_route_and_no_other() -> None:
    pages = {route.path for route in list_routes() if issubclass(route.view, PageView)}
    assert set(ROWS) == {(method, path) for method, path in list_operations() if path not in pages}


@pytest.mark.parametrize(("method", "path"), ROWS, ids=lambda value: value)
def test_each_credential_gets_what_the_table_says(method: str, path: str) -> None:
    found = {who: _call(method, path, who) for who in WHO}
    assert found == dict(zip(WHO, ROWS[method, path], strict=True))


def _call(method: str, path: str, who: str) -> int:
    """Make the call in a world of its own and return the status.

    A refusal wears the envelope and changes nothing; a stranger learns nothing and changes nothing.
    """
    world = World()
    before = world.owned()
    response = world.call(method, path, who)
    if response.status_code >= 400:
        assert set(response.json()["error"]) == {"code", "message", "details"}
    if response.status_code >= 400 or who.startswith("other"):
        assert world.owned() == before, who
    if who.startswith("other") and path != "/api/v1/auth/token":
        assert [name for name in world.names() if name in response.content.decode()] == [], who
    status: int = response.status_code
    return status


@pytest.mark.parametrize("path", sorted({path for method, path in ROWS if method == "GET"}))
def test_head_is_what_get_is_without_a_body(path: str) -> None:
    found = {who: World().call("HEAD", path, who) for who in WHO}
    assert {who: response.status_code for who, response in found.items()} == dict(
        zip(WHO, ROWS["GET", path], strict=True)
    )
    assert all(response.content == b"" for response in found.values())


@pytest.mark.parametrize("path", sorted({path for _, path in ROWS}))
def test_another_method_is_405_before_any_credential_is_asked_for(path: str) -> None:
    served = {method for method, served_path in ROWS if served_path == path}
    world = World()
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - served:
        response = world.call(method, path, "nobody")
        assert response.status_code == 405, method
        assert served <= set(response["Allow"].split(", ")), method
        if path.startswith("/api/") and method != "TRACE":
            assert response.json()["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_what_is_public_is_listed_here_by_name() -> None:
    public = {route.path for route in list_routes() if is_api(route) and route.view.permission == PUBLIC}
    assert public == PUBLIC_ROUTES
    by_method = {
        (method, route.path)
        for route in list_routes()
        if is_api(route) and isinstance(route.view.permission, dict)
        for method, permission in route.view.permission.items()
        if permission == PUBLIC
    }
    assert by_method == set(OPEN_TO_ALL)


def test_nobody_gets_in_anywhere_else() -> None:
    nobody = WHO.index("nobody")
    let_in = {row for row, statuses in ROWS.items() if statuses[nobody] < 400}
    public = {("GET", path) for path in PUBLIC_ROUTES}
    assert let_in == public | set(OPEN_TO_ALL) | set(OPEN_BY_METHOD)


def test_every_route_is_a_view_of_the_house() -> None:
    others = [route.path for route in list_routes() if not is_api(route) and not issubclass(route.view, PageView)]
    assert others == []


def test_a_session_in_the_other_environment_sees_nothing_of_this_one() -> None:
    world = World()
    before = world.owned()
    admin = bearer(session_token(world.signer))
    path = f"/api/v1/blocklists/{world.entry.id}?environment=production"
    headers: dict[str, Any] = {"content_type": "application/json", **admin}
    assert Client().patch(path, data={"reason": "seen again"}, **headers).status_code == 404
    assert Client().delete(path, **headers).status_code == 404
    listed = Client().get("/api/v1/blocklists?environment=production", **headers).json()
    assert (listed["data"], listed["total"]) == ([], 0)
    assert world.owned() == before
