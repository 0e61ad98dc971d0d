"""Gunicorn's configuration, for the one-command runner and for production (`-c python:clausum.runner.gunicorn_conf`).

An API key may stand in a query string, so no query string reaches a log: the access log is off, its format has none
should it be switched on, and the error log is filtered.
"""

import gc
import logging
import os
import re
import sys

from django.apps import apps
from django.urls import get_resolver

worker_class = "clausum.runner.shedding.SheddingWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS") or 4)
keepalive = 15
timeout = 30
graceful_timeout = 8
max_requests = 0
forwarded_allow_ips = ""
control_socket_disable = True
accesslog = None
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(D)s'
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL") or "info"

QUERY_STRING = re.compile(r"\?\S*")


def hide_query_string(record: logging.LogRecord) -> bool:
    """Cut what follows a question mark from a log record, and let the record pass."""
    record.msg, record.args = QUERY_STRING.sub("?…", record.getMessage()), ()
    return True


def on_starting(_server: object) -> None:
    """Called by gunicorn when its loggers exist."""
    logging.getLogger("gunicorn.error").addFilter(hide_query_string)


def load_routes() -> None:
    """Import what Django would import in the first request, which would wait for it."""
    if apps.ready:
        _ = get_resolver().url_patterns


def when_ready(_server: object) -> None:
    """Called before the workers are forked; with `--preload` they then share the routes."""
    load_routes()


SWITCH_SECONDS = 0.001
"""How long one thread goes on while another wants to: a fifth of the usual, since a payment has few of them."""
YOUNG_OBJECTS = 10_000
"""After so many new objects that may be in cycles the collector looks at them: a payment makes few that are."""


def post_worker_init(_worker: object) -> None:
    """Called in each worker, before its first request."""
    sys.setswitchinterval(SWITCH_SECONDS)
    load_routes()
    _spare_collector()


def _spare_collector() -> None:
    """Take what was loaded out of the collector's sight: a look at all of it holds a payment up for 60 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
