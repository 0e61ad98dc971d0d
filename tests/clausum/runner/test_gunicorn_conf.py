"""The web server's configuration keeps keys out of logs."""

import logging
import subprocess
import sys

import pytest
from gunicorn.util import load_class

from clausum.runner import gunicorn_conf
from clausum.runner.shedding import SheddingWorker


@pytest.mark.parametrize(
    ("message", "arguments", "logged"),
    [
        (
            "Error handling request %s",
            ("/api/v1/assess?api_key=clm_sk_secret",),
            "Error handling request /api/v1/assess?…",
        ),
        ("GET /a?x=1&api_key=k HTTP/1.1 and /b?y=2", (), "GET /a?… HTTP/1.1 and /b?…"),
        ("100% sure", (), "100% sure"),
    ],
)
def test_no_query_string_reaches_the_error_log(message: str, arguments: tuple[str, ...], logged: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, message, arguments, None)
    assert gunicorn_conf.hide_query_string(record) is True
    assert record.getMessage() == logged


def test_the_filter_is_on_the_error_log_once_gunicorn_starts() -> None:
    logger = logging.getLogger("gunicorn.error")
    try:
        gunicorn_conf.on_starting(None)
        assert gunicorn_conf.hide_query_string in logger.filters
    finally:
        logger.removeFilter(gunicorn_conf.hide_query_string)


def test_there_is_no_access_log_and_its_format_names_no_query() -> None:
    assert gunicorn_conf.accesslog is None
    assert "%(q)s" not in gunicorn_conf.access_log_format
    assert "%(r)s" not in gunicorn_conf.access_log_format
    assert "%(f)s" not in gunicorn_conf.access_log_format


def test_no_proxy_is_trusted_by_gunicorn() -> None:
    assert gunicorn_conf.forwarded_allow_ips == ""


def test_a_worker_does_not_collect_what_was_loaded_in_the_midst_of_a_payment() -> None:
    """In a process of its own: what is frozen stays so."""
    code = "from clausum.runner.gunicorn_conf import post_worker_init as f; f(None); import gc; print(gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000


def test_the_worker_class_is_ours() -> None:
    assert load_class(gunicorn_conf.worker_class) is SheddingWorker
