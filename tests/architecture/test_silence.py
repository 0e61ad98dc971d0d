"""Nothing that a client writes reaches a log or the text of an error: not a key, not an account, not a name.

Every endpoint is called on a real server, under gunicorn's production configuration, with bodies, headers, paths and
query strings full of marked secrets; then its whole output and every refusal are searched for them.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote

import pytest

from clausum.api.docs import make_document
from tests.architecture.routing import list_operations
from tests.architecture.world import World
from tests.web import Answer, Web, _free_port, _wait_until_served, database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CARD = "4111111111111111"
SECRETS = {
    "key": "clm_sk_abcdefghijkl_SentinelSentinelSentinelSentinel",
    "password": "sentinel-password",
    "email": "sentinel.person@example.com",
    "clabe": "646180987654321098",
    "iban": "DE89370400440532013000",
    "phone": "+5215598765432",
    "name": "Sentinela Pérez",
    "card": CARD,
    "spaced card": "4111 1111 1111 1111",
    "token": "eyJhbGciOiJIUzI1NiJ9.sentinel.sentinel",
    "word": "SENTINELWORD",
}
MANAGEMENT = ("/api/v1/auth", "/api/v1/blocklists", "/api/v1/keys", "/api/v1/team")
LOGGED = {"method", "route", "status", "ms", "event", "request_id", "level", "timestamp", "kind", "where", "sqlstate"}


@contextmanager
def _logged_web() -> Iterator[tuple[Web, IO[bytes]]]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "clausum.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    given = os.environ | {"DATABASE_URL": database_url(), "CLAUSUM_MODE": "test", "WEB_CONCURRENCY": "1"}
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "-c", "python:clausum.runner.gunicorn_conf"], env=given, stdout=log, stderr=log
        )
        try:
            _wait_until_served(Web(port), process, log)
            yield Web(port), log
        finally:
            process.terminate()
            process.wait(timeout=30)


def _payment(**fields: Any) -> dict[str, Any]:
    return {
        "amount": 1500,
        "currency": "MXN",
        "email": SECRETS["email"],
        "phone": SECRETS["phone"],
        "beneficiary": {"name": SECRETS["name"], "clabe": SECRETS["clabe"], "iban": SECRETS["iban"], "country": "MX"},
        "metadata": {"note": SECRETS["word"]},
    } | fields


def _wrong() -> dict[str, Any]:
    """Return a body whose every field, of every endpoint, is a secret of the wrong kind."""
    fields = "amount currency list_type value severity flow_scope reason source outcome type environment permissions"
    fields += " session_id email password otp organization_id overlap_hours allowed_ips allowed_origins expires_at id"
    return dict.fromkeys(fields.split(), SECRETS["word"]) | {"beneficiary": [SECRETS["name"]]}


def _bodies() -> list[bytes]:
    objects = [
        _payment(),
        _payment(amount=SECRETS["word"]),
        _payment(amount_unit="major", amount=1.2345),
        _payment(currency=SECRETS["word"]),
        _payment(beneficiary={"clabe": SECRETS["clabe"] + "1"}),
        _payment(metadata={SECRETS["card"]: SECRETS["card"]}),
        _payment(metadata={"note": SECRETS["spaced card"]}),
        _payment(**{SECRETS["word"]: SECRETS["email"]}),
        _wrong(),
        {"list_type": "clabe", "value": SECRETS["clabe"] + "1"},
        {"list_type": "email", "value": SECRETS["email"] + "@", "reason": SECRETS["name"]},
        {"list_type": "card_hash", "value": SECRETS["card"]},
        {"email": SECRETS["email"], "password": SECRETS["password"]},
        {"name": SECRETS["name"], "type": "secret", "allowed_ips": [SECRETS["word"]], "permissions": [SECRETS["word"]]},
        {"name": SECRETS["name"], "type": "publishable", "allowed_origins": [SECRETS["word"]]},
        {"name": SECRETS["name"], "type": "secret"},
        {"list_type": "email", "value": SECRETS["email"], "reason": SECRETS["name"]},
        {"list_type": "email", "value": SECRETS["email"], "severity": "flag"},
        {"session_id": SECRETS["word"], SECRETS["word"]: SECRETS["clabe"]},
        {"outcome": "released", SECRETS["word"]: 1},
    ]
    everything = " ".join(SECRETS.values())
    broken = [
        f'{{"email": "{SECRETS["email"]}", "clabe": {SECRETS["clabe"]}'.encode(),
        f'{{"{SECRETS["word"]}": 1, "{SECRETS["word"]}": 2}}'.encode(),
        json.dumps([everything]).encode(),
        everything.encode(),
        everything.encode("utf-16"),
    ]
    return [*(json.dumps(each).encode() for each in objects), *broken]


_IN_PATH = re.compile(r"\{\w+\}")


def _call_everything(web: Web, world: World) -> Iterator[Answer]:
    names = ("limit", "cursor", "flow", "list_type", "search", "environment")
    query = "&".join(f"{name}={quote(SECRETS['word'])}" for name in names)
    taking_bodies = _list_taking_bodies()
    for method, template in sorted(list_operations()):
        path = world.path(template)
        wrong_path = _IN_PATH.sub(SECRETS["word"], template)
        yield web._call(method, f"{path}?api_key={SECRETS['key']}&{query}", None, {})
        headers = _headers(world, "admin" if path.startswith(MANAGEMENT) else "secret")
        yield web._call(method, f"{path}?{query}", None, headers)
        yield web._call(method, wrong_path, b"{}", headers | {"X-Clausum-As-Of": SECRETS["word"]})
        if (method, template) in taking_bodies:
            for body in _bodies():
                yield web._call(method, path, body, headers)
            yield web._call(method, path, _bodies()[0], _headers(world, "publishable"))
    for credential in (SECRETS["key"], SECRETS["token"]):
        for path in ("/api/v1/assess", "/api/v1/keys", f"/api/v1/{SECRETS['word']}", f"/{SECRETS['word']}"):
            sent = {"Authorization": f"Bearer {credential}", "Origin": f"https://{SECRETS['word']}"}
            yield web._call("POST", path, b"{}", sent)


def _list_taking_bodies() -> set[tuple[str, str]]:
    paths = make_document()["paths"]
    return {
        (method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }


def _headers(world: World, who: str) -> dict[str, str]:
    return {"Authorization": world.headers(who)["HTTP_AUTHORIZATION"], "Content-Type": "application/json"}


def test_no_secret_reaches_a_log_or_an_error() -> None:
    world = World()
    with _logged_web() as (web, log):
        answers = list(_call_everything(web, world))
        log.seek(0)
        output = log.read().decode()

    statuses = {answer.status for answer in answers}
    assert {200, 201, 204, 400, 401, 403, 404, 409, 415} <= statuses
    assert [answer.body for answer in answers if answer.status >= 500] == []

    keys = [world.headers("secret")["HTTP_AUTHORIZATION"].removeprefix("Bearer ").rsplit("_", 1)[0]]
    secrets = [*SECRETS.values(), *keys]
    refusals = [answer.body.decode() for answer in answers if answer.status >= 400]
    assert [refusal for refusal in refusals if any(secret in refusal for secret in secrets)] == []

    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert len(lines) >= len(answers)
    assert {name for line in lines for name in line} <= LOGGED
    assert [line for line in output.splitlines() if any(secret in line for secret in secrets)] == []
