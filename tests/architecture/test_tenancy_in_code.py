"""The plain managers see every organization's rows: outside the kernel nobody names them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import list_modules, parse, place

BANNED = {"unscoped", "_default_manager", "_base_manager"}


def _uses(path: Path) -> Iterator[int]:
    for node in ast.walk(parse(path)):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Constant(value=str(name)) if name in BANNED:
                yield node.lineno


def test_no_module_outside_the_kernel_uses_an_unscoped_manager() -> None:
    modules = [path for path in list_modules() if "core" not in path.parts]
    assert [place(path, line) for path in modules for line in _uses(path)] == []


def test_every_look_across_organizations_gives_its_reason() -> None:
    silent = []
    for path in list_modules():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "across_organizations":
                reasons = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
                if not (reasons and isinstance(reasons[0], ast.Constant) and len(str(reasons[0].value)) > 15):
                    silent.append(place(path, node.lineno))
    assert silent == []
