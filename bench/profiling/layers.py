"""Which part of the system a line of code belongs to."""

from types import FrameType

# The first rule that fits wins; what fits none (the standard library) belongs to whoever called it.
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("SQL client (psycopg, core.sql)", ("/psycopg", "/core/sql", "/django/db/", "/core/unit_of_work.py")),
    (
        "reading the body",
        (
            *(
                "/core/strict_json.py",
                "/core/api/bodies.py",
                "/core/identifiers/",
                "/core/money.py",
                "/core/structs.py",
            ),
            *("/assess/reading/", "/assess/requests.py", "/phonenumbers/", "/stdnum/", "/idna/", "/publicsuffixlist/"),
        ),
    ),
    ("scoring", ("/assess/signals/", "/assess/scoring.py", "/assess/policy.py", "/rapidfuzz/")),
    ("idempotency", ("/assess/idempotency.py",)),
    (
        "recording",
        (
            *("/assess/recording.py", "/assess/rendering.py", "/transactions/recording.py", "/transactions/names.py"),
            *("/events/", "/core/ids.py"),
        ),
    ),
    (
        "gathering",
        (
            "/assess/gathering.py",
            "/assess/policies.py",
            "/transactions/",
            "/blocklists/",
            "/assess/deadline.py",
            "/assess/opening.py",
        ),
    ),
    ("admission (key, rate, permission)", ("/accounts/",)),
    ("the assessment's own service and view", ("/assess/",)),
    ("logging", ("/structlog/", "/core/logs.py", "/logging/")),
    ("Django and REST framework", ("/django/", "/rest_framework/", "/whitenoise/", "/core/", "/clausum/")),
)
ELSEWHERE = "elsewhere"


def find_layer(frame: FrameType | None) -> str:
    """Return the layer of the innermost frame that has one."""
    while frame is not None:
        layer = find_layer_of_file(frame.f_code.co_filename)
        if layer is not None:
            return layer
        frame = frame.f_back
    return ELSEWHERE


def find_layer_of_file(name: str) -> str | None:
    """Return the layer of a source file, None when it is nobody's."""
    return next((layer for layer, parts in _RULES if any(part in name for part in parts)), None)
