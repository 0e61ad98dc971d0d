"""Who may import whom: import-linter's contracts hold, and no app is without one."""

import os
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.architecture.sources import APPS, PACKAGES, ROOT

BUSINESS = sorted(set(APPS) - {"clausum", "core"})


def _configuration() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return found


def _contract(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in _configuration()["contracts"] if each["id"] == name)
    return found


def test_the_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    wide = os.environ | {"COLUMNS": "160"}
    run = subprocess.run([*command, "--no-cache"], cwd=ROOT, env=wide, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_package_is_in_the_house() -> None:
    assert sorted(_configuration()["root_packages"]) == PACKAGES
    assert sorted(name for layer in _contract("house")["layers"] for name in layer.split(" | ")) == PACKAGES


def test_nothing_imports_the_benchmark() -> None:
    assert _contract("house")["layers"][0] == "bench"


@pytest.mark.parametrize("app", BUSINESS)
def test_every_module_of_an_app_has_a_place(app: str) -> None:
    contract = _contract(f"inside-{app}")
    assert contract["containers"] == [app]
    assert contract["exhaustive"] is True


@pytest.mark.parametrize("app", [app for app in BUSINESS if (ROOT / app / "models.py").exists()])
def test_every_apps_models_are_its_own(app: str) -> None:
    contract = _contract(f"models-{app}")
    assert contract["protected_modules"] == [f"{app}.models"]
    assert contract["allowed_importers"] == [app]


def test_all_rules_types_and_signals_are_pure() -> None:
    pure = set(_contract("pure")["source_modules"])
    for app in BUSINESS:
        for part in ("rules", "types", "signals", "scoring", "kinds"):
            if (ROOT / app / part).exists() or (ROOT / app / f"{part}.py").exists():
                assert f"{app}.{part}" in pure
