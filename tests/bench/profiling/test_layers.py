"""Whose a line of code is."""

import sys

import pytest

from bench.profiling.layers import ELSEWHERE, find_layer, find_layer_of_file

HOUSE = "/srv/clausum-1.0"
PACKAGES = "/srv/.venv/lib/python3.12/site-packages"


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        (f"{PACKAGES}/psycopg/cursor.py", "SQL client (psycopg, core.sql)"),
        (f"{HOUSE}/core/sql.py", "SQL client (psycopg, core.sql)"),
        (f"{PACKAGES}/django/db/transaction.py", "SQL client (psycopg, core.sql)"),
        (f"{PACKAGES}/django/core/handlers/base.py", "Django and REST framework"),
        (f"{HOUSE}/core/api/request_id.py", "Django and REST framework"),
        (f"{HOUSE}/assess/reading/payments.py", "reading the body"),
        (f"{HOUSE}/assess/signals/bot_pattern.py", "scoring"),
        (f"{HOUSE}/assess/services/assess_payment.py", "the assessment's own service and view"),
        (f"{HOUSE}/transactions/recording.py", "recording"),
        (f"{HOUSE}/transactions/history.py", "gathering"),
        (f"{HOUSE}/accounts/api/admission.py", "admission (key, rate, permission)"),
        ("/usr/lib/python3.12/json/decoder.py", None),
    ],
)
def test_a_file_belongs_to_one_layer(name: str, layer: str | None) -> None:
    assert find_layer_of_file(name) == layer


def test_a_library_belongs_to_whoever_calls_it() -> None:
    scope: dict[str, object] = {"look": lambda: find_layer(sys._getframe(1))}
    exec(compile("found = look()", f"{HOUSE}/assess/scoring.py", "exec"), scope)
    assert scope["found"] == "scoring"
    assert find_layer(None) == ELSEWHERE
