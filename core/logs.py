"""Structured logs: one JSON object a line, with the request id and never a value from a request."""

import logging
import sys
from typing import Any

import msgspec
import structlog

_is_configured = False


def _write_json(record: Any, **_options: Any) -> str:
    return msgspec.json.encode(record, enc_hook=repr).decode()


def configure_logs() -> None:
    """Send structlog's and the standard library's records to stderr as JSON; harmless when called again."""
    global _is_configured  # noqa: PLW0603  once per process
    if _is_configured:
        return
    _is_configured = True
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_write_json)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Django's own lines carry the path with its query, and with it an ?api_key=; ours carry the request id.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    logging.getLogger("django.security").setLevel(logging.CRITICAL)
