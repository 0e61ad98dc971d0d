"""Every task, every command and every service has a test that names it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import get_commands

import clausum.celery  # noqa: F401  registers the tasks of all apps
from clausum.settings import CELERY_BEAT_SCHEDULE
from tests.architecture.sources import APPS, list_modules, list_tests, parse, place


@cache
def _tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in list_tests() if "architecture" not in path.parts)


def _is_task(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any("shared_task" in ast.unparse(one) for one in node.decorator_list)


def _tasks() -> Iterator[tuple[str, str]]:
    for path in list_modules():
        if path.name == "tasks.py":
            yield from ((path.parent.name, node.name) for node in parse(path).body if _is_task(node))  # type: ignore[attr-defined]


COMMANDS = sorted(name for name, app in get_commands().items() if app in APPS)
TASKS = sorted(_tasks())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_called_in_some_test(name: str) -> None:
    is_called = re.search(rf"""["']{name}["']""", _tests()) is not None
    assert is_called, f"no test calls manage.py {name}"


@pytest.mark.parametrize(("app", "name"), TASKS)
def test_a_task_is_called_in_some_test(app: str, name: str) -> None:
    imported = rf"from {app}\.tasks import [^\n]*\b{name}\b|from {app}\.tasks import \([^)]*\b{name}\b"
    called = rf"\btasks\.{name}\b"
    is_called = re.search(f"{imported}|{called}", _tests()) is not None
    assert is_called, f"no test calls {app}.tasks.{name}"


def test_every_scheduled_task_exists() -> None:
    current_app.loader.import_default_modules()
    scheduled = {str(entry["task"]) for entry in CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= {f"{app}.tasks.{name}" for app, name in TASKS}
    assert scheduled <= set(current_app.tasks)


def test_every_service_is_called_by_a_test_or_by_something_of_ours() -> None:
    everything = "\n".join([_tests(), *(path.read_text(encoding="utf-8") for path in list_modules())])
    services = [path for path in list_modules() if path.parent.name == "services" and path.stem != "__init__"]
    unused = [path for path in services if not re.search(_import_of(path), everything)]
    assert [place(path) for path in unused] == []


def _import_of(service: Path) -> str:
    package, name = f"{service.parent.parent.name}.services", service.stem
    return rf"from {package}\.{name} import|from {package} import [^\n]*\b{name}\b"
