"""The product's own source files, as text and as syntax trees."""

import ast
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = sorted(config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT)

PACKAGES = sorted([*APPS, "bench"])
"""What is held to the house's rules: the apps, and the benchmark, which is none."""


def list_modules(*, with_migrations: bool = False) -> list[Path]:
    """Return the Python files of every package of ours."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if with_migrations or "migrations" not in path.parts]


def list_tests() -> list[Path]:
    """Return the Python files of the test suite."""
    return sorted((ROOT / "tests").rglob("*.py"))


@cache
def parse(path: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int | None = None) -> str:
    """Return where that is, to be read in a failure."""
    name = str(path.relative_to(ROOT))
    return f"{name}:{line}" if line else name
