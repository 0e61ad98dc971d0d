"""Small functions, small modules, no drawers for leftovers (docs: house style)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import list_modules, list_tests, parse, place

LONGEST_FUNCTION = 60
USUAL_FUNCTION = 25
USUAL_SHARE = 0.9
LONGEST_MODULE = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{place(path, node.lineno)} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = [found for path in list_modules() for found in _functions(path)]
    assert [f"{name}: {length}" for name, length in lengths if length > LONGEST_FUNCTION] == []


def test_nine_functions_in_ten_are_short() -> None:
    lengths = [length for path in list_modules() for _, length in _functions(path)]
    assert sum(length <= USUAL_FUNCTION for length in lengths) / len(lengths) >= USUAL_SHARE


def test_no_module_is_long() -> None:
    modules = list_modules()
    assert [f"{place(path)}: {_lines(path)}" for path in modules if _lines(path) > LONGEST_MODULE] == []


def test_no_module_is_a_drawer_for_leftovers() -> None:
    modules = [*list_modules(with_migrations=True), *list_tests()]
    names = {place(path): {path.stem, path.parent.name} for path in modules}
    assert [name for name, parts in names.items() if parts & DRAWERS] == []


def test_every_module_with_code_says_what_it_is_for() -> None:
    empty = []
    for path in list_modules():
        tree = parse(path)
        has_code = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
        if has_code and path.name != "apps.py" and ast.get_docstring(tree) is None:
            empty.append(place(path))
    assert empty == []
